//! Earlier passwords are kept no longer than the policies remember them.

use kernel::AccountId;
use permissions::PermissionSet;
use store::{
    Conn,
    tables::{password_history, user_permissions},
};

use super::Policies;
use crate::Result;

/// Users that are looked at in one query.
const CHUNK: i64 = 1_000;

/// Deletes what no policy remembers any more, for all users of the account: after a change of the policies, or of whom they
/// apply to.
pub(super) fn trim(conn: &mut Conn, account: AccountId) -> Result<()> {
    let nothing = PermissionSet::default();
    let mut after = None;
    loop {
        let users = password_history::users(conn, account, after, CHUNK)?;
        let Some(last) = users.last() else { return Ok(()) };
        after = Some(*last);
        let policies = Policies::of(conn, account, &users)?;
        let held = user_permissions::of_users(conn, account, &users)?;
        for user in users {
            let policy = policies.policy_of(user, held.get(&user).unwrap_or(&nothing))?;
            password_history::trim(conn, account, user, policy.policy.remember_last().kept())?;
        }
    }
}
