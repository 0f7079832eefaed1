//! Activation codes: each sets the password of a new or reset user, once.

use diesel::prelude::*;
use kernel::{AccountId, ApiKeyId, Time, TokenDigest, UserId, entity};

use crate::{
    Conn, Result,
    schema::activations,
    sql_types::{SqlId, SqlTime},
    tables::{Author, Columns, base::some_rows::delete_older, directory::address_authors::AddressAuthor, inconsistent},
};

/// An unused activation.
#[derive(Clone, Copy, Debug)]
pub struct Activation {
    /// Digest of the code that was issued.
    pub token_digest: TokenDigest,
    /// The account of its user.
    pub account_id: AccountId,
    /// The user whose password it sets.
    pub user_id: UserId,
    /// The issuer; `None`: the operator.
    pub issuer: Option<Author>,
    /// Who set the address that it was mailed to; `None`: it was not mailed.
    pub mailed_to: Option<AddressAuthor>,
    /// When it was issued.
    pub created_at: Time,
    /// When it expires.
    pub expires_at: Time,
}

#[derive(Insertable)]
#[diesel(table_name = activations)]
struct Row {
    token_digest: Vec<u8>,
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    issuer_account_id: Option<SqlId<entity::Account>>,
    issuer_user_id: Option<SqlId<entity::User>>,
    issuer_key_account: Option<SqlId<entity::Account>>,
    issuer_key: Option<SqlId<entity::ApiKey>>,
    created_at: SqlTime,
    expires_at: SqlTime,
    mailed_to: Option<String>,
    address_author_account: Option<SqlId<entity::Account>>,
    address_author: Option<SqlId<entity::User>>,
    address_author_key_account: Option<SqlId<entity::Account>>,
    address_author_key: Option<SqlId<entity::ApiKey>>,
}

const fn name(address: &AddressAuthor) -> &'static str {
    match address {
        AddressAuthor::Unknown => "unknown",
        AddressAuthor::Operator => "operator",
        AddressAuthor::Somebody(_) => "author",
    }
}

/// Makes this the only activation of its user.
pub fn replace(conn: &mut Conn, activation: &Activation) -> Result<()> {
    delete_of_user(conn, activation.account_id, activation.user_id)?;
    let key = activation.issuer.and_then(|issuer| issuer.api_key);
    let address_author = match activation.mailed_to {
        Some(AddressAuthor::Somebody(author)) => Some(author),
        Some(AddressAuthor::Unknown | AddressAuthor::Operator) | None => None,
    };
    let address_key = address_author.and_then(|author| author.api_key);
    let row = Row {
        token_digest: activation.token_digest.as_bytes().to_vec(),
        account_id: activation.account_id.into(),
        user_id: activation.user_id.into(),
        issuer_account_id: activation.issuer.map(|issuer| issuer.user.0.into()),
        issuer_user_id: activation.issuer.map(|issuer| issuer.user.1.into()),
        issuer_key_account: key.map(|(account, _): (AccountId, ApiKeyId)| account.into()),
        issuer_key: key.map(|(_, key)| key.into()),
        created_at: activation.created_at.into(),
        expires_at: activation.expires_at.into(),
        mailed_to: activation.mailed_to.as_ref().map(|address| name(address).to_owned()),
        address_author_account: address_author.map(|author| author.user.0.into()),
        address_author: address_author.map(|author| author.user.1.into()),
        address_author_key_account: address_key.map(|(account, _): (AccountId, ApiKeyId)| account.into()),
        address_author_key: address_key.map(|(_, key)| key.into()),
    };
    diesel::insert_into(activations::table).values(row).execute(conn)?;
    Ok(())
}

/// The activation with this code's digest, expired or not.
pub fn by_digest(conn: &mut Conn, token: TokenDigest) -> Result<Option<Activation>> {
    type Handed = (SqlId<entity::Account>, SqlId<entity::User>, SqlTime, SqlTime);
    type Who = (Columns<entity::User>, Columns<entity::ApiKey>);
    let found = activations::table
        .find(token.as_bytes().to_vec())
        .select((
            (activations::account_id, activations::user_id, activations::created_at, activations::expires_at),
            (
                (activations::issuer_account_id, activations::issuer_user_id),
                (activations::issuer_key_account, activations::issuer_key),
            ),
            activations::mailed_to,
            (
                (activations::address_author_account, activations::address_author),
                (activations::address_author_key_account, activations::address_author_key),
            ),
        ))
        .first::<(Handed, Who, Option<String>, Who)>(conn)
        .optional()?;
    let Some(((account, user, created_at, expires_at), issuer, mailed_to, address)) = found else { return Ok(None) };
    let user_id = UserId::from(user);
    Ok(Some(Activation {
        token_digest: token,
        account_id: account.into(),
        user_id,
        issuer: Author::of(issuer.0, issuer.1),
        mailed_to: mailed_to.map(|how| address_of(&how, Author::of(address.0, address.1), user_id)).transpose()?,
        created_at: created_at.into(),
        expires_at: expires_at.into(),
    }))
}

/// Reads what [`name`] and the author's columns say.
fn address_of(name: &str, author: Option<Author>, user: UserId) -> Result<AddressAuthor> {
    match (name, author) {
        ("unknown", None) => Ok(AddressAuthor::Unknown),
        ("operator", None) => Ok(AddressAuthor::Operator),
        ("author", Some(author)) => Ok(AddressAuthor::Somebody(author)),
        _ => Err(inconsistent("activations", "mailed_to", user)),
    }
}

/// Uses up the activations of this user.
pub fn delete_of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<()> {
    diesel::delete(
        activations::table
            .filter(activations::account_id.eq(SqlId::from(account)))
            .filter(activations::user_id.eq(SqlId::from(user))),
    )
    .execute(conn)?;
    Ok(())
}

/// Deletes up to `limit` activations that expired before `then`; returns how many.
pub fn purge(conn: &mut Conn, then: Time, limit: i64) -> Result<usize> {
    delete_older(conn, "activations", "expires_at", then, limit)
}
