//! Lists the lines that could not be imported.

use kernel::UserImportId;
use permissions::UserPermissions;
use store::tables::jobs::user_import_errors::{self, LineError};

use super::read::find;
use crate::{
    authority::allowed::Allowed,
    base::{
        error::Result,
        model::{Page, one_more},
        service::Service,
    },
};

impl Service {
    /// Up to `limit` lines after the line `after` that could not be imported, in the order of lines. More may be added
    /// on later lines while the import is running.
    pub async fn list_user_import_errors(
        &self,
        by: &Allowed<UserPermissions>,
        id: UserImportId,
        after: Option<u32>,
        limit: u16,
    ) -> Result<Page<LineError, u32>> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                find(conn, account, id)?;
                let found = user_import_errors::page(conn, account, id, after, one_more(limit))?;
                Ok(Page::of(found, limit.into(), |error| error.line))
            })
            .await
    }
}
