//! Issues an activation code.

use kernel::{OsRandom, PlainToken, TokenKind};
use store::tables::directory::{
    activations::{self, Activation},
    address_authors,
    users::User,
};

use crate::base::{
    audit::{Action, by_operator},
    error::Result,
    model::{Actor, IssuedActivation},
    outbox::queue_activation,
    tx::Tx,
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
    tx: &mut Tx<'_>,
    issuer: Option<&Actor>,
    user: &User,
    way: Way,
) -> Result<IssuedActivation> {
    let code = PlainToken::generate(TokenKind::Activation, &mut OsRandom);
    let expires_at = tx.now + tx.core.settings.activation_lifetime;
    let mailed_to = match way {
        Way::ByHand => None,
        Way::ByMail { .. } => Some(address_authors::of_user(tx.conn, user.account_id, user.id)?),
    };
    let activation = Activation {
        token_digest: code.digest(),
        account_id: user.account_id,
        user_id: user.id,
        issuer: issuer.map(Actor::author),
        mailed_to,
        created_at: tx.now,
        expires_at,
    };
    activations::replace(tx.conn, &activation)?;
    let issued = issuer.map_or_else(|| by_operator(Action::ActivationIssued), |by| by.did(Action::ActivationIssued));
    let (event, issued) = (issued.on(user), IssuedActivation { code, expires_at });
    let event = match way {
        Way::ByHand => event,
        Way::ByMail { field } => {
            queue_activation(tx, user, &issued, field)?;
            event.with("by_mail", true)
        }
    };
    tx.record(user.account_id, event);
    Ok(issued)
}
