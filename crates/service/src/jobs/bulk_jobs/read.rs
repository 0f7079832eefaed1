//! Reads one job.

use kernel::{AccountId, BulkJobId};
use permissions::UserPermissions;
use store::{
    Conn,
    tables::jobs::bulk_jobs::{self, BulkJob},
};

use super::BulkJobView;
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

impl Service {
    /// The state and progress of the job.
    pub async fn read_bulk_job(&self, by: &Allowed<UserPermissions>, id: BulkJobId) -> Result<BulkJobView> {
        let account = by.account_id();
        self.store.read(move |conn| BulkJobView::of(&find(conn, account, id)?)).await
    }
}

/// The job.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) fn find(conn: &mut Conn, account: AccountId, id: BulkJobId) -> Result<BulkJob> {
    bulk_jobs::by_id(conn, account, id)?.ok_or(Error::NotFound)
}
