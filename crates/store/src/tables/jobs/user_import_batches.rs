//! Records of import files that wait to be imported.

use diesel::prelude::*;
use kernel::{AccountId, UserImportId, entity};

use crate::{Conn, Result, schema::user_import_batches, sql_types::SqlId};

#[derive(Insertable)]
#[diesel(table_name = user_import_batches)]
struct Row {
    account_id: SqlId<entity::Account>,
    import_id: SqlId<entity::UserImport>,
    number: i64,
    sealed_records: Vec<u8>,
}

/// A batch of waiting records.
#[derive(Clone)]
pub struct WaitingBatch {
    /// Its number among the batches of the import.
    pub number: i64,
    /// The records, sealed.
    pub sealed_records: Vec<u8>,
}

/// Adds a batch.
pub fn insert(conn: &mut Conn, account: AccountId, import: UserImportId, batch: &WaitingBatch) -> Result<()> {
    let row = Row {
        account_id: account.into(),
        import_id: import.into(),
        number: batch.number,
        sealed_records: batch.sealed_records.clone(),
    };
    diesel::insert_into(user_import_batches::table).values(row).execute(conn)?;
    Ok(())
}

/// The next batch to import.
pub fn first(conn: &mut Conn, account: AccountId, import: UserImportId) -> Result<Option<WaitingBatch>> {
    let found = user_import_batches::table
        .filter(user_import_batches::account_id.eq(SqlId::from(account)))
        .filter(user_import_batches::import_id.eq(SqlId::from(import)))
        .select((user_import_batches::number, user_import_batches::sealed_records))
        .order(user_import_batches::number)
        .first::<(i64, Vec<u8>)>(conn)
        .optional()?;
    Ok(found.map(|(number, sealed_records)| WaitingBatch { number, sealed_records }))
}

/// Deletes a batch; returns whether it existed.
pub fn delete(conn: &mut Conn, account: AccountId, import: UserImportId, number: i64) -> Result<bool> {
    let batch = user_import_batches::table.find((SqlId::from(account), SqlId::from(import), number));
    Ok(diesel::delete(batch).execute(conn)? == 1)
}

/// Deletes all batches of the import.
pub fn delete_all(conn: &mut Conn, account: AccountId, import: UserImportId) -> Result<()> {
    diesel::delete(
        user_import_batches::table
            .filter(user_import_batches::account_id.eq(SqlId::from(account)))
            .filter(user_import_batches::import_id.eq(SqlId::from(import))),
    )
    .execute(conn)?;
    Ok(())
}
