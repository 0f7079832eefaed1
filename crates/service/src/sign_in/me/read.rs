//! Reads the signed-in user.

use store::tables::{directory::users, sign_in::sessions};

use crate::{
    base::{
        error::{Error, Result},
        model::{Actor, SignedIn},
        service::Service,
    },
    directory::{
        accounts::{AccountView, view},
        users::{UserView, view_one},
    },
    sign_in::SessionView,
};

impl Service {
    /// The signed-in user, the account and the session of this request.
    pub async fn me(&self, actor: &Actor) -> Result<(UserView, AccountView, SessionView)> {
        let SignedIn { user_id: user, session_id: session, .. } = *actor.session()?;
        let (account, now) = (actor.account_id, self.core.now());
        self.store
            .read(move |conn| {
                let gone = || Error::InvalidToken;
                let user = users::by_id(conn, account, user)?.ok_or_else(gone)?;
                let account = view(conn, account).map_err(|why| if why == Error::NotFound { gone() } else { why })?;
                let session = sessions::by_id(conn, account.id, session)?.ok_or_else(gone)?;
                Ok((view_one(conn, &user, now)?, account, SessionView::of(&session)))
            })
            .await
    }
}
