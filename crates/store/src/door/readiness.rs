//! Whether the database takes writes, by writing.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use diesel::{
    RunQueryDsl as _,
    connection::SimpleConnection as _,
    dsl::sql,
    sql_types::{Integer, Text},
};

use super::Store;
use crate::{Conn, Result, StoreError, privileges};

/// For how long an answer counts. So there is one probe a second, however many ask.
const FRESH: Duration = Duration::from_secs(1);

/// A record of the write-ahead log that belongs to no table. With the commit it waits for the disk.
const PROBE: &str = "SELECT pg_logical_emit_message(true, 'latchkey', '')";

/// After a write found no place: the log has its place set aside, so a file has to grow. The table is gone with the commit.
const GROW: &str = "CREATE TABLE latchkey_probe (filler text); INSERT INTO latchkey_probe VALUES ('x'); \
     DROP TABLE latchkey_probe";

/// What was found last.
#[derive(Default)]
pub(super) struct LastProbe {
    found: Mutex<Option<Found>>,
    /// Which tables it was told that the user may not change.
    forbidden: Mutex<Vec<String>>,
    /// Held by the one who probes.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Found {
    at: Instant,
    answer: Result<()>,
}

impl LastProbe {
    fn found(&self) -> Option<Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, answer: &Result<()>) {
        let found = Found { at: Instant::now(), answer: answer.clone() };
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    }

    /// Whether the user may change all tables. Tells when that has changed.
    fn judge(&self, forbidden: Vec<String>) -> Result<()> {
        let mut told = self.forbidden.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = if forbidden.is_empty() { Ok(()) } else { Err(StoreError::Unavailable) };
        if answer.is_err() && *told != forbidden {
            tracing::error!(
                tables = forbidden.join(", "),
                "The database user may not read and change these tables any more: GRANT SELECT, INSERT, UPDATE, DELETE on them"
            );
        }
        *told = forbidden;
        answer
    }
}

pub(super) async fn takes_writes(store: &Store) -> Result<()> {
    let last = &store.0.last_probe;
    // Whatever was found before: no probe is needed to see it. On a thread of the database, since a disk may stand still.
    if let Some(opened) = store.0.opened.clone() {
        store.read(move |_| opened.check().map_err(|_| StoreError::Unavailable)).await?;
    }
    // A write of somebody who needed it counts at once, whatever a probe found before.
    let refused = store.0.migrating.took_no_writes();
    if refused {
        last.set(&Err(StoreError::Unavailable));
    }
    if let Some(answer) = fresh(last) {
        return answer;
    }
    let _turn = match (last.turn.try_lock(), last.found()) {
        (Ok(turn), _) => turn,
        // Somebody is at it, perhaps for as long as a database takes that stands still.
        (Err(_), Some(found)) => return found.answer,
        (Err(_), None) => last.turn.lock().await,
    };
    // Somebody else may have had the turn just now.
    if let Some(answer) = fresh(last) {
        return answer;
    }
    let after_refusal = last.found().is_some_and(|found| found.answer.is_err());
    let answer = store.write(move |conn| probe(conn, after_refusal)).await.and_then(|forbidden| last.judge(forbidden));
    // What this probe met itself is in the answer.
    if answer.is_err() {
        let _met = store.0.migrating.took_no_writes();
    }
    last.set(&answer);
    answer
}

fn fresh(last: &LastProbe) -> Option<Result<()>> {
    last.found().filter(|found| found.at.elapsed() < FRESH).map(|found| found.answer)
}

/// Writes, and says which tables the user of the database may not change all the same.
fn probe(conn: &mut Conn, after_refusal: bool) -> Result<Vec<String>> {
    if matches!(conn, Conn::Sqlite(_)) {
        // A number in the header of the file that is there for its user, and that nobody uses: one page is written.
        let number: i32 = sql::<Integer>("PRAGMA user_version").get_result(conn)?;
        conn.batch_execute(&format!("PRAGMA user_version = {}", number.wrapping_add(1) & i32::MAX))?;
        return Ok(Vec::new());
    }
    let forbidden: Vec<String> = sql::<Text>(&privileges::forbidden_tables()).load(conn)?;
    if !forbidden.is_empty() {
        return Ok(forbidden);
    }
    if after_refusal {
        conn.batch_execute(GROW)?;
    }
    conn.batch_execute(PROBE)?;
    Ok(forbidden)
}
