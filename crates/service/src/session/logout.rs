//! Signing out.

use auth::session::Ended;
use store::tables::{sessions, users};

use crate::{Actor, Result, service::Service};

impl Service {
    /// Ends the session of this request. Its tokens do not count from this moment on.
    pub async fn logout(&self, actor: &Actor) -> Result<()> {
        let (account, user, session) = (actor.account_id, actor.user_id, actor.session_id);
        self.store
            .write(move |conn| {
                users::lock(conn, account, user)?;
                Ok(sessions::end(conn, account, session, Ended::Logout)?)
            })
            .await
    }
}
