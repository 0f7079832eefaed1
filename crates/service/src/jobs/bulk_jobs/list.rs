//! Lists the jobs of an account.

use kernel::BulkJobId;
use permissions::UserPermissions;
use store::tables::{directory::accounts, jobs::bulk_jobs};

use super::BulkJobView;
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        model::{Page, one_more},
        service::Service,
    },
};

impl Service {
    /// Up to `limit` jobs of the account that were ordered before the one with the id `before`, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`]: there is no such account.
    pub async fn list_bulk_jobs(
        &self,
        by: &Allowed<UserPermissions>,
        before: Option<BulkJobId>,
        limit: u16,
    ) -> Result<Page<BulkJobView, BulkJobId>> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let found = bulk_jobs::page(conn, account, before, one_more(limit))?;
                let views = found.iter().map(BulkJobView::of).collect::<Result<Vec<_>>>()?;
                Ok(Page::of(views, limit.into(), |job| job.id))
            })
            .await
    }
}
