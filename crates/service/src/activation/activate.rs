//! Setting the first password.

use kernel::{PlainToken, Time, TokenDigest, TokenKind};
use password_policy::Password;
use permissions::{Permission, may_grant};
use store::{
    Conn,
    tables::activations::{self, Activation},
};

use crate::{
    Error, Result, Source,
    acting::{held_if_allowed, look_at_author},
    audit::{Action, Outcome},
    service::Service,
    sign_in::{Owner, Standing, Written, attempts, waiting},
};

impl Service {
    /// Sets the password of the user to whom `code` was handed out. The code works once; the user's sessions and logins
    /// end.
    ///
    /// # Errors
    /// [`Error::InvalidCode`] for a code that is unknown, used or expired, or whose issuer could not hand it
    /// out by now; [`Error::PasswordRefused`], which does not use the code up; [`Error::TooManyRequests`].
    pub async fn activate(&self, code: &str, new_password: Password, source: &Source) -> Result<()> {
        let code = PlainToken::parse(TokenKind::Activation, code).map_err(|_| WRONG)?;
        let (digest, now) = (code.digest(), self.core.now());
        let patience = self.core.settings.throttles.password_of_user;
        let (from, source) = (source.clone(), source.clone());
        let owner = self
            .write(move |conn, audit| {
                let activation = working(conn, digest, now)?;
                let counter = attempts::new_password_of_user(activation.user_id);
                let counted = attempts::wrong(conn, &counter, &patience, now)?;
                let standing = Standing::look(conn, activation.account_id, activation.user_id)?.ok_or(WRONG)?;
                let used = from.anonymous(Action::ActivationUsed).on(&standing.user);
                if let Some(waiting) = waiting(&used, counted) {
                    audit.record(activation.account_id, waiting.ending_in(Outcome::Failure));
                }
                Owner::of(conn, standing)
            })
            .await?;
        self.set_password(owner, new_password, Some(code.expose().to_owned()), move |conn, audit, good| {
            let activation = working(conn, digest, now)?;
            let standing = Standing::of_active(conn, activation.account_id, activation.user_id)?.ok_or(WRONG)?;
            // Again, now that nobody else can use it: the same code may have come twice. With every new password all
            // codes of the user are void, so that this one also says that the password is still the same.
            working(conn, digest, now)?;
            if !good.is_judged_for(&standing) {
                return Ok(Written::JudgeAgain(Box::new(Owner::of(conn, standing)?)));
            }
            attempts::clear(conn, &attempts::new_password_of_user(activation.user_id))?;
            good.set(conn, audit, &standing, None, now)?;
            let used = source.user(&standing.user, Action::ActivationUsed).on(&standing.user);
            audit.record(activation.account_id, used);
            Ok(Written::Done(()))
        })
        .await
    }
}

const WRONG: Error = Error::InvalidCode { attempts_left: None };

/// The code, if it still works. Its issuer may know it and become the user, so the issuer must be able to hand it out at this
/// moment: a code that was taken before the user was promoted, or before its issuer was disabled or demoted, opens nothing.
pub(crate) fn working(conn: &mut Conn, code: TokenDigest, now: Time) -> Result<Activation> {
    let activation = activations::by_digest(conn, code)?.filter(|found| now < found.expires_at).ok_or(WRONG)?;
    if let Some(issuer) = activation.issuer {
        let needs = (activation.account_id, Permission::UserPermissions);
        let user = (activation.account_id, activation.user_id);
        let authority = look_at_author(conn, &issuer, &[user], &[])?;
        let held_by_issuer = held_if_allowed(&authority, &issuer, needs, now).ok_or(WRONG)?;
        if authority.held(user).iter().any(|permission| !may_grant(&held_by_issuer, permission)) {
            return Err(WRONG);
        }
    }
    Ok(activation)
}
