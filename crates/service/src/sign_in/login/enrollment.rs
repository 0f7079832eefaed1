//! Returns the QR code of a new device.

use std::sync::Arc;

use auth::challenge::{Event, Next};
use kernel::{OsRandom, PlainToken};
use store::tables::sign_in::challenges;
use two_factor::Secret;
use zeroize::Zeroizing;

use super::open_challenge::OpenChallenge;
use crate::base::{
    error::{Error, Result},
    model::{QrPayload, Source},
    seal::Purpose,
    service::{Core, Service},
};

impl Service {
    /// The QR code to scan. The secret in it stays the same until it is confirmed or the login ends, however often the
    /// page is reloaded or a wrong code is typed.
    ///
    /// # Errors
    /// [`Error::WrongStep`] for users who have a device: its secret is never shown again.
    pub async fn totp_enrollment(&self, token: &PlainToken, source: &Source) -> Result<QrPayload> {
        let digest = token.digest();
        let (core, source, now) = (Arc::clone(&self.core), source.clone(), self.core.now());
        let (secret, issuer, account_name) = self
            .store
            .write(move |conn| {
                let mut open = OpenChallenge::by_token(conn, digest, &source)?;
                let event = Event::EnrollmentCode { right: false };
                let next = open.stored.challenge.admit(event, open.demands(now)?, now)?;
                if next != Next::TotpEnrollment {
                    return Err(Error::WrongStep { next });
                }
                let owner = open.state.user.id;
                let secret = if let Some(sealed) = &open.stored.sealed_secret {
                    open_secret(&core, owner.as_bytes(), sealed)?
                } else {
                    let secret = Secret::generate(&mut OsRandom);
                    let sealed =
                        core.sealer.seal(Purpose::TotpSecret, owner.as_bytes(), secret.as_bytes(), &mut OsRandom)?;
                    open.stored.sealed_secret = Some(sealed);
                    challenges::save(conn, &open.stored)?;
                    secret
                };
                let bytes = Zeroizing::new(secret.as_bytes().to_vec());
                Ok((bytes, open.state.account.name, open.state.user.username))
            })
            .await?;
        // Drawn outside the transaction: the picture takes longer than the transaction.
        QrPayload::new(&from_bytes(&secret)?, &issuer, &account_name)
    }
}

/// Opens the sealed secret of a user's device.
pub(crate) fn open_secret(core: &Core, user: &[u8], sealed: &[u8]) -> Result<Secret> {
    from_bytes(&core.sealer.open(Purpose::TotpSecret, user, sealed)?)
}

fn from_bytes(bytes: &[u8]) -> Result<Secret> {
    Secret::from_bytes(bytes).ok_or_else(|| Error::Internal("a TOTP secret has an impossible length".to_owned()))
}
