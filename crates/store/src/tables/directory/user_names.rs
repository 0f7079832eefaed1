//! Values derived from user names: which look alike, and what a search finds.
//!
//! The two databases index a search in their own ways: PostgreSQL with a GIN index over an array, SQLite with a
//! full-text table beside this one. Both hold the same keys, so they find the same users.

use std::collections::HashSet;

use diesel::prelude::*;
use kernel::{AccountId, UserId, entity};
use names::{SearchedText, fold, skeleton};

use crate::{Conn, Result, StoreError, connection::savepoint, sql_types::SqlId, tables::directory::users::User};

mod postgres {
    diesel::table! {
        use diesel::sql_types::{Array, BigInt, Nullable, Text};
        use crate::sql_types::EntityId;

        user_names (account_id, user_id) {
            account_id -> EntityId,
            user_id -> EntityId,
            skeleton -> Nullable<Text>,
            text -> Text,
            keys -> Array<BigInt>,
        }
    }
}

mod sqlite {
    diesel::table! {
        use diesel::sql_types::{BigInt, Nullable, Text};
        use crate::sql_types::EntityId;

        user_names (number) {
            number -> BigInt,
            account_id -> EntityId,
            user_id -> EntityId,
            skeleton -> Nullable<Text>,
            text -> Text,
        }
    }
    diesel::table! {
        use diesel::sql_types::{BigInt, Text};

        user_names_index (rowid) {
            rowid -> BigInt,
            keys -> Text,
        }
    }
}

/// Adds what is derived from the names of a user; a unique violation if another user's name in the account looks the
/// same.
pub(in crate::tables) fn insert(conn: &mut Conn, user: &User) -> Result<()> {
    put(conn, user, Some(&skeleton(&user.username_key)))
}

/// Adds what [`insert`] does, for many users.
pub(in crate::tables) fn insert_many(conn: &mut Conn, new: &[User]) -> Result<()> {
    use postgres::user_names;
    let Conn::Postgres(conn) = conn else {
        // SQLite runs in this process: one statement per row is cheap.
        return new.iter().try_for_each(|user| insert(conn, user));
    };
    let row = |user: &User| {
        let searched = searched(user);
        (
            user_names::account_id.eq(SqlId::from(user.account_id)),
            user_names::user_id.eq(SqlId::from(user.id)),
            user_names::skeleton.eq(skeleton(&user.username_key)),
            user_names::text.eq(searched.text),
            user_names::keys.eq(searched.keys),
        )
    };
    // PostgreSQL statements take at most 65,535 parameters.
    for part in new.chunks(2_000) {
        let rows: Vec<_> = part.iter().map(row).collect();
        diesel::insert_into(user_names::table).values(rows).execute(conn)?;
    }
    Ok(())
}

/// Those of `skeletons` that users of the account have. Names that look alike have the same skeleton.
pub fn taken(conn: &mut Conn, account: AccountId, skeletons: &[&str]) -> Result<HashSet<String>> {
    let account = SqlId::from(account);
    let mut taken = HashSet::new();
    // In chunks, because a statement takes a limited number of parameters.
    for part in skeletons.chunks(1_000) {
        let found: Vec<Option<String>> = match conn {
            Conn::Postgres(conn) => {
                use postgres::user_names;
                let of_account = user_names::table.filter(user_names::account_id.eq(account));
                of_account.filter(user_names::skeleton.eq_any(part)).select(user_names::skeleton).load(conn)?
            }
            Conn::Sqlite(conn) => {
                use sqlite::user_names;
                let of_account = user_names::table.filter(user_names::account_id.eq(account));
                of_account.filter(user_names::skeleton.eq_any(part)).select(user_names::skeleton).load(conn)?
            }
        };
        taken.extend(found.into_iter().flatten());
    }
    Ok(taken)
}

/// What a search in the names of a user covers.
fn searched(user: &User) -> SearchedText {
    let names = [Some(&user.username), user.display_name.as_ref(), user.email.as_ref()];
    SearchedText::new(user.account_id.as_bytes(), names.into_iter().flatten().map(String::as_str))
}

fn put(conn: &mut Conn, user: &User, skeleton: Option<&str>) -> Result<()> {
    let searched = searched(user);
    let (account, id) = (SqlId::from(user.account_id), SqlId::from(user.id));
    match conn {
        Conn::Postgres(conn) => {
            use postgres::user_names;
            let row = (
                user_names::account_id.eq(account),
                user_names::user_id.eq(id),
                user_names::skeleton.eq(skeleton),
                user_names::text.eq(&searched.text),
                user_names::keys.eq(&searched.keys),
            );
            diesel::insert_into(user_names::table).values(row).execute(conn)?;
        }
        Conn::Sqlite(conn) => {
            use sqlite::{user_names, user_names_index};
            let row = (
                user_names::account_id.eq(account),
                user_names::user_id.eq(id),
                user_names::skeleton.eq(skeleton),
                user_names::text.eq(&searched.text),
            );
            let number: i64 =
                diesel::insert_into(user_names::table).values(row).returning(user_names::number).get_result(conn)?;
            let row = (user_names_index::rowid.eq(number), user_names_index::keys.eq(as_words(&searched.keys)));
            diesel::insert_into(user_names_index::table).values(row).execute(conn)?;
        }
    }
    Ok(())
}

/// Keys as SQLite's full-text index takes them.
pub(in crate::tables) fn as_words(keys: &[i64]) -> String {
    let words: Vec<String> = keys.iter().map(|key| format!("{key:016x}")).collect();
    words.join(" ")
}

/// Folds a search text as the names are folded.
pub(in crate::tables) fn fold_query(query: &str) -> String {
    fold(query.trim())
}

/// Deletes what was derived.
pub(in crate::tables) fn delete(conn: &mut Conn, account: AccountId, user: UserId) -> Result<()> {
    let (account, user) = (SqlId::from(account), SqlId::from(user));
    match conn {
        Conn::Postgres(conn) => diesel::delete(postgres::user_names::table.find((account, user))).execute(conn)?,
        Conn::Sqlite(conn) => {
            use sqlite::user_names;
            let row = user_names::table.filter(user_names::account_id.eq(account)).filter(user_names::user_id.eq(user));
            diesel::delete(row).execute(conn)?
        }
    };
    Ok(())
}

/// Up to `limit` users for whom a migration left names to be derived.
pub fn to_derive(conn: &mut Conn, limit: i64) -> Result<Vec<(AccountId, UserId)>> {
    type Found = Vec<(SqlId<entity::Account>, SqlId<entity::User>)>;
    let found: Found = match conn {
        Conn::Postgres(conn) => {
            use postgres::user_names;
            let open = user_names::table.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("text = ''"));
            open.select((user_names::account_id, user_names::user_id)).limit(limit).load(conn)?
        }
        Conn::Sqlite(conn) => {
            use sqlite::user_names;
            let open = user_names::table.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("text = ''"));
            open.select((user_names::account_id, user_names::user_id)).limit(limit).load(conn)?
        }
    };
    Ok(found.into_iter().map(|(account, user)| (account.into(), user.into())).collect())
}

/// Derives again. Of users who already look alike, the first claims the look and the others stay.
pub fn derive_again(conn: &mut Conn, user: &User) -> Result<()> {
    delete(conn, user.account_id, user.id)?;
    match savepoint(conn, |conn| insert(conn, user)) {
        Err(StoreError::UniqueViolation { .. }) => put(conn, user, None),
        other => other,
    }
}
