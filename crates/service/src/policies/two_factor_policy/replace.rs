//! Replaces the two-factor policy.

use kernel::{AccountId, Time};
use store::{
    Conn, StoreError,
    tables::policies::{two_factor_due, two_factor_policies, two_factor_policy_users},
};
use two_factor::{AskedSince, Asking, Mode};

use super::{
    draft::TwoFactorPolicyDraft,
    read::{PolicyView, view},
};
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
    },
    base::{
        audit::{Action, two_factor_policy_of},
        error::{Error, Result},
        service::Service,
    },
};
use permissions::AccountSettings;

impl Service {
    /// Makes `draft` the account's policy. It applies from the next step of every login. `if_version`: the version that
    /// the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`] names unknown modes and users; [`Error::PreconditionFailed`]; [`Error::Conflict`] for
    /// another mode than `all_users` in the platform's own account.
    pub async fn replace_two_factor_policy(
        &self,
        by: &Allowed<AccountSettings>,
        draft: &TwoFactorPolicyDraft,
        if_version: Option<i64>,
    ) -> Result<PolicyView> {
        let (draft, account) = (draft.parse()?, by.account_id());
        // Looked up before the transaction that writes, so that a long list does not delay other writers.
        let checked = draft.clone();
        let users = self
            .store
            .read(move |conn| {
                checked.fits(conn, account)?;
                checked.users_of(conn, account)
            })
            .await?;
        self.act(by, Lock::Account, move |Acting { tx, by, .. }, account| {
            let account = account.id;
            let policy = two_factor_policies::of_account(tx.conn, account)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != policy.version) {
                return Err(Error::PreconditionFailed);
            }
            if !two_factor_policies::replace(tx.conn, account, policy.version, draft.mode, tx.now)? {
                return Err(Error::PreconditionFailed);
            }
            let after = Asking { mode: draft.mode, listed: users.iter().copied().collect() };
            let before = asking_today(tx.conn, account, policy.mode)?;
            let listed = two_factor_policy_users::replace(tx.conn, account, &users).map_err(deleted_meanwhile)?;
            begin_to_ask(tx.conn, account, &before, &after, tx.now)?;
            let changed = by.did(Action::TwoFactorPolicyChanged).on(two_factor_policy_of(account));
            let changed = changed.with_change("mode", policy.mode.as_str(), draft.mode.as_str());
            let changed = changed.with_list("users_added", listed.added.iter().map(ToString::to_string));
            tx.record(account, changed.with_list("users_removed", listed.removed.iter().map(ToString::to_string)));
            let policy = two_factor_policies::of_account(tx.conn, account)?.ok_or(Error::NotFound)?;
            view(tx.conn, policy)
        })
        .await
    }
}

/// The users whom the policy asks before it is replaced.
fn asking_today(conn: &mut Conn, account: AccountId, mode: Mode) -> Result<Asking> {
    let listed =
        if mode.has_list() { two_factor_policy_users::page(conn, account, None, i64::MAX)? } else { Vec::new() };
    Ok(Asking { mode, listed: listed.into_iter().collect() })
}

/// Records who is asked since when. The caller has locked the account.
fn begin_to_ask(conn: &mut Conn, account: AccountId, before: &Asking, after: &Asking, now: Time) -> Result<()> {
    let common = two_factor_policies::asked_since(conn, account)?.ok_or(Error::NotFound)?;
    let since = AskedSince { common, own: two_factor_due::of_account(conn, account)? };
    let changed = since.after(before, after, now);
    two_factor_policies::set_asked_since(conn, account, changed.common)?;
    two_factor_due::replace(conn, account, &since.own, &changed.own).map_err(deleted_meanwhile)
}

fn deleted_meanwhile(why: StoreError) -> Error {
    match why {
        StoreError::ForeignKeyViolation => Error::Conflict("a user in the list was just deleted; try again".to_owned()),
        other => other.into(),
    }
}
