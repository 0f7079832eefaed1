//! Signs a user out.

use auth::session::Ended;
use store::tables::{directory::users, sign_in::sessions};

use crate::base::{
    audit::Action,
    error::{Error, Result},
    model::{Actor, SignedIn},
    service::Service,
};

impl Service {
    /// Ends the session of this request. Its tokens are invalid at once.
    pub async fn logout(&self, actor: &Actor) -> Result<()> {
        let SignedIn { user_id: user, session_id: session, .. } = *actor.session()?;
        let (account, actor) = (actor.account_id, actor.clone());
        self.transact(move |tx| {
            let user = users::lock(tx.conn, account, user)?.ok_or(Error::InvalidToken)?;
            if sessions::end(tx.conn, account, session, Ended::Logout)? {
                let ended = actor.did(Action::SessionEnded).on(&user);
                tx.record(account, ended.with("session_id", session.to_string()));
            }
            Ok(())
        })
        .await
    }
}
