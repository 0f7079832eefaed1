//! Handing out a code.

use kernel::{AccountId, OsRandom, PlainToken, Time, TokenKind, UserId};
use store::{
    Conn,
    tables::activations::{self, Activation},
};

use crate::{Actor, Result, service::Core};

/// An activation code that was handed out.
#[derive(Debug)]
pub struct IssuedActivation {
    /// The code, shown once.
    pub code: PlainToken,
    /// When it stops to work.
    pub expires_at: Time,
}

/// Makes a new code; older ones of the user are void. `issuer`: who hands it out; `None`: the operator.
pub(crate) fn issue_activation(
    conn: &mut Conn,
    core: &Core,
    issuer: Option<&Actor>,
    account_id: AccountId,
    user_id: UserId,
    now: Time,
) -> Result<IssuedActivation> {
    let code = PlainToken::generate(TokenKind::Activation, &mut OsRandom);
    let expires_at = now + core.settings.activation_lifetime;
    let activation = Activation {
        token_digest: code.digest(),
        account_id,
        user_id,
        issuer: issuer.map(Actor::answerable),
        created_at: now,
        expires_at,
    };
    activations::replace(conn, &activation)?;
    Ok(IssuedActivation { code, expires_at })
}
