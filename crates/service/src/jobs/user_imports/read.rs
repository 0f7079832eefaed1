//! One import.

use kernel::{AccountId, UserImportId};
use store::{
    Conn,
    tables::jobs::user_imports::{self, ImportStatus, UserImport},
};

use super::UserImportView;
use crate::base::{
    error::{Error, Result},
    service::Service,
};

impl Service {
    /// How far the import has come.
    pub async fn read_user_import(&self, account: AccountId, id: UserImportId) -> Result<UserImportView> {
        self.store.read(move |conn| find(conn, account, id)).await.map(UserImportView::from)
    }
}

/// The import, unless its file is still on its way: nobody has been told its id yet.
pub(super) fn find(conn: &mut Conn, account: AccountId, id: UserImportId) -> Result<UserImport> {
    let import = user_imports::by_id(conn, account, id)?;
    import.filter(|import| import.status != ImportStatus::Receiving).ok_or(Error::NotFound)
}
