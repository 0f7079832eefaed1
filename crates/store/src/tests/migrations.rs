//! The two sets of migrations, and what the code assumes about them.

use diesel_migrations::MigrationHarness as _;
use password_policy::{PasswordPolicy, PolicyDraft};

use super::{
    catalog::{Facts, facts, in_sqlite_types},
    database::Database,
};
use crate::{Conn, StoreError, migrate};

#[track_caller]
fn assert_same(left: (&str, &Facts), right: (&str, &Facts)) {
    let only = |one: &Facts, other: &Facts| one.difference(other).flat_map(|fact| ["\n    ", fact]).collect::<String>();
    let (only_left, only_right) = (only(left.1, right.1), only(right.1, left.1));
    assert!(
        only_left.is_empty() && only_right.is_empty(),
        "\nonly in {}:{only_left}\nonly in {}:{only_right}",
        left.0,
        right.0
    );
}

fn migrated(database: &Database) -> Facts {
    database.open().migrate().unwrap();
    facts(&mut database.connect())
}

#[test]
fn both_trails_have_the_same_names() {
    let names = |trail: &str| {
        let dir = format!("{}/../../migrations/{trail}", env!("CARGO_MANIFEST_DIR"));
        let names = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<Facts>()
    };
    assert_same(("migrations/postgres", &names("postgres")), ("migrations/sqlite", &names("sqlite")));
}

/// The columns that `schema.rs` declares, in the types that `sql` gives to each of diesel's.
fn declared(sql: impl Fn(&str) -> &'static str) -> Facts {
    let mut table = "";
    let mut columns = Facts::new();
    for line in include_str!("../schema.rs").lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name;
        }
        if let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") {
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            let null = if inner.is_some() { " null" } else { "" };
            columns.insert(format!("{table}.{column}: {}{null}", sql(inner.unwrap_or(kind))));
        }
    }
    columns
}

fn in_postgres(kind: &str) -> &'static str {
    match kind {
        "EntityId" => "uuid",
        "Moment" => "timestamp with time zone",
        "Binary" => "bytea",
        "Text" => "text",
        "Bool" => "boolean",
        "BigInt" => "bigint",
        "Integer" => "integer",
        _ => panic!("{kind} has no place in the README of this crate"),
    }
}

fn columns(facts: &Facts) -> Facts {
    let columns = facts.iter().filter(|fact| fact.split_once(": ").unwrap().0.contains('.'));
    columns.map(|fact| fact.trim_end_matches(" default").to_owned()).collect()
}

#[test]
fn schema_rs_declares_what_sqlite_has() {
    let declared = declared(in_postgres).iter().map(|fact| in_sqlite_types(fact)).collect();
    assert_same(("schema.rs", &declared), ("SQLite", &columns(&migrated(&Database::sqlite()))));
}

