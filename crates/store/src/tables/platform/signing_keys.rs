//! The keys that sign access tokens.

use diesel::prelude::*;
use kernel::Time;

use crate::{Conn, Result, schema::signing_keys, sql_types::SqlTime};

/// A signing key.
#[derive(Clone)]
pub struct SigningKey {
    /// Its name in the header of tokens and in the JWKS.
    pub kid: String,
    /// The private key, sealed.
    pub sealed_key: Vec<u8>,
    /// When it was created.
    pub created_at: Time,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
struct Row {
    kid: String,
    sealed_key: Vec<u8>,
    created_at: SqlTime,
}

/// Adds a key.
pub fn insert(conn: &mut Conn, key: &SigningKey) -> Result<()> {
    let row = Row { kid: key.kid.clone(), sealed_key: key.sealed_key.clone(), created_at: key.created_at.into() };
    diesel::insert_into(signing_keys::table).values(row).execute(conn)?;
    Ok(())
}

/// All keys, newest first.
pub fn all(conn: &mut Conn) -> Result<Vec<SigningKey>> {
    let rows = signing_keys::table
        .select(Row::as_select())
        .order((signing_keys::created_at.desc(), signing_keys::kid.desc()))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row: Row| SigningKey { kid: row.kid, sealed_key: row.sealed_key, created_at: row.created_at.into() })
        .collect())
}
