//! Verifies a six-digit code of the authenticator app, uses it up, and counts a wrong one.

use store::tables::sign_in::authenticators;
use two_factor::{Code, verify};

use super::enrollment::open_secret;
use crate::{
    base::{
        error::Result,
        throttling::{self, Counted},
        tx::Tx,
    },
    sign_in::SignInState,
};

/// What became of a code.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TotpOutcome {
    /// The code is right, and is used up.
    Right,
    /// The code is wrong, and was counted.
    Wrong(Counted),
}

/// Verifies that the device of this user shows `code` now and that it was not accepted before. Uses up a right code,
/// and counts a wrong one. The user is locked.
///
/// # Errors
/// [`TooManyRequests`](crate::base::error::Error::TooManyRequests): then the caller does not learn whether it is right.
pub(crate) fn verify_totp(tx: &mut Tx<'_>, state: &SignInState, code: &Code) -> Result<TotpOutcome> {
    let (by_user, policy) =
        (throttling::code_of_user(state.account.id, state.user.id), &tx.core.settings.throttles.code_of_user);
    throttling::ensure_allowed(tx.conn, &by_user, policy, tx.now)?;
    if accept(tx, state, code)? {
        throttling::clear(tx.conn, &by_user)?;
        return Ok(TotpOutcome::Right);
    }
    Ok(TotpOutcome::Wrong(throttling::record_failure(tx.conn, &by_user, policy, tx.now)?))
}

fn accept(tx: &mut Tx<'_>, state: &SignInState, code: &Code) -> Result<bool> {
    let user = &state.user;
    let Some(device) = &state.device else { return Ok(false) };
    let secret = open_secret(tx.core, user.id.as_bytes(), &device.sealed_secret)?;
    let Some(step) = verify(&secret, code, tx.now, Some(device.last_step)) else { return Ok(false) };
    Ok(authenticators::accept_step(tx.conn, user.account_id, user.id, step)?)
}
