//! Checks whether the database accepts writes, by writing.

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

/// How long an answer is valid. So there is at most one probe a second, however many callers there are.
const FRESH: Duration = Duration::from_secs(1);

/// A record of the write-ahead log that belongs to no table. Its commit waits for the disk.
const PROBE: &str = "SELECT pg_logical_emit_message(true, 'latchkey', '')";

/// After a write found no space: the log's space is preallocated, so a file must grow. The table is gone with the
/// commit.
const GROW: &str = "CREATE TABLE latchkey_probe (filler text); INSERT INTO latchkey_probe VALUES ('x'); \
     DROP TABLE latchkey_probe";

/// The last result.
#[derive(Default)]
pub(super) struct LastProbe {
    found: Mutex<Option<Found>>,
    /// The tables that the user may not change, as last reported.
    forbidden: Mutex<Vec<String>>,
    /// Held by the caller that probes.
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

    /// Fails when the user may not change all tables. Logs when the list of them changes.
    fn judge(&self, forbidden: Vec<String>) -> Result<()> {
        let mut told = self.forbidden.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = if forbidden.is_empty() { Ok(()) } else { Err(StoreError::Unavailable) };
        if answer.is_err() && *told != forbidden {
            tracing::error!(
                tables = forbidden.join(", "),
                "The database user can no longer read and change these tables: GRANT SELECT, INSERT, UPDATE, DELETE on \
                 them"
            );
        }
        *told = forbidden;
        answer
    }
}

pub(super) async fn takes_writes(store: &Store) -> Result<()> {
    let last = &store.0.last_probe;
    // Whatever the last result was: this needs no probe. On a thread of the database, since a disk may hang.
    if let Some(opened) = store.0.opened.clone() {
        store.read(move |_| opened.check().map_err(|_| StoreError::Unavailable)).await?;
    }
    // A refused write counts at once, whatever the last probe found.
    let refused = store.0.migrating.took_no_writes();
    if refused {
        last.set(&Err(StoreError::Unavailable));
    }
    if let Some(answer) = fresh(last) {
        return answer;
    }
    let _turn = match (last.turn.try_lock(), last.found()) {
        (Ok(turn), _) => turn,
        // Another caller is probing, perhaps for as long as a hanging database takes.
        (Err(_), Some(found)) => return found.answer,
        (Err(_), None) => last.turn.lock().await,
    };
    // Another caller may have had the turn just now.
    if let Some(answer) = fresh(last) {
        return answer;
    }
    let after_refusal = last.found().is_some_and(|found| found.answer.is_err());
    let answer = store.write(move |conn| probe(conn, after_refusal)).await.and_then(|forbidden| last.judge(forbidden));
    // The refusal that this probe met is already in the answer.
    if answer.is_err() {
        let _met = store.0.migrating.took_no_writes();
    }
    last.set(&answer);
    answer
}

fn fresh(last: &LastProbe) -> Option<Result<()>> {
    last.found().filter(|found| found.at.elapsed() < FRESH).map(|found| found.answer)
}

/// Writes, and returns the tables that the database user may not change even so.
fn probe(conn: &mut Conn, after_refusal: bool) -> Result<Vec<String>> {
    if matches!(conn, Conn::Sqlite(_)) {
        // A number in the file's header that is free for applications and that nothing uses: one page is written.
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
