//! Reads one job.

use kernel::{AccountId, BulkJobId};
use store::{
    Conn,
    tables::jobs::bulk_jobs::{self, BulkJob},
};

use super::BulkJobView;
use crate::base::{
    error::{Error, Result},
    service::Service,
};

impl Service {
    /// The state and progress of the job.
    pub async fn read_bulk_job(&self, account: AccountId, id: BulkJobId) -> Result<BulkJobView> {
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
