//! The API keys through which import files came: `user_imports` has as many columns as diesel is built for.

use diesel::prelude::*;
use kernel::{AccountId, ApiKeyId, UserImportId, entity};

use crate::{Conn, Result, schema::user_import_keys, sql_types::SqlId};

#[derive(Insertable)]
#[diesel(table_name = user_import_keys)]
struct Row {
    account_id: SqlId<entity::Account>,
    import_id: SqlId<entity::UserImport>,
    importer_key_account: SqlId<entity::Account>,
    importer_key: SqlId<entity::ApiKey>,
}

/// Records that the file came through this key.
pub(in crate::tables) fn insert(
    conn: &mut Conn,
    account: AccountId,
    import: UserImportId,
    (key_account, key): (AccountId, ApiKeyId),
) -> Result<()> {
    let row = Row {
        account_id: account.into(),
        import_id: import.into(),
        importer_key_account: key_account.into(),
        importer_key: key.into(),
    };
    diesel::insert_into(user_import_keys::table).values(row).execute(conn)?;
    Ok(())
}

/// The key through which the file came, if any.
pub(in crate::tables) fn of_import(
    conn: &mut Conn,
    account: SqlId<entity::Account>,
    import: SqlId<entity::UserImport>,
) -> Result<Option<(SqlId<entity::Account>, SqlId<entity::ApiKey>)>> {
    Ok(user_import_keys::table
        .find((account, import))
        .select((user_import_keys::importer_key_account, user_import_keys::importer_key))
        .first(conn)
        .optional()?)
}
