//! Checks a server.

use diesel::{
    Connection as _, PgConnection, QueryResult, RunQueryDsl as _,
    connection::{CacheSize, SimpleConnection as _},
    dsl::sql,
    sql_types::{Bool, Integer, Nullable, Text},
};

use super::{Unfit, check_versions, known_versions};
use crate::{Conn, door::postgres_url, privileges::forbidden_tables};

/// The oldest version of PostgreSQL that has everything used here.
pub(super) const OLDEST: i32 = 13;

/// How often to check whether connections share servers. A busy pooler may hide it once.
const LOOKS: u32 = 3;

/// What the server reports about itself.
#[derive(Clone, Debug)]
struct Facts {
    /// Such as 150004.
    version: i32,
    encoding: String,
    in_recovery: bool,
    /// The default for transactions: `on` or `off`.
    read_only: String,
    /// Where tables are created.
    schema: Option<String>,
    may_create: Option<bool>,
    is_migrated: bool,
    /// Latchkey tables that this user may not read or change.
    forbidden: Vec<String>,
}

type Row = (Integer, Text, Bool, Text, Nullable<Text>, Nullable<Bool>, Bool);

const FACTS: &str = "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding'), \
     pg_is_in_recovery(), current_setting('default_transaction_read_only'), current_schema()::text, \
     has_schema_privilege(current_schema()::text, 'CREATE'), to_regclass('__diesel_schema_migrations') IS NOT NULL";

/// Checks the server, on its own connections on which nothing is set.
pub(super) fn inspect(url: &str, pooler: bool) -> Result<(), Unfit> {
    let url = postgres_url(url);
    let failed = |error: diesel::result::Error| {
        if refuses_transactions(&url) { Unfit::PooledByStatement } else { Unfit::Failed(error.to_string()) }
    };
    let mut conn = connect(&url)?;
    if !pooler && shares_servers(&mut conn, &mut connect(&url)?).map_err(failed)? {
        return Err(Unfit::Pooled);
    }
    let (facts, applied) = look(&mut conn).map_err(failed)?;
    check(&facts)?;
    check_versions(applied, &known_versions(&Conn::Postgres(conn))?)
}

fn connect(url: &str) -> Result<PgConnection, Unfit> {
    let mut conn =
        PgConnection::establish(url).map_err(|error| Unfit::Unreachable(error.to_string().trim().to_owned()))?;
    // A prepared statement would stay on a server connection that belongs to a pooler.
    conn.set_prepared_statement_cache_size(CacheSize::Disabled);
    Ok(conn)
}

/// Whether statements work and transactions do not. The pooler then breaks the connection, often without a message.
fn refuses_transactions(url: &str) -> bool {
    connect(url).is_ok_and(|mut conn| process(&mut conn).is_ok() && conn.batch_execute("BEGIN").is_err())
}

/// Whether one server process works for both connections, or several for one: a pooler assigns them per transaction.
fn shares_servers(one: &mut PgConnection, other: &mut PgConnection) -> QueryResult<bool> {
    for _ in 0..LOOKS {
        let before = process(one)?;
        other.batch_execute("BEGIN")?;
        if process(other)? == before {
            other.batch_execute("ROLLBACK")?;
            return Ok(true);
        }
        // The other connection holds its process until its transaction ends: one that had the same process must take
        // another.
        let after = process(one)?;
        other.batch_execute("ROLLBACK")?;
        if before != after {
            return Ok(true);
        }
    }
    Ok(false)
}

fn process(conn: &mut PgConnection) -> QueryResult<i32> {
    sql::<Integer>("SELECT pg_backend_pid()").get_result(conn)
}

/// In a transaction, because a pooler may not allow any.
fn look(conn: &mut PgConnection) -> QueryResult<(Facts, Vec<String>)> {
    conn.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    let (version, encoding, in_recovery, read_only, schema, may_create, is_migrated) =
        sql::<Row>(FACTS).get_result(conn)?;
    let forbidden = if is_migrated { sql::<Text>(&forbidden_tables()).load(conn)? } else { Vec::new() };
    let facts = Facts { version, encoding, in_recovery, read_only, schema, may_create, is_migrated, forbidden };
    let applied = if facts.is_migrated && facts.forbidden.is_empty() {
        sql::<Text>("SELECT version::text FROM __diesel_schema_migrations").load(conn)?
    } else {
        Vec::new()
    };
    conn.batch_execute("COMMIT")?;
    Ok((facts, applied))
}

fn check(facts: &Facts) -> Result<(), Unfit> {
    if facts.version < OLDEST * 10_000 {
        // Before version 10 the first two numbers were the major version.
        let minor = if facts.version < 100_000 { facts.version / 100 % 100 } else { facts.version % 10_000 };
        return Err(Unfit::TooOld(format!("{}.{minor}", facts.version / 10_000)));
    }
    if facts.encoding != "UTF8" {
        return Err(Unfit::Encoding(facts.encoding.clone()));
    }
    if facts.in_recovery {
        return Err(Unfit::Standby);
    }
    if facts.read_only == "on" {
        return Err(Unfit::ReadOnly);
    }
    match (&facts.schema, facts.may_create) {
        (None, _) => Err(Unfit::NoSchema),
        (Some(schema), Some(false) | None) => Err(Unfit::MayNotCreate(schema.clone())),
        (Some(schema), Some(true)) if !facts.forbidden.is_empty() => {
            Err(Unfit::MayNotChange { schema: schema.clone(), tables: facts.forbidden.clone() })
        }
        (Some(_), Some(true)) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_too_old_is_told_by_its_version() {
        let facts = |version| Facts {
            version,
            encoding: "UTF8".to_owned(),
            in_recovery: false,
            read_only: "off".to_owned(),
            schema: Some("public".to_owned()),
            may_create: Some(true),
            is_migrated: false,
            forbidden: Vec::new(),
        };
        assert_eq!(check(&facts(OLDEST * 10_000)), Ok(()));
        assert_eq!(check(&facts(170_002)), Ok(()));
        assert_eq!(check(&facts(120_017)), Err(Unfit::TooOld("12.17".to_owned())));
        let why = check(&facts(90_624)).unwrap_err().to_string();
        assert_eq!(why, "the server is PostgreSQL 9.6; this program requires 13 or newer");
    }
}