#[test]
fn every_reference_is_a_foreign_key() {
    let facts = migrated(&Database::sqlite());
    let is_key = |table: &str, column: &str| {
        facts.iter().filter_map(|fact| fact.strip_prefix(table)?.strip_prefix(": foreign key (")).any(|key| {
            let here = key.split(')').next().unwrap();
            here.split(", ").any(|name| name == column)
        })
    };
    let loose = facts.iter().filter_map(|fact| {
        let (table, column) = fact.split_once(": ").unwrap().0.split_once('.')?;
        (column.ends_with("_id") && !is_key(table, column)).then(|| format!("{table}.{column}"))
    });
    assert_eq!(loose.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn no_constraint_waits_for_the_commit() {
    // On SQLite a commit is shared: a closure that broke such a constraint would fail the others with it.
    for trail in ["sqlite", "postgres"] {
        let dir = format!("{}/../../migrations/{trail}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(dir).unwrap() {
            let up = std::fs::read_to_string(entry.unwrap().path().join("up.sql")).unwrap();
            assert!(!up.to_uppercase().contains("DEFERRABLE"), "{up}");
        }
    }
}

#[test]
fn no_migration_runs_outside_of_a_transaction() {
    // The lock among nodes is held by the transaction.
    for trail in ["sqlite", "postgres"] {
        let dir = format!("{}/../../migrations/{trail}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            assert!(!path.join("metadata.toml").exists(), "{}", path.display());
        }
    }
}

#[test]
fn every_table_of_sqlite_is_strict() {
    let database = Database::sqlite();
    migrated(&database);
    let lax = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict
        AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'";
    let lax = diesel::dsl::sql::<diesel::sql_types::Text>(lax);
    let lax: Vec<String> = diesel::RunQueryDsl::load(lax, &mut database.connect()).unwrap();
    assert_eq!(lax, [""; 0]);
}

#[test]
fn down_takes_everything_away_and_up_brings_it_back() {
    for database in Database::each() {
        let before = migrated(&database);
        assert!(!before.is_empty());
        let mut conn = database.connect();
        let trail = match conn {
            Conn::Sqlite(_) => migrate::SQLITE,
            Conn::Postgres(_) => migrate::POSTGRES,
        };
        conn.revert_all_migrations(trail).unwrap();
        assert_eq!(facts(&mut conn), Facts::new());
        assert_same(("the first time", &before), ("the second time", &migrated(&database)));
    }
}

#[tokio::test]
async fn a_store_is_ready_when_migrated() {
    for database in Database::each() {
        let store = database.open();
        assert_eq!(store.is_ready().await, Err(StoreError::NotMigrated));
        assert!(store.migrate().unwrap().contains(&"00000000000001".to_owned()));
        assert_eq!(store.is_ready().await, Ok(()));
        assert_eq!(store.migrate().unwrap(), [""; 0]);
        // A newer node was here.
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99999999999999')";
        super::counters::run(&store, newer).await.unwrap();
        assert_eq!(store.is_ready().await, Ok(()));
        // One of this program's migrations is missing.
        super::counters::run(&store, "DELETE FROM __diesel_schema_migrations WHERE version < '9'").await.unwrap();
        assert_eq!(store.is_ready().await, Err(StoreError::NotMigrated));
    }
}

#[test]
fn many_nodes_migrate_at_once() {
    for database in Database::each() {
        let stores: Vec<_> = (0..6).map(|_| database.open()).collect();
        let applied: Vec<_> = std::thread::scope(|scope| {
            let nodes: Vec<_> = stores.iter().map(|store| scope.spawn(|| store.migrate().unwrap())).collect();
            nodes.into_iter().flat_map(|node| node.join().unwrap()).collect()
        });
        let each_once: Facts = applied.iter().cloned().collect();
        assert_eq!(each_once.len(), applied.len(), "{applied:?}");
        assert!(!applied.is_empty());
    }
}

#[test]
fn accounts_that_are_there_get_the_password_policy_that_they_had_without_one() {
    use crate::tables::policies::password_policies;
    let id: kernel::AccountId = "01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10".parse().unwrap();
    for database in Database::each() {
        let mut conn = database.connect();
        let (trail, row) = match conn {
            Conn::Sqlite(_) => (migrate::SQLITE, "(x'01997f5e8a4c7c2e9c552f1f6f3b9a10', 'acme', 'Acme', 'active', 0)"),
            Conn::Postgres(_) => {
                (migrate::POSTGRES, "('01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10', 'acme', 'Acme', 'active', 'epoch')")
            }
        };
        conn.run_next_migration(trail).unwrap();
        super::counters::execute(&mut conn, &format!("INSERT INTO accounts VALUES {row}")).unwrap();
        database.open().migrate().unwrap();
        let policies = password_policies::of_account(&mut conn, id).unwrap();
        let [stored] = policies.as_slice() else { panic!("{policies:?}") };
        assert_eq!((stored.policy.name(), stored.policy.strength().as_str()), ("Basic", "basic"));
        assert!(stored.is_default && stored.expiry.is_none());
        // A second default is impossible, whoever writes.
        let other = kernel::Id::from_uuid(uuid::Uuid::nil());
        let draft = PolicyDraft { name: "Other".to_owned(), ..PolicyDraft::default() };
        let policy = PasswordPolicy::new(draft).unwrap();
        let second = password_policies::StoredPolicy { id: other, policy, ..stored.clone() };
        let taken = password_policies::insert(&mut conn, &second);
        assert!(matches!(taken, Err(StoreError::UniqueViolation { .. })), "{taken:?}");
    }
}

#[test]
fn accounts_that_are_there_have_their_users_counted_and_no_limit() {
    use crate::tables::directory::{accounts, user_quotas::UserQuota};
    for database in Database::each() {
        let mut conn = database.connect();
        let (trail, blob, now) = match conn {
            Conn::Sqlite(_) => (migrate::SQLITE, "x'01997f5e8a4c7c2e9c552f1f6f3b9aNN'", "0"),
            Conn::Postgres(_) => (migrate::POSTGRES, "'01997f5e-8a4c-7c2e-9c55-2f1f6f3b9aNN'", "'epoch'"),
        };
        let id = |number: &str| blob.replace("NN", number);
        conn.run_next_migration(trail).unwrap();
        for (account, slug, users) in [("10", "many", 3), ("20", "none", 0)] {
            let row = format!("({}, '{slug}', 'Große Ämter', 'active', {now})", id(account));
            super::counters::execute(&mut conn, &format!("INSERT INTO accounts VALUES {row}")).unwrap();
            for user in 0..users {
                let values = format!("{}, {}, '{user}', '{user}'", id(account), id(&format!("3{user}")));
                let columns =
                    "account_id, id, username, username_key, status, password_change_required, version, created_at";
                let insert = format!("INSERT INTO users ({columns}) VALUES ({values}, 'active', FALSE, 1, {now})");
                super::counters::execute(&mut conn, &insert).unwrap();
            }
        }
        database.open().migrate().unwrap();
        let mut quota = |slug: &str| {
            let account = accounts::by_slug(&mut conn, slug).unwrap().unwrap();
            assert_eq!((account.status, account.version), (accounts::Status::Active, 1));
            accounts::with_quota(&mut conn, account.id).unwrap().unwrap().1
        };
        assert_eq!(quota("many"), UserQuota { max_users: None, user_count: 3 });
        assert_eq!(quota("none"), UserQuota { max_users: None, user_count: 0 });
        // Their names are searched once they have been derived.
        let filter = accounts::AccountFilter { prefix: Some("GROSSE ämt".replace("SS", "ß")), status: None };
        assert!(accounts::page(&mut conn, &filter, None, 10).unwrap().is_empty());
        while !accounts::derive_names(&mut conn, 1).unwrap() {}
        assert_eq!(accounts::page(&mut conn, &filter, None, 10).unwrap().len(), 2);
    }
}

#[test]
fn who_gives_up_does_not_migrate() {
    for database in Database::each() {
        let progress = crate::Progress::default();
        progress.give_up();
        let holder = hold_lock(&database);
        let outcome = database.open().migrate_telling(&progress);
        assert!(matches!(outcome, Err(crate::MigrateError::GivenUp)), "{outcome:?}");
        drop(holder);
        assert!(!database.open().migrate().unwrap().is_empty());
    }
}

/// Keeps others from migrating as long as it lives.
fn hold_lock(database: &Database) -> Conn {
    use diesel::connection::SimpleConnection as _;
    // So that the SQLite file has its write-ahead log already.
    drop(database.open());
    let mut conn = database.connect();
    let hold = match conn {
        Conn::Sqlite(_) => "BEGIN IMMEDIATE".to_owned(),
        Conn::Postgres(_) => format!("SELECT pg_advisory_lock({})", migrate::LOCK),
    };
    conn.batch_execute(&hold).unwrap();
    conn
}

mod on_postgres {
    use super::super::{catalog::in_sqlite_types, database::Database};
    use super::{assert_same, columns, declared, in_postgres, migrated};

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn both_trails_make_the_same_tables() {
        let server = Database::postgres();
        let postgres = migrated(&server).iter().map(|fact| in_sqlite_types(fact)).collect();
        assert_same(("PostgreSQL", &postgres), ("SQLite", &migrated(&Database::sqlite())));
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn schema_rs_declares_what_postgres_has() {
        let server = Database::postgres();
        assert_same(("schema.rs", &declared(in_postgres)), ("PostgreSQL", &columns(&migrated(&server))));
    }
}
