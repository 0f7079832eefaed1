//! Records, in a login that goes on, that the user has kept the recovery codes.

use auth::challenge::Next;
use kernel::PlainToken;
use store::tables::sign_in::{authenticators::Authenticator, recovery_codes};

use super::open_challenge::OpenChallenge;
use crate::{
    base::{
        audit::Action,
        error::{Error, Result},
        model::Source,
        service::Service,
    },
    sign_in::no_recovery_codes,
};

impl Service {
    /// Records that the user has kept the recovery codes that this login has shown. Nothing else of the login changes.
    ///
    /// # Errors
    /// [`Error::WrongStep`] before the second factor is proven; [`Error::Conflict`] for a login that has shown none;
    /// [`Error::ChallengeInvalid`].
    pub async fn acknowledge_recovery_codes_at_login(&self, token: &PlainToken, source: &Source) -> Result<()> {
        let (digest, source) = (token.digest(), source.clone());
        self.transact(move |tx| {
            let open = OpenChallenge::by_token(tx.conn, digest, &source)?;
            match open.next(tx.now)? {
                Next::PasswordChange | Next::Session if open.stored.challenge.proof.is_some() => {}
                next @ (Next::TotpEnrollment | Next::Totp | Next::PasswordChange | Next::Session) => {
                    return Err(Error::WrongStep { next });
                }
            }
            let (account, user) = open.owner();
            recovery_codes::left(tx.conn, account, user)?.ok_or_else(no_recovery_codes)?;
            let enrolled_here = |it: &Authenticator| it.confirmed_at >= open.stored.created_at;
            if !open.state.device.as_ref().is_some_and(enrolled_here) {
                return Err(Error::Conflict("this login has shown no recovery codes".to_owned()));
            }
            if recovery_codes::acknowledge(tx.conn, account, user)? {
                tx.record(account, open.event(Action::RecoveryCodesAcknowledged));
            }
            Ok(())
        })
        .await
    }
}
