//! Checks whether the database user may do in PostgreSQL what this program does.

/// The tables of the migrations. A test compares them with the schema.
const TABLES: [&str; 48] = [
    "accounts",
    "activations",
    "address_authors",
    "api_key_permissions",
    "api_key_secrets",
    "api_keys",
    "application_permissions",
    "audit_events",
    "audit_heads",
    "authenticators",
    "bulk_job_users",
    "bulk_jobs",
    "bulk_queues",
    "challenges",
    "idempotency_keys",
    "imported_users",
    "known_factors",
    "known_sources",
    "one_time_replies",
    "outbox",
    "password_history",
    "password_history_trims",
    "password_policies",
    "password_policy_permissions",
    "password_policy_roles",
    "password_policy_users",
    "password_policy_words",
    "recovery_codes",
    "refresh_tokens",
    "role_permissions",
    "roles",
    "sessions",
    "signing_keys",
    "throttles",
    "two_factor_days",
    "two_factor_due",
    "two_factor_policies",
    "two_factor_policy_users",
    "user_import_batches",
    "user_import_errors",
    "user_import_keys",
    "user_import_queue",
    "user_imports",
    "user_names",
    "user_permissions",
    "user_quotas",
    "user_roles",
    "users",
];

/// A query for the names of existing Latchkey tables that this user may not read, or not change, whoever owns them. The
/// table that records applied migrations only needs to be readable.
pub(crate) fn forbidden_tables() -> String {
    let names = TABLES.map(|name| format!("('{name}', 'INSERT')")).join(", ");
    format!(
        "SELECT name FROM (VALUES {names}, ('__diesel_schema_migrations', 'SELECT')) AS ours (name, change)
         WHERE to_regclass(name) IS NOT NULL AND NOT (
             has_table_privilege(to_regclass(name), 'SELECT') AND has_table_privilege(to_regclass(name), change)
             AND (change = 'SELECT' OR has_table_privilege(to_regclass(name), 'UPDATE')
                 AND has_table_privilege(to_regclass(name), 'DELETE')))
         ORDER BY name"
    )
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn the_tables_are_those_of_the_migrations() {
        let trail = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/postgres");
        let mut made = BTreeSet::new();
        for migration in fs::read_dir(trail).unwrap() {
            let text = fs::read_to_string(migration.unwrap().path().join("up.sql")).unwrap();
            assert!(!text.contains("DROP TABLE") && !text.contains("RENAME TO"), "then this test has more to do");
            let after = text.split("CREATE TABLE ").skip(1);
            made.extend(after.map(|after| after.split_whitespace().next().unwrap().to_owned()));
        }
        assert_eq!(made, TABLES.map(str::to_owned).into());
    }
}
