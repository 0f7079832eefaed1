//! API keys, without their secrets and permissions.

use std::net::IpAddr;

use diesel::prelude::*;
use ipnet::IpNet;
use kernel::{AccountId, ApiKeyId, Time, entity};

use crate::{
    Conn, Result, StoreError,
    schema::api_keys,
    sql_types::{SqlId, SqlTime},
    tables::inconsistent,
};

/// A key that a program calls with.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// The account.
    pub account_id: AccountId,
    /// Its id.
    pub id: ApiKeyId,
    /// The display name.
    pub name: String,
    /// The name as compared; unique in the account.
    pub name_key: String,
    /// What it is for.
    pub description: Option<String>,
    /// The networks from which it may call; if empty, from anywhere.
    pub networks: Vec<IpNet>,
    /// When it expires.
    pub expires_at: Option<Time>,
    /// When it was last used, to about a minute, and from where.
    pub last_use: Option<(Time, IpAddr)>,
    /// Grows with every change, but not with use.
    pub version: i64,
    /// When it was created.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

impl ApiKey {
    /// Whether it is valid by the clock.
    pub fn is_current(&self, now: Time) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// Whether it may call from `address`.
    pub fn may_call_from(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.is_empty() || self.networks.iter().any(|network| network.contains(&address))
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys)]
pub(in crate::tables) struct Row {
    account_id: SqlId<entity::Account>,
    id: SqlId<entity::ApiKey>,
    name: String,
    name_key: String,
    description: Option<String>,
    networks: String,
    expires_at: Option<SqlTime>,
    last_used_at: Option<SqlTime>,
    last_used_from: Option<String>,
    version: i64,
    created_at: SqlTime,
    updated_at: SqlTime,
}

impl TryFrom<Row> for ApiKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let id = ApiKeyId::from(row.id);
        let networks = row.networks.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>();
        let from =
            row.last_used_from.map(|text| text.parse().map_err(|_| inconsistent("api_keys", "last_used_from", id)));
        Ok(Self {
            account_id: row.account_id.into(),
            id,
            name: row.name,
            name_key: row.name_key,
            description: row.description,
            networks: networks.map_err(|_| inconsistent("api_keys", "networks", id))?,
            expires_at: row.expires_at.map(Time::from),
            last_use: row.last_used_at.map(Time::from).zip(from.transpose()?),
            version: row.version,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        })
    }
}

fn text_of(networks: &[IpNet]) -> String {
    networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Adds a key; a unique violation if the name is taken.
pub fn insert(conn: &mut Conn, key: &ApiKey) -> Result<()> {
    let row = Row {
        account_id: key.account_id.into(),
        id: key.id.into(),
        name: key.name.clone(),
        name_key: key.name_key.clone(),
        description: key.description.clone(),
        networks: text_of(&key.networks),
        expires_at: key.expires_at.map(SqlTime::from),
        last_used_at: key.last_use.map(|(at, _)| at.into()),
        last_used_from: key.last_use.map(|(_, from)| from.to_string()),
        version: key.version,
        created_at: key.created_at.into(),
        updated_at: key.updated_at.into(),
    };
    diesel::insert_into(api_keys::table).values(row).execute(conn)?;
    Ok(())
}

/// The key with this id in this account.
pub fn by_id(conn: &mut Conn, account: AccountId, id: ApiKeyId) -> Result<Option<ApiKey>> {
    let row = api_keys::table
        .find((SqlId::from(account), SqlId::from(id)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(ApiKey::try_from).transpose()
}

/// The same, and everyone else who locks it waits until the transaction ends. SQLite's writer is alone anyway.
pub fn lock(conn: &mut Conn, account: AccountId, id: ApiKeyId) -> Result<Option<ApiKey>> {
    match conn {
        Conn::Sqlite(_) => by_id(conn, account, id),
        Conn::Postgres(conn) => {
            let row = api_keys::table
                .find((SqlId::from(account), SqlId::from(id)))
                .select(Row::as_select())
                .for_no_key_update()
                .first(conn)
                .optional()?;
            row.map(ApiKey::try_from).transpose()
        }
    }
}

/// How many keys the account has.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(api_keys::table.filter(api_keys::account_id.eq(SqlId::from(account))).count().get_result(conn)?)
}

/// Up to `limit` keys of the account that were created after the one with the id `after`, oldest first.
pub fn page(conn: &mut Conn, account: AccountId, after: Option<ApiKeyId>, limit: i64) -> Result<Vec<ApiKey>> {
    let mut query = api_keys::table
        .filter(api_keys::account_id.eq(SqlId::from(account)))
        .select(Row::as_select())
        .order(api_keys::id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(api_keys::id.gt(SqlId::from(after)));
    }
    query.load(conn)?.into_iter().map(ApiKey::try_from).collect()
}

/// Writes name, description, networks and expiry, and counts the change; a unique violation if the name is taken. The
/// caller has locked the key.
pub fn update(conn: &mut Conn, key: &ApiKey, now: Time) -> Result<()> {
    diesel::update(api_keys::table.find((SqlId::from(key.account_id), SqlId::from(key.id))))
        .set((
            api_keys::name.eq(&key.name),
            api_keys::name_key.eq(&key.name_key),
            api_keys::description.eq(&key.description),
            api_keys::networks.eq(text_of(&key.networks)),
            api_keys::expires_at.eq(key.expires_at.map(SqlTime::from)),
            api_keys::version.eq(api_keys::version + 1),
            api_keys::updated_at.eq(SqlTime::from(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Counts a change of something that belongs to the key. The caller has locked it.
pub fn touch(conn: &mut Conn, account: AccountId, id: ApiKeyId, now: Time) -> Result<()> {
    diesel::update(api_keys::table.find((SqlId::from(account), SqlId::from(id))))
        .set((api_keys::version.eq(api_keys::version + 1), api_keys::updated_at.eq(SqlTime::from(now))))
        .execute(conn)?;
    Ok(())
}

/// Records that the key was used, unless that was recorded after `then`.
pub fn used(conn: &mut Conn, account: AccountId, id: ApiKeyId, from: IpAddr, then: Time, now: Time) -> Result<()> {
    let stale = api_keys::last_used_at.is_null().or(api_keys::last_used_at.le(SqlTime::from(then)));
    diesel::update(
        api_keys::table
            .filter(api_keys::account_id.eq(SqlId::from(account)))
            .filter(api_keys::id.eq(SqlId::from(id)))
            .filter(stale),
    )
    .set((
        api_keys::last_used_at.eq(Some(SqlTime::from(now))),
        api_keys::last_used_from.eq(Some(from.to_canonical().to_string())),
    ))
    .execute(conn)?;
    Ok(())
}

/// Deletes the key with its secrets and those that were shown to it.
pub fn delete(conn: &mut Conn, account: AccountId, id: ApiKeyId) -> Result<()> {
    diesel::delete(api_keys::table.find((SqlId::from(account), SqlId::from(id)))).execute(conn)?;
    Ok(())
}
