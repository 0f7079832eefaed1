//! Checks again, right before sending, whether a message should still be sent.

use std::time::SystemTime;

use kernel::{PlainToken, Time, TokenKind};
use mail::Letter;
use store::{
    Conn,
    tables::{
        base::outbox::Begun,
        directory::{
            accounts::{self, Account},
            users::{self, User},
        },
    },
};

use super::text::{self, Words};
use crate::base::outbox::{ACTIVATION, PASSWORD_EXPIRES, open};
use crate::{
    authority::activation_codes::working,
    base::{
        error::{Error, Result},
        service::Core,
    },
    jobs::maintenance::still_due,
};

/// How often to read a user who changes at each read.
const TRIES: usize = 5;

/// The letter, if it is still due: its user can sign in, and the address and the occasion are those of when it was
/// queued.
pub(super) fn letter(conn: &mut Conn, core: &Core, message: &Begun, now: Time) -> Result<Option<Letter>> {
    if message.send_before.is_some_and(|until| until <= now) {
        return Ok(None);
    }
    for _ in 0..TRIES {
        let Some(account) = accounts::active(conn, message.account_id)? else { return Ok(None) };
        let Some(user) = users::active(conn, account.id, message.user_id)? else { return Ok(None) };
        let Some(to) = user.email.clone().filter(|to| mail::is_deliverable(to)) else { return Ok(None) };
        let words = match message.kind.as_str() {
            ACTIVATION => activation(conn, core, message, (&account, &user), now)?,
            PASSWORD_EXPIRES => still_due(conn, &user, &message.once_key, now)?
                .map(|(reminder, expires_at)| text::password_expires(&account, &user, expires_at, reminder.days_left)),
            _ => return Err(Error::Internal(format!("message {} is of an unknown kind", message.id))),
        };
        // A working code must not go to the previous address: the user must be unchanged.
        let same = users::active(conn, account.id, user.id)?.is_some_and(|again| again.version == user.version);
        if same {
            let (id, written_at) = (message.id.to_string(), SystemTime::from(message.created_at));
            return Ok(words.map(|Words { subject, text }| Letter { to, subject, text, id, written_at }));
        }
    }
    Err(Error::Overloaded)
}

fn activation(
    conn: &mut Conn,
    core: &Core,
    message: &Begun,
    (account, user): (&Account, &User),
    now: Time,
) -> Result<Option<Words>> {
    let sealed = message.sealed.as_deref();
    let sealed = sealed.ok_or_else(|| Error::Internal(format!("message {} has lost its code", message.id)))?;
    let kept = open(core, message.id, sealed)?;
    if user.email.as_ref() != Some(&kept.to) {
        return Ok(None);
    }
    let code = PlainToken::parse(TokenKind::Activation, &kept.code);
    let code = code.map_err(|_| Error::Internal(format!("message {} has an invalid code", message.id)))?;
    match working(conn, code.digest(), now) {
        Ok(found) => {
            let url = core.settings.activation_url.as_ref();
            Ok(Some(text::activation(account, user, &kept.code, found.expires_at, url)))
        }
        // Used, replaced, or void because of what its issuer holds now.
        Err(Error::InvalidCode { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}
