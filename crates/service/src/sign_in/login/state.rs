//! Reads the state of a login.

use kernel::PlainToken;

use super::open_challenge::OpenChallenge;
use crate::{
    base::{error::Result, model::Source, service::Service},
    sign_in::{ChallengeView, LoginResult},
};

impl Service {
    /// The next step of this login under the current policies: a page that was reloaded resumes from here.
    ///
    /// # Errors
    /// [`crate::base::error::Error::ChallengeInvalid`].
    pub async fn login_state(&self, token: PlainToken, source: &Source) -> Result<ChallengeView> {
        let (digest, source, now) = (token.digest(), source.clone(), self.core.now());
        let step = self
            .store
            .write(move |conn| {
                let open = OpenChallenge::by_token(conn, digest, &source)?;
                let next = open.next(now)?;
                open.step(conn, next, now)
            })
            .await?;
        match step.into_result(&self.core, token, now)? {
            LoginResult::Challenge(view) => Ok(*view),
            LoginResult::Authenticated(_) => {
                Err(crate::base::error::Error::Internal("a look began a session".to_owned()))
            }
        }
    }
}
