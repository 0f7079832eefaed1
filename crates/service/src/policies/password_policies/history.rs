//! Trims earlier passwords to what the policies remember.
//!
//! A new password is compared with as many as the policy remembers at that time, however many are stored. Those beyond
//! that are deleted afterwards: of one user at once, of all users of an account by maintenance, in small transactions.

use kernel::{AccountId, Time, UserId};
use permissions::PermissionSet;
use store::{
    Conn,
    tables::{
        directory::{accounts, user_permissions},
        policies::{
            password_history,
            password_history_trims::{self, Trim},
            password_policies,
        },
    },
};

use super::Policies;
use crate::base::error::Result;

/// Users per transaction.
const CHUNK: i64 = 200;

/// The highest number of earlier passwords that a policy of the account remembers.
pub(crate) fn most_remembered(conn: &mut Conn, account: AccountId) -> Result<usize> {
    Ok(remembered(conn, account)?.max().unwrap_or(0))
}

/// After a change of an account's policies, or of whom they apply to: lets maintenance delete what is no longer
/// remembered, if some policy remembers less than the maximum before. `most_before`: what [`most_remembered`] returned
/// before the change.
pub(crate) fn trim_later(conn: &mut Conn, account: AccountId, most_before: usize, now: Time) -> Result<()> {
    if remembered(conn, account)?.any(|kept| kept < most_before) {
        password_history_trims::ask(conn, account, now)?;
    }
    Ok(())
}

fn remembered(conn: &mut Conn, account: AccountId) -> Result<impl Iterator<Item = usize>> {
    let policies = password_policies::rules_of_account(conn, account)?;
    Ok(policies.into_iter().map(|stored| stored.policy.remember_last().kept()))
}

/// Deletes what this user's policy no longer remembers, after a change of what the user holds. The caller has locked
/// the account and the user.
pub(crate) fn trim_of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<()> {
    trim(conn, account, &[user])
}

/// Does the next part of the work. The account is locked, so that the policies, their assignments and what users hold
/// cannot change between the statements: a mixture of two states could delete earlier passwords that are still
/// remembered. Returns what is left; `None` when nothing is, or when the work begins again for a newer reason.
pub(crate) fn trim_next(conn: &mut Conn, work: &Trim) -> Result<Option<Trim>> {
    accounts::lock(conn, work.account_id)?;
    let users = password_history::users(conn, work.account_id, work.done_up_to, CHUNK)?;
    let Some(last) = users.last().copied() else {
        password_history_trims::finish(conn, work)?;
        return Ok(None);
    };
    trim(conn, work.account_id, &users)?;
    let goes_on = password_history_trims::advance(conn, work, last)?;
    Ok(goes_on.then_some(Trim { done_up_to: Some(last), ..*work }))
}

fn trim(conn: &mut Conn, account: AccountId, users: &[UserId]) -> Result<()> {
    let nothing = PermissionSet::default();
    let policies = Policies::of(conn, account, users)?;
    let held = user_permissions::of_users(conn, account, users)?;
    for user in users {
        let policy = policies.policy_of(*user, held.get(user).unwrap_or(&nothing))?;
        password_history::trim(conn, account, *user, policy.policy.remember_last().kept())?;
    }
    Ok(())
}
