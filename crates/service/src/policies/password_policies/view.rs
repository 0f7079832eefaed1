//! A password policy as the API shows it.

use kernel::{AccountId, PasswordPolicyId, Time};
use password_policy::{Finding, PasswordPolicy, Surroundings};
use store::{Conn, tables::policies::password_policies::StoredPolicy};

use super::conformance::{findings, surroundings};
use crate::base::{error::Result, service::Core};

/// A password policy as the API shows it.
#[derive(Clone, Debug)]
pub struct PasswordPolicyView {
    /// Its id.
    pub id: PasswordPolicyId,
    /// Whether it applies to everybody whom no other policy reaches.
    pub is_default: bool,
    /// Its contents.
    pub policy: PasswordPolicy,
    /// What two standards say about it.
    pub conformance: Vec<Finding>,
    /// When it was last changed.
    pub updated_at: Time,
    /// Grows with every change; for `ETag`.
    pub version: i64,
}

/// The view of `stored` in its account.
pub(super) fn view(
    conn: &mut Conn,
    core: &Core,
    account: AccountId,
    stored: StoredPolicy,
) -> Result<PasswordPolicyView> {
    Ok(view_in(stored, surroundings(conn, core, account)?))
}

/// The view of `stored` with these surroundings.
pub(super) fn view_in(stored: StoredPolicy, surroundings: Surroundings) -> PasswordPolicyView {
    PasswordPolicyView {
        id: stored.id,
        is_default: stored.is_default,
        conformance: findings(&stored.policy, surroundings),
        policy: stored.policy,
        updated_at: stored.updated_at,
        version: stored.version,
    }
}
