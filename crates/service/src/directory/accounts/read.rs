//! Reads one account.

use kernel::AccountId;

use super::view::{AccountView, view};
use crate::base::{
    error::{Error, Result},
    model::Actor,
    service::Service,
};
use permissions::Permission;

impl Service {
    /// The account, for its own users and for platform administrators; for all others it does not exist.
    pub async fn read_account(&self, actor: &Actor, account: AccountId) -> Result<AccountView> {
        if account != actor.account_id && !actor.permissions.covers(&Permission::PlatformAdministration) {
            return Err(Error::NotFound);
        }
        self.store.read(move |conn| view(conn, account)).await
    }
}
