//! Issues an activation code.

use kernel::{OsRandom, PlainToken, Time, TokenKind};
use store::{
    Conn,
    tables::directory::{
        activations::{self, Activation},
        address_authors,
        users::User,
    },
};

use crate::base::{
    audit::{Action, Journal, by_operator},
    error::Result,
    model::{Actor, IssuedActivation},
    outbox::queue_activation,
    service::Core,
};

/// How a code reaches its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The caller hands it over.
    ByHand,
    /// It is sent by mail, too.
    ByMail {
        /// The request's field that asks for mail.
        field: &'static str,
    },
}

/// Makes a new code and records that; the user's older codes become void. `issuer`: who issues it; `None`: the
/// operator.
///
/// # Errors
/// With [`Way::ByMail`] those of [`queue_activation`].
pub(crate) fn issue_activation(
    conn: &mut Conn,
    audit: &mut Journal,
    core: &Core,
    issuer: Option<&Actor>,
    user: &User,
    way: Way,
    now: Time,
) -> Result<IssuedActivation> {
    let code = PlainToken::generate(TokenKind::Activation, &mut OsRandom);
    let expires_at = now + core.settings.activation_lifetime;
    let mailed_to = match way {
        Way::ByHand => None,
        Way::ByMail { .. } => Some(address_authors::of_user(conn, user.account_id, user.id)?),
    };
    let activation = Activation {
        token_digest: code.digest(),
        account_id: user.account_id,
        user_id: user.id,
        issuer: issuer.map(Actor::author),
        mailed_to,
        created_at: now,
        expires_at,
    };
    activations::replace(conn, &activation)?;
    let issued = issuer.map_or_else(|| by_operator(Action::ActivationIssued), |by| by.did(Action::ActivationIssued));
    let (event, issued) = (issued.on(user), IssuedActivation { code, expires_at });
    let event = match way {
        Way::ByHand => event,
        Way::ByMail { field } => {
            queue_activation(conn, core, user, &issued, field, now)?;
            event.with("by_mail", true)
        }
    };
    audit.record(user.account_id, event);
    Ok(issued)
}
