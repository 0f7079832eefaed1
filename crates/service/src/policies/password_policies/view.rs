//! A policy as others see it.

use kernel::{AccountId, PasswordPolicyId, Time};
use password_policy::{Finding, PasswordPolicy, Surroundings};
use store::{Conn, tables::policies::password_policies::StoredPolicy};

use super::conformance::{findings, surroundings};
use crate::base::{error::Result, service::Core};

/// A policy as others see it.
#[derive(Clone, Debug)]
pub struct PasswordPolicyView {
    /// Its id.
    pub id: PasswordPolicyId,
    /// Whether it applies to everybody whom no other policy reaches.
    pub is_default: bool,
    /// What it says.
    pub policy: PasswordPolicy,
    /// What two standards say to it.
    pub conformance: Vec<Finding>,
    /// When it was last changed.
    pub updated_at: Time,
    /// Grows with every change; for `ETag`.
    pub version: i64,
}

/// How `stored` looks in its account.
pub(super) fn view(
    conn: &mut Conn,
    core: &Core,
    account: AccountId,
    stored: StoredPolicy,
) -> Result<PasswordPolicyView> {
    Ok(view_in(stored, surroundings(conn, core, account)?))
}

/// How `stored` looks in these surroundings.
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
