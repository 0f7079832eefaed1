//! Reads one import.

use kernel::{AccountId, UserImportId};
use permissions::UserPermissions;
use store::{
    Conn,
    tables::jobs::user_imports::{self, ImportStatus, UserImport},
};

use super::UserImportView;
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

impl Service {
    /// The state and progress of the import.
    pub async fn read_user_import(&self, by: &Allowed<UserPermissions>, id: UserImportId) -> Result<UserImportView> {
        let account = by.account_id();
        self.store.read(move |conn| find(conn, account, id)).await.map(UserImportView::from)
    }
}

/// The import, unless its file is still being received: its id has not been returned to anybody yet.
pub(super) fn find(conn: &mut Conn, account: AccountId, id: UserImportId) -> Result<UserImport> {
    let import = user_imports::by_id(conn, account, id)?;
    import.filter(|import| import.status != ImportStatus::Receiving).ok_or(Error::NotFound)
}
