//! Gives a user new recovery codes.

use kernel::OsRandom;
use store::tables::{directory::users::User, sign_in::recovery_codes};
use two_factor::RecoveryCode;

use crate::base::{
    error::{Error, Result},
    tx::Tx,
};

/// A new set of codes for this user, who is locked; all earlier ones become invalid. The user has not seen them yet.
pub(crate) fn new_recovery_codes(tx: &mut Tx<'_>, user: &User) -> Result<Vec<RecoveryCode>> {
    let codes: Vec<_> = RecoveryCode::generate_set(&mut OsRandom).into();
    let digests: Vec<_> = codes.iter().map(|code| code.digest(user.id)).collect();
    recovery_codes::replace(tx.conn, user.account_id, user.id, &digests)?;
    Ok(codes)
}

/// The codes that a kept reply shows, if they are still the codes of this user. A set is replaced as a whole.
pub(crate) fn still_valid(tx: &mut Tx<'_>, user: &User, kept: &[String]) -> Result<Option<Vec<RecoveryCode>>> {
    // What cannot be read is of another version of this program: as if it had not been kept.
    let codes: Option<Vec<RecoveryCode>> = kept.iter().map(|code| code.parse().ok()).collect();
    let Some(codes) = codes else { return Ok(None) };
    if let Some(code) = codes.first()
        && !recovery_codes::contains(tx.conn, user.account_id, user.id, code.digest(user.id))?
    {
        return Ok(None);
    }
    Ok(Some(codes))
}

/// The error for a user without recovery codes.
pub(crate) fn no_recovery_codes() -> Error {
    Error::Conflict("you have no recovery codes".to_owned())
}
