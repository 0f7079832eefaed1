//! Reads the signed-in user.

use store::tables::{
    directory::users,
    sign_in::{recovery_codes, sessions},
};

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

/// The signed-in user.
#[derive(Debug)]
pub struct Me {
    /// The user.
    pub user: UserView,
    /// The user's account.
    pub account: AccountView,
    /// The session of the request.
    pub session: SessionView,
    /// `None` for a user who has never got any.
    pub recovery_codes: Option<RecoveryCodes>,
}

/// What the user has left for the day when the device is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryCodes {
    /// How many are unused.
    pub left: u32,
    /// Whether the user has said that they have kept them.
    pub acknowledged: bool,
}

impl Service {
    /// The signed-in user, the account and the session of this request.
    ///
    /// # Errors
    /// [`Error::InvalidToken`] when they are gone.
    pub async fn me(&self, actor: &Actor) -> Result<Me> {
        let SignedIn { user_id: user, session_id: session, .. } = *actor.session()?;
        let (account, now) = (actor.account_id, self.core.now());
        self.store
            .read(move |conn| {
                let gone = || Error::InvalidToken;
                let user = users::by_id(conn, account, user)?.ok_or_else(gone)?;
                let account = view(conn, account).map_err(|why| if why == Error::NotFound { gone() } else { why })?;
                let session = sessions::by_id(conn, account.id, session)?.ok_or_else(gone)?;
                let codes = recovery_codes::left(conn, account.id, user.id)?.map(|codes| RecoveryCodes {
                    left: u32::try_from(codes.left).unwrap_or(u32::MAX),
                    acknowledged: codes.acknowledged,
                });
                let session = SessionView::of(&session);
                Ok(Me { user: view_one(conn, &user, now)?, account, session, recovery_codes: codes })
            })
            .await
    }
}
