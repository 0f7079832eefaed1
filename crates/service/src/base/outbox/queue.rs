//! Queues a mail with an activation code.

use kernel::{Id, OsRandom};
use serde::{Deserialize, Serialize};
use store::tables::{
    base::outbox::{self, Message},
    directory::users::User,
};
use zeroize::Zeroizing;

use super::ACTIVATION;
use crate::base::{
    error::{Error, Result},
    model::IssuedActivation,
    seal::Purpose,
    service::Core,
    throttling,
    tx::Tx,
};

/// The secret part of a mail with a code: the code and the address.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) to: String,
    pub(crate) code: String,
}

/// Queues a mail with the code to its user. `field`: the field of the request that asks for it. The caller has locked
/// the user.
///
/// # Errors
/// [`Error::Conflict`] when no mail server is configured; [`Error::Validation`] names `field` when the user has no
/// address that a mail can be sent to; [`Error::TooManyRequests`] when this user, or this address, was sent too many
/// lately.
pub(crate) fn queue_activation(
    tx: &mut Tx<'_>,
    user: &User,
    issued: &IssuedActivation,
    field: &'static str,
) -> Result<()> {
    tx.core.must_send_mail()?;
    let Some(to) = user.email.clone().filter(|to| mail::is_deliverable(to)) else {
        return Err(Error::field(field, "no_address", "the user has no email address that a mail can be sent to"));
    };
    throttling::count_mail(tx.conn, user, &to, &tx.core.settings.throttles.mails_to_user, tx.now)?;
    let id = Id::generate(tx.now, &mut OsRandom);
    let kept = Kept { to, code: issued.code.expose().to_owned() };
    let text = serde_json::to_vec(&kept).map(Zeroizing::new);
    let text = text.map_err(|why| Error::Internal(format!("a mail with a code: {why}")))?;
    let message = Message {
        account_id: user.account_id,
        id,
        kind: ACTIVATION,
        user_id: user.id,
        // Every code is sent, whatever was sent before.
        once_key: id.to_string(),
        payload: "{}".to_owned(),
        sealed: Some(tx.core.sealer.seal(Purpose::MailedActivation, id.as_bytes(), &text, &mut OsRandom)?),
        created_at: tx.now,
        send_before: issued.expires_at,
    };
    outbox::queue(tx.conn, &message)?;
    Ok(())
}

/// Opens the sealed part of a mail.
pub(crate) fn open(core: &Core, id: Id<Message>, sealed: &[u8]) -> Result<Kept> {
    let text = core.sealer.open(Purpose::MailedActivation, id.as_bytes(), sealed)?;
    serde_json::from_slice(&text).map_err(|why| Error::Internal(format!("a mail with a code: {why}")))
}

impl Core {
    /// Whether a mail server is configured.
    pub(crate) const fn sends_mail(&self) -> bool {
        self.settings.mail.smtp_url.is_some()
    }

    /// # Errors
    /// [`Error::Conflict`] when no mail server is configured.
    pub(crate) fn must_send_mail(&self) -> Result<()> {
        if self.sends_mail() {
            return Ok(());
        }
        let why = "the operator has configured no mail server; hand out the code yourself";
        Err(Error::Conflict(why.to_owned()))
    }
}
