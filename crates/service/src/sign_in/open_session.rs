//! Opens a session.

use auth::{Amr, session::Session};
use kernel::{Id, OsRandom, PlainToken, Time, TokenKind};
use secrecy::SecretString;
use store::tables::sign_in::{
    refresh_tokens,
    sessions::{self, StoredSession},
};

use super::SignInState;
use crate::{
    base::{audit::Action, error::Result, model::Source, service::Core, tokens::Claims, tx::Tx},
    directory::users::UserView,
    sign_in::{Authenticated, SessionView},
};

/// A session in the database; its access token is signed after the commit.
pub(crate) struct Opened {
    pub(crate) session: StoredSession,
    pub(crate) refresh_token: PlainToken,
    pub(crate) user: UserView,
}

/// The tokens of a session, on their way to the client.
pub(crate) enum Issued {
    /// To be signed after the commit, where it holds nobody up.
    Unsigned(Box<Opened>),
    /// Signed in the transaction, in which the reply was kept too.
    Signed(Box<Authenticated>),
}

impl Issued {
    /// The reply with them.
    pub(crate) fn signed(self, core: &Core, now: Time) -> Result<Authenticated> {
        match self {
            Self::Unsigned(opened) => core.authenticated(*opened, now),
            Self::Signed(reply) => Ok(*reply),
        }
    }
}

/// Begins a session, from `source`, for a user who has completed all steps.
pub(crate) fn open_session(tx: &mut Tx<'_>, source: &Source, state: &SignInState, amr: Amr) -> Result<Opened> {
    let now = tx.now;
    let (account_id, user_id) = (state.account.id, state.user.id);
    let session = StoredSession {
        account_id,
        id: Id::generate(now, &mut OsRandom),
        user_id,
        amr,
        auth_time: now,
        created_at: now,
        session: Session::begin(tx.core.settings.sessions, now),
    };
    sessions::insert(tx.conn, &session)?;
    let refresh_token = PlainToken::generate(TokenKind::Refresh, &mut OsRandom);
    refresh_tokens::insert(tx.conn, refresh_token.digest(), account_id, session.id, now)?;
    let started = source.user(&state.user, Action::SessionStarted).on(&state.user);
    let started = started.with("session_id", session.id.to_string());
    tx.record(account_id, started.with_list("amr", amr.values().iter().copied()));
    Ok(Opened { session, refresh_token, user: state.view(now) })
}

impl Core {
    /// Signs the access token of a session that is in the database.
    pub(crate) fn access_token(
        &self,
        session: &StoredSession,
        user: &UserView,
        now: Time,
    ) -> Result<(SecretString, u32)> {
        // A token must not outlive its session.
        let lifetime = self.settings.access_token_lifetime.min(session.session.expires_at - now);
        let issued = now.timestamp();
        let claims = Claims {
            iss: self.keys.issuer().to_owned(),
            aud: self.keys.audience().to_owned(),
            sub: session.user_id.to_string(),
            sid: session.id.to_string(),
            account: session.account_id.to_string(),
            permissions: user.permissions.clone(),
            amr: session.amr.values().iter().map(|&value| value.to_owned()).collect(),
            auth_time: session.auth_time.timestamp(),
            iat: issued,
            nbf: issued,
            exp: issued.saturating_add(lifetime.num_seconds()),
            jti: Id::<Claims>::generate(now, &mut OsRandom).to_string(),
        };
        Ok((self.keys.sign(&claims)?, u32::try_from(lifetime.num_seconds()).unwrap_or(0)))
    }

    /// The reply with the session.
    fn authenticated(&self, opened: Opened, now: Time) -> Result<Authenticated> {
        let Opened { session, refresh_token, user } = opened;
        let (access_token, expires_in) = self.access_token(&session, &user, now)?;
        Ok(Authenticated { access_token, expires_in, refresh_token, session: SessionView::of(&session), user })
    }
}
