//! Changes an account's display name or its plan.

use kernel::AccountId;
use permissions::PlatformAdministration;
use store::tables::directory::{accounts, user_quotas};

use super::{
    acted_upon::of_a_customer,
    limits::LimitsChange,
    view::{AccountView, view},
};
use crate::{
    authority::allowed::Allowed,
    base::{
        audit::Action,
        error::{Error, Result},
        model::display_name,
        service::Service,
    },
};

/// What to change of an account.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// The display name; `None`: unchanged.
    pub name: Option<String>,
    /// What the plan allows.
    pub limits: LimitsChange,
}

impl Service {
    /// Changes the display name or the limits of an account. A limit below the current number removes nothing; it only
    /// prevents more from being added. `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::NotFound`], [`Error::PreconditionFailed`]; [`Error::Conflict`] for a limit of
    /// the platform's own account.
    pub async fn update_account(
        &self,
        by: &Allowed<PlatformAdministration>,
        account: AccountId,
        change: AccountChange,
        if_version: Option<i64>,
    ) -> Result<AccountView> {
        let name = change.name.as_deref().map(display_name).transpose();
        let name = name.map_err(|why| Error::field("/name", "invalid", why))?;
        let limits = change.limits;
        limits.check()?;
        self.act_on_account(by, account, if_version, move |mut acting, account| {
            let before = view(acting.tx.conn, account.id)?;
            let name = name.as_ref().filter(|name| **name != before.name);
            let max_users = limits.max_users(before.max_users);
            if max_users != before.max_users {
                of_a_customer(&account)?;
                user_quotas::set_max(acting.tx.conn, account.id, max_users)?;
            }
            if let Some(name) = name {
                accounts::set_name(acting.tx.conn, account.id, name)?;
            }
            if name.is_none() && max_users == before.max_users {
                return Ok(before);
            }
            accounts::touch(acting.tx.conn, account.id)?;
            let after = view(acting.tx.conn, account.id)?;
            let event = acting.by.did(Action::AccountUpdated);
            let event = event.with_change("name", before.name.as_str(), after.name.as_str());
            acting.record_on(&account, event.with_change("max_users", before.max_users, after.max_users));
            Ok(after)
        })
        .await
    }
}
