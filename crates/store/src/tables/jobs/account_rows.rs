//! Deletes all rows of an account, in whichever table, at the end of the account.

use kernel::AccountId;

use crate::tables::{base::some_rows, directory::user_quotas};
use crate::{
    Conn, Result,
    sql_types::{EntityId, SqlId},
};

/// A table with rows of accounts, and the column that holds the account.
struct Table {
    name: &'static str,
    column: &'static str,
}

const fn table(name: &'static str) -> Table {
    Table { name, column: "account_id" }
}

/// Every table with rows of accounts, those that refer to others first: so a row's dependents are gone before it, and
/// no statement is long. A test compares this list with the schema.
const TABLES: &[Table] = &[
    Table { name: "throttles", column: "of_account" },
    table("audit_events"),
    table("audit_heads"),
    table("outbox"),
    table("idempotency_keys"),
    table("one_time_replies"),
    table("api_key_secrets"),
    table("api_key_permissions"),
    table("api_keys"),
    table("refresh_tokens"),
    table("sessions"),
    table("challenges"),
    table("activations"),
    table("address_authors"),
    table("known_sources"),
    table("recovery_codes"),
    table("known_factors"),
    table("authenticators"),
    table("password_history"),
    table("password_history_trims"),
    table("password_policy_words"),
    table("password_policy_users"),
    table("password_policy_roles"),
    table("password_policy_permissions"),
    table("password_policies"),
    table("two_factor_days"),
    table("two_factor_due"),
    table("two_factor_policy_users"),
    table("two_factor_policies"),
    table("user_import_queue"),
    table("user_import_batches"),
    table("user_import_errors"),
    table("user_import_keys"),
    table("user_imports"),
    table("bulk_job_users"),
    table("bulk_jobs"),
    table("bulk_queues"),
    table("imported_users"),
    table("user_roles"),
    table("role_permissions"),
    table("roles"),
    table("user_permissions"),
    table("user_names"),
    table("users"),
    table("user_quotas"),
];

/// Deletes up to `limit` rows of the account, from the first table that has any; returns how many. Zero: only the
/// account itself is left. The caller has locked the account.
pub fn delete_some(conn: &mut Conn, account: AccountId, limit: i64) -> Result<usize> {
    for table in TABLES {
        let whose = (table.column, "=");
        let deleted = some_rows::delete_some::<EntityId, _>(conn, table.name, whose, SqlId::from(account), limit)?;
        if deleted > 0 {
            if table.name == "users" {
                user_quotas::release(conn, account, deleted)?;
            }
            return Ok(deleted);
        }
    }
    Ok(0)
}

/// The names of all tables with rows of accounts, for the test that compares them with the schema.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name)
}
