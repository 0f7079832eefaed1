//! The one thread that writes to a SQLite file.
//!
//! A commit costs a wait for the disk. While one is under way, closures queue up; they then share the next one. Each
//! runs in its own savepoint, so that they share nothing but the commit.

use std::{
    convert::Infallible,
    iter,
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::Receiver;

use super::{
    OpenError,
    connect::{ConnectError, Connector},
    job::{Job, Queued, Ran},
    threads::Work,
};
use crate::{
    Conn, StoreError,
    connection::Access,
    error::cause::{self, Cause},
    file::Opened,
};

/// The most closures that share a commit: the first of them waits for the last.
const MOST_TOGETHER: usize = 128;

/// The pause before another attempt to get the write lock, where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(20);

/// How long the writer waits for the readers at the end; shorter than it is waited for itself.
const LAST: Duration = Duration::from_secs(5);

pub(super) struct Writer {
    connector: Connector,
    opened: Arc<Opened>,
    conn: Option<Conn>,
    queue: Receiver<Queued>,
    /// Closed when the last reader has let its connection go.
    readers: Receiver<Infallible>,
}

impl Writer {
    /// A writer whose file is open.
    pub(super) fn open(
        connector: Connector,
        opened: Arc<Opened>,
        queue: Receiver<Queued>,
        readers: Receiver<Infallible>,
    ) -> Result<Self, OpenError> {
        let conn = Some(connector.connect().map_err(|ConnectError(why)| OpenError::File(why))?);
        Ok(Self { connector, opened, conn, queue, readers })
    }

    fn commit(&mut self, mut batch: Vec<Box<dyn Job>>) {
        if let Err(why) = self.transact(&mut batch) {
            // This is logged once, with all there is to say about it.
            if !self.opened.is_taken_away() {
                tracing::error!(reason = why, closures = batch.len(), "The database accepts no writes");
            }
            self.connector.takes_no_writes();
            for job in &mut batch {
                job.fail(StoreError::Unavailable);
            }
        }
        // Only here: a reply means that the change is on disk.
        batch.into_iter().for_each(Job::reply);
    }

    /// Runs all of `batch` in one transaction. An error concerns them all: nothing was kept.
    fn transact(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), String> {
        if self.opened.is_taken_away() {
            return self.opened.check();
        }
        // Taken out, so that a connection on which anything failed is dropped, and its transaction with it.
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.connector.connect().map_err(|ConnectError(why)| why)?,
        };
        let transacted = self.transact_on(&mut conn, batch);
        // What is on disk counts only if it can be found there again. Checked before the connection is dropped, since
        // the last one to close removes the log itself.
        let is_found = self.opened.check();
        if transacted.is_ok() {
            self.conn = Some(conn);
        } else {
            self.opened.closing(|| drop(conn));
        }
        transacted.and(is_found)
    }

    fn transact_on(&self, conn: &mut Conn, batch: &mut [Box<dyn Job>]) -> Result<(), String> {
        self.begin(conn)?;
        self.opened.note_beside()?;
        for job in batch {
            run_in_savepoint(conn, &mut **job).map_err(|error| error.to_string())?;
            if conn.watch().no_writes() {
                self.connector.takes_no_writes();
            }
        }
        conn.commit().map_err(|error| error.to_string())
    }

    /// Takes the write lock, which another process may hold for a while.
    fn begin(&self, conn: &mut Conn) -> Result<(), String> {
        let since = Instant::now();
        loop {
            match conn.begin(Access::Write) {
                Ok(()) => return Ok(()),
                Err(error) if cause::of(&error) == Cause::Unavailable && since.elapsed() < self.connector.timeout() => {
                    let _passed = crossbeam_channel::after(PAUSE).recv();
                }
                Err(error) => return Err(error.to_string()),
            }
        }
    }
}

impl Work for Writer {
    fn run(mut self, deadline: Duration) {
        while let Ok(first) = self.queue.recv() {
            let others = self.queue.try_iter().take(MOST_TOGETHER - 1);
            let batch: Vec<_> = iter::once(first).chain(others).filter_map(|queued| queued.in_time(deadline)).collect();
            if !batch.is_empty() {
                self.commit(batch.into_iter().map(|(_, job)| job).collect());
            }
        }
        // The last connection that goes takes the log with it, and two that go at once leave it behind: each sees the other.
        let _gone = self.readers.recv_timeout(LAST);
    }
}

/// Runs one closure. An error of the closure is the closure's alone; an error returned here concerns the whole batch.
fn run_in_savepoint(conn: &mut Conn, job: &mut dyn Job) -> diesel::QueryResult<()> {
    let around = conn.depth()?;
    conn.watch_anew();
    conn.begin_savepoint()?;
    match job.run(conn) {
        // SQLite could continue. PostgreSQL could not, and a closure must mean the same on both.
        Ran::Kept if conn.watch().spoilt() => {
            job.fail(StoreError::Other("a closure continued after a failed statement".to_owned()));
            conn.roll_back_to(around)
        }
        Ran::Kept => conn.commit(),
        Ran::Refused | Ran::Panicked => conn.roll_back_to(around),
    }
}
