//! Audit events of each account, as a chain.

use audit::{Entry, EntryActor, EntryTarget, Event, Hash};
use diesel::prelude::*;
use kernel::{AccountId, Id, Time, entity};
use serde_json::Value;
use uuid::Uuid;

use super::audit_heads;
use crate::{
    Conn, Result,
    schema::audit_events,
    sql_types::{SqlId, SqlTime},
};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 4_000;

/// An actor or a target; the kind column says which.
enum Something {}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events)]
struct Row {
    account_id: SqlId<entity::Account>,
    sequence: i64,
    occurred_at: SqlTime,
    actor_kind: String,
    actor_account: Option<SqlId<entity::Account>>,
    actor: Option<SqlId<Something>>,
    actor_name: Option<String>,
    action: String,
    target_kind: Option<String>,
    target: Option<SqlId<Something>>,
    target_name: Option<String>,
    outcome: String,
    source: Option<String>,
    details: String,
    hash: Vec<u8>,
}

/// Never fails: walking along the chain must find what was put into the database by hand.
impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let json = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
        let id = |id: Option<SqlId<Something>>| id.map(|id| Id::from(id).as_uuid());
        let (target_id, target_name) = (id(row.target), row.target_name);
        Self {
            account_id: row.account_id.into(),
            sequence: row.sequence,
            at: row.occurred_at.into(),
            actor: EntryActor {
                kind: row.actor_kind,
                account: row.actor_account.map(|account| AccountId::from(account).as_uuid()),
                id: id(row.actor),
                name: row.actor_name,
            },
            action: row.action,
            target: row.target_kind.map(|kind| EntryTarget { kind, id: target_id, name: target_name }),
            outcome: row.outcome,
            source: row.source.map_or(Value::Null, json),
            details: json(row.details),
            hash: Hash::from_bytes(&row.hash),
        }
    }
}

impl From<Entry> for Row {
    fn from(entry: Entry) -> Self {
        let id = |id: Option<Uuid>| id.map(|id| SqlId(Id::from_uuid(id)));
        let (target_kind, target, target_name) =
            entry.target.map_or((None, None, None), |target| (Some(target.kind), target.id, target.name));
        Self {
            account_id: entry.account_id.into(),
            sequence: entry.sequence,
            occurred_at: entry.at.into(),
            actor_kind: entry.actor.kind,
            actor_account: entry.actor.account.map(|account| SqlId(Id::from_uuid(account))),
            actor: id(entry.actor.id),
            actor_name: entry.actor.name,
            action: entry.action,
            target_kind,
            target: id(target),
            target_name,
            outcome: entry.outcome,
            source: (!entry.source.is_null()).then(|| entry.source.to_string()),
            details: entry.details.to_string(),
            hash: entry.hash.unwrap_or(Hash::ZERO).as_bytes().to_vec(),
        }
    }
}

/// Appends events to the account's chain, in their order. Locks the end of the chain: only the commit comes after this.
pub fn append(conn: &mut Conn, account: AccountId, now: Time, events: Vec<Event>) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut head = audit_heads::lock(conn, account)?;
    let rows: Vec<Row> = events.into_iter().map(|event| head.append(account, now, event).into()).collect();
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for row in rows {
                diesel::insert_into(audit_events::table).values(row).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            let mut rows = rows.into_iter().peekable();
            while rows.peek().is_some() {
                let part: Vec<Row> = rows.by_ref().take(ROWS_PER_INSERT).collect();
                diesel::insert_into(audit_events::table).values(part).execute(conn)?;
            }
        }
    }
    audit_heads::set(conn, account, &head)
}

/// The filters of a page; `None` filters nothing.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// The name of the action.
    pub action: Option<String>,
    /// The id of the actor.
    pub actor: Option<Uuid>,
    /// The id of the target.
    pub target: Option<Uuid>,
    /// The name of the outcome.
    pub outcome: Option<String>,
    /// At or after this time.
    pub from: Option<Time>,
    /// Before this time.
    pub until: Option<Time>,
}

/// Which way along the chain, and from where.
#[derive(Clone, Copy, Debug)]
pub enum Along {
    /// Newest first: events before the one with this number.
    Back(Option<i64>),
    /// Oldest first: events after the first number, up to and including the second.
    Forth(i64, i64),
}

/// Up to `limit` events of the account.
pub fn page(conn: &mut Conn, account: AccountId, filters: &Filters, along: Along, limit: i64) -> Result<Vec<Entry>> {
    let mut query = audit_events::table
        .filter(audit_events::account_id.eq(SqlId::from(account)))
        .select(Row::as_select())
        .limit(limit)
        .into_boxed();
    query = match along {
        Along::Back(None) => query.order(audit_events::sequence.desc()),
        Along::Back(Some(before)) => {
            query.filter(audit_events::sequence.lt(before)).order(audit_events::sequence.desc())
        }
        Along::Forth(after, last) => query
            .filter(audit_events::sequence.gt(after))
            .filter(audit_events::sequence.le(last))
            .order(audit_events::sequence),
    };
    if let Some(action) = &filters.action {
        query = query.filter(audit_events::action.eq(action));
    }
    if let Some(actor) = filters.actor {
        query = query.filter(audit_events::actor.eq(SqlId::<Something>(Id::from_uuid(actor))));
    }
    if let Some(target) = filters.target {
        query = query.filter(audit_events::target.eq(SqlId::<Something>(Id::from_uuid(target))));
    }
    if let Some(outcome) = &filters.outcome {
        query = query.filter(audit_events::outcome.eq(outcome));
    }
    if let Some(from) = filters.from {
        query = query.filter(audit_events::occurred_at.ge(SqlTime::from(from)));
    }
    if let Some(until) = filters.until {
        query = query.filter(audit_events::occurred_at.lt(SqlTime::from(until)));
    }
    Ok(query.load(conn)?.into_iter().map(Entry::from).collect())
}
