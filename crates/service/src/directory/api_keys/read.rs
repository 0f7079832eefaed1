//! Reads one API key.

use kernel::ApiKeyId;
use permissions::ApiKeys;
use store::tables::directory::api_keys;

use super::{ApiKeyView, view::view_one};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

impl Service {
    /// This key of the account.
    pub async fn read_api_key(&self, by: &Allowed<ApiKeys>, key: ApiKeyId) -> Result<ApiKeyView> {
        let account = by.account_id();
        let now = self.core.now();
        self.store
            .read(move |conn| {
                let key = api_keys::by_id(conn, account, key)?.ok_or(Error::NotFound)?;
                view_one(conn, &key, now)
            })
            .await
    }
}
