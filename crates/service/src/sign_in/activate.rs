//! Sets a password with an activation code.

use kernel::{AccountId, PlainToken, TokenDigest, TokenKind, UserId};
use password_policy::Password;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::tables::directory::{
    activations::Activation,
    users::{self, User},
};

use crate::{
    authority::activation_codes::{Code, WRONG, working},
    base::{
        audit::{Action, Outcome},
        error::Result,
        idempotency::IdempotencyKey,
        model::Source,
        service::Service,
        throttling,
        tx::Tx,
    },
    sign_in::{NewPassword, Owner, ProvenBy, Repeatable, SignInState, Written, waiting},
};

impl Service {
    /// Sets the password of the user for whom `code` was issued. The code works once; the user's sessions and logins
    /// end. A request that comes again with its `key` within two minutes succeeds again, as long as its password is the
    /// user's.
    ///
    /// # Errors
    /// [`InvalidCode`](crate::base::error::Error::InvalidCode) for a code that is unknown, used or expired, or that may
    /// be known to somebody who cannot grant now what the user holds;
    /// [`PasswordRefused`](crate::base::error::Error::PasswordRefused), which does not use up the code;
    /// [`TooManyRequests`](crate::base::error::Error::TooManyRequests).
    pub async fn activate(
        &self,
        code: &str,
        new_password: Password,
        source: &Source,
        key: Option<IdempotencyKey>,
    ) -> Result<()> {
        let code = PlainToken::parse(TokenKind::Activation, code).map_err(|_| WRONG)?;
        let repeatable = Repeatable::new(key.as_ref(), &code);
        let (digest, now) = (code.digest(), self.core.now());
        let (from, source) = (source.clone(), source.clone());
        let looked_up = self
            .transact_at(now, move |tx| {
                let activation = match Code::look(tx.conn, digest, tx.now)? {
                    Code::Works(activation) => activation,
                    Code::Void { activation, why } => {
                        note_void(tx, &from, &activation, why)?;
                        return Ok(Err(WRONG));
                    }
                    Code::Unknown if was_done(tx, repeatable)? => return Ok(Ok(None)),
                    Code::Unknown => return Err(WRONG),
                };
                let counter = throttling::new_password_of_user(activation.user_id);
                let patience = &tx.core.settings.throttles.password_of_user;
                let counted = throttling::record_failure(tx.conn, &counter, patience, tx.now)?;
                let (account, user) = (activation.account_id, activation.user_id);
                let state = SignInState::read_active(tx.conn, account, user)?.ok_or(WRONG)?;
                let used = from.anonymous(Action::ActivationUsed).on(&state.user);
                if let Some(waiting) = waiting(&used, counted) {
                    tx.record(account, waiting.ending_in(Outcome::Failure));
                }
                Owner::of(tx.conn, state).map(|owner| Ok(Some(owner)))
            })
            .await??;
        let Some(owner) = looked_up else { return Ok(()) };
        let new = NewPassword { password: new_password, code: Some(code.expose().to_owned()), asked_at: now };
        self.set_password(owner, new, move |tx, good| {
            let Some(activation) = working_unless_done(tx, digest, repeatable)? else { return Ok(Written::Done(())) };
            let state = SignInState::lock_active(tx.conn, activation.account_id, activation.user_id)?.ok_or(WRONG)?;
            // Again, now that nobody else can use the code: it may have come twice. Every new password voids all codes
            // of the user, so a working code also means that the password is still the same.
            if working_unless_done(tx, digest, repeatable)?.is_none() {
                return Ok(Written::Done(()));
            }
            if !good.is_judged_for(&state) {
                return Ok(Written::JudgeAgain(Box::new(Owner::of(tx.conn, state)?)));
            }
            throttling::clear(tx.conn, &throttling::new_password_of_user(activation.user_id))?;
            let Activation { issuer, mailed_to, .. } = activation;
            good.set(tx, &state, ProvenBy::Code { issuer, mailed_to }, None)?;
            let used = source.user(&state.user, Action::ActivationUsed).on(&state.user);
            tx.record(activation.account_id, used);
            if let Some(repeatable) = repeatable {
                let user = users::by_id(tx.conn, activation.account_id, activation.user_id)?.ok_or(WRONG)?;
                let kept = Kept { account_id: user.account_id, user_id: user.id, password: digest_of_hash(&user) };
                repeatable.keep(tx, (user.account_id, user.id), &kept)?;
            }
            Ok(Written::Done(()))
        })
        .await
    }
}

/// What is kept of an activation.
#[derive(Serialize, Deserialize)]
struct Kept {
    account_id: AccountId,
    user_id: UserId,
    /// SHA-256 of the password's hash.
    password: Option<[u8; 32]>,
}

/// The code, if it still works. `None`: this request has used it up.
///
/// In this order: the reply is kept in the transaction that uses the code up, so whoever finds the code gone finds the
/// reply.
fn working_unless_done(
    tx: &mut Tx<'_>,
    code: TokenDigest,
    repeatable: Option<Repeatable>,
) -> Result<Option<Activation>> {
    match working(tx.conn, code, tx.now) {
        Err(wrong) if wrong == WRONG => {
            if was_done(tx, repeatable)? {
                Ok(None)
            } else {
                Err(WRONG)
            }
        }
        found => found.map(Some),
    }
}

/// Whether this request has set the password before, which is still the user's.
///
/// # Errors
/// [`InvalidCode`](crate::base::error::Error::InvalidCode) when the password was changed since, or the user cannot sign
/// in any more.
fn was_done(tx: &mut Tx<'_>, repeatable: Option<Repeatable>) -> Result<bool> {
    let kept = repeatable.map(|it| it.first_reply::<Kept>(tx)).transpose()?.flatten();
    let Some(kept) = kept else { return Ok(false) };
    let state = SignInState::read_active(tx.conn, kept.account_id, kept.user_id)?.ok_or(WRONG)?;
    if digest_of_hash(&state.user) == kept.password { Ok(true) } else { Err(WRONG) }
}

/// Tells one password of the user from another.
fn digest_of_hash(user: &User) -> Option<[u8; 32]> {
    user.password_hash.as_ref().map(|hash| Sha256::digest(hash).into())
}

/// Records the use of a known code that no longer works, when the number of such uses has doubled: repeating it fills
/// no disk.
fn note_void(tx: &mut Tx<'_>, from: &Source, activation: &Activation, why: &str) -> Result<()> {
    let (account, id) = (activation.account_id, activation.user_id);
    let Some(user) = users::by_id(tx.conn, account, id)? else { return Ok(()) };
    let patience = &tx.core.settings.throttles.password_of_user;
    let counted = throttling::count_void_code(tx.conn, id, patience, tx.now)?;
    if counted.failures.is_power_of_two() {
        let refused = from.anonymous(Action::ActivationRefused).on(&user).ending_in(Outcome::Denied);
        tx.record(account, refused.with("because_of", why).with("refusals", counted.failures));
    }
    Ok(())
}
