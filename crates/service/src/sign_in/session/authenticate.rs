//! Identifies the caller by an access token.

use kernel::{AccountId, SessionId, TokenKind, UserId};
use permissions::PermissionSet;
use store::{
    Conn,
    tables::{
        directory::{user_permissions, users},
        sign_in::sessions::{self, StoredSession},
    },
};

use crate::base::{
    error::{Error, Result},
    model::{Actor, Credential, SignedIn, Source},
    service::Service,
    tokens::{Claims, Verification},
};

/// A live session, and what its user holds.
pub(super) struct Live {
    pub(super) session: StoredSession,
    pub(super) username: String,
    pub(super) permissions: PermissionSet,
}

impl Service {
    /// Who sends this access token or API key from `source`. What it allows is read from the database at every request:
    /// what has ended, or was disabled or revoked, is invalid at once.
    ///
    /// # Errors
    /// [`Error::InvalidToken`].
    pub async fn authenticate(&self, token: &str, source: Source) -> Result<Actor> {
        if token.starts_with(TokenKind::ApiKey.prefix()) {
            return self.authenticate_key(token, source).await;
        }
        let claims = self.verify_access_token(token).await?.ok_or(Error::InvalidToken)?;
        let live = self.live_session(&claims).await?.ok_or(Error::InvalidToken)?;
        Ok(Actor {
            account_id: live.session.account_id,
            credential: Credential::Session(SignedIn {
                user_id: live.session.user_id,
                session_id: live.session.id,
                auth_time: live.session.auth_time,
            }),
            name: live.username,
            permissions: live.permissions,
            source,
        })
    }

    /// The claims of an access token that was issued here and is valid now, as far as the token itself can tell.
    pub(super) async fn verify_access_token(&self, token: &str) -> Result<Option<Claims>> {
        let now = self.core.now();
        let mut verification = self.core.keys.verify(token, now);
        // Another node may have just created the key.
        if matches!(verification, Verification::UnknownKey) && self.core.keys.may_ask(now) {
            self.load_signing_keys().await?;
            verification = self.core.keys.verify(token, now);
        }
        match verification {
            Verification::Valid(claims) => Ok(Some(*claims)),
            Verification::Invalid | Verification::UnknownKey => Ok(None),
        }
    }

    /// The session that a token names, if it is alive and its user may sign in: user and account are active.
    pub(super) async fn live_session(&self, claims: &Claims) -> Result<Option<Live>> {
        let (Ok(account), Ok(session), Ok(user)) = (claims.account.parse(), claims.sid.parse(), claims.sub.parse())
        else {
            return Ok(None);
        };
        let now = self.core.now();
        self.store
            .read(move |conn| Ok(look(conn, account, session, user)?.filter(|live| live.session.session.is_alive(now))))
            .await
    }
}

fn look(conn: &mut Conn, account: AccountId, session: SessionId, user: UserId) -> Result<Option<Live>> {
    let Some(session) = sessions::by_id(conn, account, session)?.filter(|session| session.user_id == user) else {
        return Ok(None);
    };
    let Some(user) = users::active(conn, account, user)? else { return Ok(None) };
    let permissions = user_permissions::of_user(conn, account, user.id)?;
    Ok(Some(Live { session, username: user.username, permissions }))
}
