//! Sets a password with an activation code.

use auth::throttle::Policy;
use kernel::{PlainToken, Time, TokenKind};
use password_policy::Password;
use store::{
    Conn,
    tables::directory::{activations::Activation, users},
};

use crate::authority::activation_codes::{Code, WRONG, working};
use crate::{
    base::{
        audit::{Action, Journal, Outcome},
        error::Result,
        model::Source,
        service::Service,
        throttling,
    },
    sign_in::{Owner, ProvenBy, Standing, Written, waiting},
};

impl Service {
    /// Sets the password of the user for whom `code` was issued. The code works once; the user's sessions and logins
    /// end.
    ///
    /// # Errors
    /// [`InvalidCode`](crate::base::error::Error::InvalidCode) for a code that is unknown, used or expired, or that may
    /// be known to somebody who cannot grant now what the user holds;
    /// [`PasswordRefused`](crate::base::error::Error::PasswordRefused), which does not use up the code;
    /// [`TooManyRequests`](crate::base::error::Error::TooManyRequests).
    pub async fn activate(&self, code: &str, new_password: Password, source: &Source) -> Result<()> {
        let code = PlainToken::parse(TokenKind::Activation, code).map_err(|_| WRONG)?;
        let (digest, now) = (code.digest(), self.core.now());
        let patience = self.core.settings.throttles.password_of_user;
        let (from, source) = (source.clone(), source.clone());
        let owner = self
            .write(move |conn, audit| {
                let activation = match Code::look(conn, digest, now)? {
                    Code::Works(activation) => activation,
                    Code::Void { activation, why } => {
                        note_void(conn, audit, &from, (&activation, why), &patience, now)?;
                        return Ok(Err(WRONG));
                    }
                    Code::Unknown => return Err(WRONG),
                };
                let counter = throttling::new_password_of_user(activation.user_id);
                let counted = throttling::wrong(conn, &counter, &patience, now)?;
                let standing = Standing::look(conn, activation.account_id, activation.user_id)?.ok_or(WRONG)?;
                let used = from.anonymous(Action::ActivationUsed).on(&standing.user);
                if let Some(waiting) = waiting(&used, counted) {
                    audit.record(activation.account_id, waiting.ending_in(Outcome::Failure));
                }
                Owner::of(conn, standing).map(Ok)
            })
            .await??;
        self.set_password(owner, new_password, Some(code.expose().to_owned()), move |conn, audit, good| {
            let activation = working(conn, digest, now)?;
            let standing = Standing::of_active(conn, activation.account_id, activation.user_id)?.ok_or(WRONG)?;
            // Again, now that nobody else can use the code: it may have come twice. Every new password voids all codes
            // of the user, so a working code also means that the password is still the same.
            working(conn, digest, now)?;
            if !good.is_judged_for(&standing) {
                return Ok(Written::JudgeAgain(Box::new(Owner::of(conn, standing)?)));
            }
            throttling::clear(conn, &throttling::new_password_of_user(activation.user_id))?;
            let Activation { issuer, mailed_to, .. } = activation;
            good.set(conn, audit, &standing, ProvenBy::Code { issuer, mailed_to }, None, now)?;
            let used = source.user(&standing.user, Action::ActivationUsed).on(&standing.user);
            audit.record(activation.account_id, used);
            Ok(Written::Done(()))
        })
        .await
    }
}

/// Records the use of a known code that no longer works, when the number of such uses has doubled: repeating it fills
/// no disk.
fn note_void(
    conn: &mut Conn,
    audit: &mut Journal,
    from: &Source,
    (activation, why): (&Activation, &str),
    patience: &Policy,
    now: Time,
) -> Result<()> {
    let (account, id) = (activation.account_id, activation.user_id);
    let Some(user) = users::by_id(conn, account, id)? else { return Ok(()) };
    let counted = throttling::void_code(conn, id, patience, now)?;
    if counted.failures.is_power_of_two() {
        let refused = from.anonymous(Action::ActivationRefused).on(&user).ending_in(Outcome::Denied);
        audit.record(account, refused.with("because_of", why).with("refusals", counted.failures));
    }
    Ok(())
}
