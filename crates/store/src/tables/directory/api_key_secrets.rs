//! The secrets of API keys, as digests, and the user responsible for each.

use diesel::prelude::*;
use kernel::{AccountId, ApiKeyId, Time, TokenDigest, UserId, entity};

use crate::{
    Conn, Result,
    schema::{api_key_secrets, api_keys},
    sql_types::{SqlId, SqlTime},
    tables::{
        base::some_rows::delete_older,
        digest,
        directory::api_keys::{ApiKey, Row as KeyRow},
    },
};

/// A secret of a key.
#[derive(Clone, Copy, Debug)]
pub struct ApiKeySecret {
    /// SHA-256 of the secret.
    pub digest: TokenDigest,
    /// The account of the key.
    pub account_id: AccountId,
    /// The key.
    pub api_key_id: ApiKeyId,
    /// The user responsible for it: account and user.
    pub answerable: (AccountId, UserId),
    /// The key of the program that it was shown to; `None`: it was shown to the user.
    pub recipient: Option<(AccountId, ApiKeyId)>,
    /// When it was made.
    pub created_at: Time,
    /// When it expires; `None`: with the key.
    pub ends_at: Option<Time>,
}

impl ApiKeySecret {
    /// Whether it is valid by the clock.
    pub fn is_current(&self, now: Time) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}

/// A secret with its key.
#[derive(Clone, Debug)]
pub struct FoundSecret {
    /// The secret.
    pub secret: ApiKeySecret,
    /// Its key.
    pub key: ApiKey,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_key_secrets)]
struct Row {
    token_digest: Vec<u8>,
    account_id: SqlId<entity::Account>,
    api_key_id: SqlId<entity::ApiKey>,
    answerable_account_id: SqlId<entity::Account>,
    answerable_id: SqlId<entity::User>,
    recipient_account_id: Option<SqlId<entity::Account>>,
    recipient_id: Option<SqlId<entity::ApiKey>>,
    created_at: SqlTime,
    ends_at: Option<SqlTime>,
}

impl TryFrom<Row> for ApiKeySecret {
    type Error = crate::StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let recipient = row.recipient_account_id.zip(row.recipient_id);
        Ok(Self {
            digest: TokenDigest::from_bytes(digest(&row.token_digest, "api_key_secrets")?),
            account_id: row.account_id.into(),
            api_key_id: row.api_key_id.into(),
            answerable: (row.answerable_account_id.into(), row.answerable_id.into()),
            recipient: recipient.map(|(account, key)| (account.into(), key.into())),
            created_at: row.created_at.into(),
            ends_at: row.ends_at.map(Time::from),
        })
    }
}

/// Adds a secret.
pub fn insert(conn: &mut Conn, secret: &ApiKeySecret) -> Result<()> {
    let row = Row {
        token_digest: secret.digest.as_bytes().to_vec(),
        account_id: secret.account_id.into(),
        api_key_id: secret.api_key_id.into(),
        answerable_account_id: secret.answerable.0.into(),
        answerable_id: secret.answerable.1.into(),
        recipient_account_id: secret.recipient.map(|(account, _)| account.into()),
        recipient_id: secret.recipient.map(|(_, key)| key.into()),
        created_at: secret.created_at.into(),
        ends_at: secret.ends_at.map(SqlTime::from),
    };
    diesel::insert_into(api_key_secrets::table).values(row).execute(conn)?;
    Ok(())
}

/// The secret with this digest and its key, in one indexed query.
pub fn by_digest(conn: &mut Conn, secret: TokenDigest) -> Result<Option<FoundSecret>> {
    let of_key = api_keys::account_id.eq(api_key_secrets::account_id).and(api_keys::id.eq(api_key_secrets::api_key_id));
    let found = api_key_secrets::table
        .inner_join(api_keys::table.on(of_key))
        .filter(api_key_secrets::token_digest.eq(secret.as_bytes().to_vec()))
        .select((Row::as_select(), KeyRow::as_select()))
        .first::<(Row, KeyRow)>(conn)
        .optional()?;
    let found = found.map(|(secret, key)| Ok(FoundSecret { secret: secret.try_into()?, key: key.try_into()? }));
    found.transpose()
}

/// All secrets of these keys, the newest of each first.
pub fn of_keys(conn: &mut Conn, account: AccountId, ids: &[ApiKeyId]) -> Result<Vec<ApiKeySecret>> {
    let rows: Vec<Row> = api_key_secrets::table
        .filter(api_key_secrets::account_id.eq(SqlId::from(account)))
        .filter(api_key_secrets::api_key_id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select(Row::as_select())
        .order((api_key_secrets::created_at.desc(), api_key_secrets::ends_at.is_null().desc()))
        .load(conn)?;
    rows.into_iter().map(ApiKeySecret::try_from).collect()
}

/// Sets the secrets of a key to expire at `end` at the latest. The caller has locked the key.
pub fn end_by(conn: &mut Conn, account: AccountId, key: ApiKeyId, end: Time) -> Result<()> {
    let later = api_key_secrets::ends_at.is_null().or(api_key_secrets::ends_at.gt(SqlTime::from(end)));
    diesel::update(
        api_key_secrets::table
            .filter(api_key_secrets::account_id.eq(SqlId::from(account)))
            .filter(api_key_secrets::api_key_id.eq(SqlId::from(key)))
            .filter(later),
    )
    .set(api_key_secrets::ends_at.eq(Some(SqlTime::from(end))))
    .execute(conn)?;
    Ok(())
}

/// Deletes up to `limit` secrets that expired before `then`; returns how many.
pub fn purge(conn: &mut Conn, then: Time, limit: i64) -> Result<usize> {
    delete_older(conn, "api_key_secrets", "ends_at", then, limit)
}
