//! The permissions of each API key.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{AccountId, ApiKeyId, entity};
use permissions::{Permission, PermissionSet};

use crate::{Conn, Result, schema::api_key_permissions, sql_types::SqlId, tables::inconsistent};

#[derive(Insertable)]
#[diesel(table_name = api_key_permissions)]
struct Row {
    account_id: SqlId<entity::Account>,
    api_key_id: SqlId<entity::ApiKey>,
    permission: String,
}

/// The permissions of each of these keys; keys without any are omitted.
pub fn of_keys(conn: &mut Conn, account: AccountId, ids: &[ApiKeyId]) -> Result<HashMap<ApiKeyId, PermissionSet>> {
    let found = api_key_permissions::table
        .filter(api_key_permissions::account_id.eq(SqlId::from(account)))
        .filter(api_key_permissions::api_key_id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select((api_key_permissions::api_key_id, api_key_permissions::permission))
        .load::<(SqlId<entity::ApiKey>, String)>(conn)?;
    let mut given: HashMap<ApiKeyId, Vec<Permission>> = HashMap::new();
    for (key, name) in found {
        let key = ApiKeyId::from(key);
        let permission = name.parse().map_err(|_| inconsistent("api_key_permissions", "permission", key))?;
        given.entry(key).or_default().push(permission);
    }
    Ok(given.into_iter().map(|(key, list)| (key, list.into_iter().collect())).collect())
}

/// The permissions of one key.
pub fn of_key(conn: &mut Conn, account: AccountId, key: ApiKeyId) -> Result<PermissionSet> {
    Ok(of_keys(conn, account, &[key])?.remove(&key).unwrap_or_default())
}

/// Adds a permission that the key does not have yet.
pub fn add(conn: &mut Conn, account: AccountId, key: ApiKeyId, permission: &Permission) -> Result<()> {
    let row = Row { account_id: account.into(), api_key_id: key.into(), permission: permission.as_str().to_owned() };
    diesel::insert_into(api_key_permissions::table).values(row).execute(conn)?;
    Ok(())
}

/// Takes a permission from the key.
pub fn remove(conn: &mut Conn, account: AccountId, key: ApiKeyId, permission: &Permission) -> Result<()> {
    diesel::delete(api_key_permissions::table.find((SqlId::from(account), SqlId::from(key), permission.as_str())))
        .execute(conn)?;
    Ok(())
}
