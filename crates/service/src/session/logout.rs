//! Signing out.

use auth::session::Ended;
use store::tables::{sessions, users};

use crate::{Actor, Result, SignedIn, service::Service};

impl Service {
    /// Ends the session of this request. Its tokens do not count from this moment on.
    pub async fn logout(&self, actor: &Actor) -> Result<()> {
        let SignedIn { user_id: user, session_id: session, .. } = *actor.session()?;
        let account = actor.account_id;
        self.store
            .write(move |conn| {
                users::lock(conn, account, user)?;
                Ok(sessions::end(conn, account, session, Ended::Logout)?)
            })
            .await
    }
}
