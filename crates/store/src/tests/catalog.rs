//! Describes the tables of a database as sentences, so that two databases can be compared.

use std::collections::BTreeSet;

use diesel::{RunQueryDsl as _, dsl::sql, sql_types::Text};

use crate::Conn;

/// Facts such as `users.email: text null` or `users: unique (account_id, username_key)`. Types are PostgreSQL's, or
/// SQLite's.
pub(super) type Facts = BTreeSet<String>;

const SQLITE: [&str; 4] = [
    "SELECT t.name || '.' || c.name || ': ' || lower(c.type) || iif(c.[notnull], '', ' null')
         || iif(c.dflt_value IS NULL, '', ' default')
     FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
    "SELECT t.name || ': primary key (' || group_concat(c.name, ', ' ORDER BY c.pk) || ')'
     FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.pk > 0 GROUP BY t.name",
    "SELECT t.name || iif(i.[unique], ': unique (', ': index (')
         || (SELECT group_concat(coalesce(c.name, 'expression'), ', ' ORDER BY c.seqno) FROM pragma_index_info(i.name) c)
         || ')' || iif(i.partial, ' partial', '')
     FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin <> 'pk'",
    "SELECT t.name || ': foreign key (' || group_concat(f.[from], ', ' ORDER BY f.seq) || ') references ' || f.[table]
         || ' (' || group_concat(f.[to], ', ' ORDER BY f.seq) || ') on delete ' || lower(f.on_delete)
     FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' GROUP BY t.name, f.id",
];

const POSTGRES: [&str; 3] = [
    "SELECT t.relname || '.' || c.attname || ': ' || format_type(c.atttypid, c.atttypmod)
         || CASE WHEN c.attnotnull THEN '' ELSE ' null' END || CASE WHEN c.atthasdef THEN ' default' ELSE '' END
     FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
     WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace",
    "SELECT t.relname || CASE WHEN indisprimary THEN ': primary key (' WHEN indisunique THEN ': unique ('
         ELSE ': index (' END || (SELECT string_agg(coalesce(c.attname, 'expression'), ', ' ORDER BY k.n)
            FROM unnest(i.indkey) WITH ORDINALITY k (attnum, n)
            LEFT JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = k.attnum AND k.attnum > 0)
         || ')' || CASE WHEN indpred IS NULL THEN '' ELSE ' partial' END
     FROM pg_class t JOIN pg_index i ON i.indrelid = t.oid
     WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace",
    "SELECT t.relname || ': foreign key (' || string_agg(c.attname, ', ' ORDER BY k.n) || ') references ' || u.relname
         || ' (' || string_agg(d.attname, ', ' ORDER BY k.n) || ') on delete ' || CASE f.confdeltype
            WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null'
            ELSE 'set default' END
     FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class u ON u.oid = f.confrelid
     CROSS JOIN unnest(f.conkey, f.confkey) WITH ORDINALITY k (here, there, n)
     JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = k.here
     JOIN pg_attribute d ON d.attrelid = u.oid AND d.attnum = k.there
     WHERE f.contype = 'f' GROUP BY f.oid, t.relname, u.relname, f.confdeltype",
];

/// `table`, a line break, and the SQL with its checks.
const SQLITE_CHECKS: &str = "SELECT name || char(10) || sql FROM sqlite_master WHERE type = 'table'";
const POSTGRES_CHECKS: &str =
    "SELECT t.relname || chr(10) || coalesce(string_agg(pg_get_constraintdef(k.oid), ' '), '')
     FROM pg_class t LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'c'
     WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace GROUP BY t.relname";

/// Everything that both databases know about the tables of the migrations.
pub(super) fn facts(conn: &mut Conn) -> Facts {
    let (queries, checks) = match conn {
        Conn::Sqlite(_) => (SQLITE.as_slice(), SQLITE_CHECKS),
        Conn::Postgres(_) => (POSTGRES.as_slice(), POSTGRES_CHECKS),
    };
    let mut facts: Facts = queries.iter().flat_map(|query| lines(conn, query)).collect();
    facts.extend(lines(conn, checks).iter().map(|table| checks_of(table)));
    // `user_names*` are indexed in ways that only one of the databases has; their behavior is compared instead.
    facts.retain(|fact| !["__diesel", "sqlite_", "user_names"].iter().any(|name| fact.starts_with(name)));
    facts
}

fn lines(conn: &mut Conn, query: &str) -> Vec<String> {
    sql::<Text>(query).load(conn).unwrap()
}

/// The databases write checks differently; their number and the texts they name are comparable.
fn checks_of(table: &str) -> String {
    let (name, text) = table.split_once('\n').unwrap();
    let texts: BTreeSet<_> = text.split('\'').skip(1).step_by(2).collect();
    format!("{name}: {} checks of {texts:?}", text.matches("CHECK (").count())
}

/// A fact of PostgreSQL in SQLite's terms, which has fewer types.
pub(super) fn in_sqlite_types(fact: &str) -> String {
    let Some((column, kind)) = fact.split_once(": ").filter(|(column, _)| column.contains('.')) else {
        return fact.to_owned();
    };
    let names = [
        ("uuid", "blob"),
        ("bytea", "blob"),
        ("timestamp with time zone", "integer"),
        ("bigint", "integer"),
        ("boolean", "integer"),
    ];
    let translated = names.iter().find_map(|(postgres, sqlite)| Some((sqlite, kind.strip_prefix(postgres)?)));
    translated.map_or(fact.to_owned(), |(sqlite, rest)| format!("{column}: {sqlite}{rest}"))
}
