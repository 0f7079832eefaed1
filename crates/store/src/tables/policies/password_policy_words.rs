//! The words that password policies forbid.

use diesel::prelude::*;
use kernel::{AccountId, PasswordPolicyId, entity};

use crate::{Conn, Result, schema::password_policy_words, sql_types::SqlId};

#[derive(Insertable)]
#[diesel(table_name = password_policy_words)]
struct Row<'a> {
    account_id: SqlId<entity::Account>,
    policy_id: SqlId<entity::PasswordPolicy>,
    place: i32,
    word: &'a str,
}

/// Adds the words of a policy that has none.
pub(in crate::tables) fn insert(
    conn: &mut Conn,
    account: AccountId,
    policy: PasswordPolicyId,
    words: &[String],
) -> Result<()> {
    for (place, word) in (0..).zip(words) {
        let row = Row { account_id: account.into(), policy_id: policy.into(), place, word };
        diesel::insert_into(password_policy_words::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Deletes the words of a policy.
pub(in crate::tables) fn delete(conn: &mut Conn, account: AccountId, policy: PasswordPolicyId) -> Result<()> {
    let words = password_policy_words::table
        .filter(password_policy_words::account_id.eq(SqlId::from(account)))
        .filter(password_policy_words::policy_id.eq(SqlId::from(policy)));
    diesel::delete(words).execute(conn)?;
    Ok(())
}
