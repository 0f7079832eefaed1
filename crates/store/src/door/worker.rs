//! A thread with a connection that runs one closure after the other, each in its own transaction: all of PostgreSQL,
//! and the readers of SQLite.

use std::{convert::Infallible, time::Duration};

use crossbeam_channel::{Receiver, Sender};
use diesel::result::Error;

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
};

/// How often a closure runs at most. The pauses between tries are 5, 10, 20 … ms: 75 ms in all, enough for the other
/// transaction of a conflict to end.
const TRIES: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(5);

pub(super) struct Worker {
    number: u16,
    connector: Connector,
    conn: Option<Conn>,
    queue: Receiver<Queued>,
    /// Whether the last attempt to connect failed: an outage is logged once, not for every closure.
    out: bool,
    /// Goes after the connection, and tells by that that the connection has gone.
    _reading: Option<Sender<Infallible>>,
}

/// The result of one try.
enum Try {
    /// The job has its outcome.
    Done,
    /// The job must be sent this error.
    Failed(StoreError),
    /// Nothing was committed, and another try may succeed.
    Again,
}

impl Worker {
    /// A worker that connects when it has work.
    pub(super) fn new(number: u16, connector: Connector, queue: Receiver<Queued>) -> Self {
        Self { number, connector, conn: None, queue, out: false, _reading: None }
    }

    /// A worker that is connected. `reading` is dropped when it is not any more.
    pub(super) fn open(
        number: u16,
        connector: Connector,
        queue: Receiver<Queued>,
        reading: Sender<Infallible>,
    ) -> Result<Self, OpenError> {
        let conn = Some(connector.connect().map_err(|ConnectError(why)| OpenError::File(why))?);
        Ok(Self { number, connector, conn, queue, out: false, _reading: Some(reading) })
    }

    fn serve(&mut self, access: Access, mut job: Box<dyn Job>) {
        let mut pause = FIRST_PAUSE;
        for _ in 1..TRIES {
            match self.attempt(access, &mut *job) {
                Try::Done => return job.reply(),
                Try::Failed(error) => {
                    job.fail(error);
                    return job.reply();
                }
                Try::Again => {}
            }
            // Offset from the other workers, so that two that collided do not collide again.
            let _passed = crossbeam_channel::after(pause + Duration::from_millis(self.number.into())).recv();
            pause *= 2;
        }
        if !matches!(self.attempt(access, &mut *job), Try::Done) {
            job.fail(StoreError::Unavailable);
        }
        job.reply();
    }

    fn attempt(&mut self, access: Access, job: &mut dyn Job) -> Try {
        // Taken out, so that a connection is dropped unless it is put back on purpose.
        let Some(mut conn) = self.conn.take().or_else(|| self.connect()) else {
            return Try::Failed(StoreError::Unavailable);
        };
        conn.watch_anew();
        if let Err(error) = self.connector.begin(&mut conn, access) {
            self.note_refusal(access, cause::of(&error) == Cause::ReadOnly);
            // Often a connection that was cut while it was idle. Nothing has run, so another connection can do it.
            return again_or_failed(error);
        }
        let attempted = transact(&mut conn, access, job);
        self.note_refusal(access, conn.watch().no_writes());
        if !conn.is_broken() {
            self.conn = Some(conn);
        }
        attempted
    }

    fn note_refusal(&self, access: Access, refused: bool) {
        if access == Access::Write && refused {
            self.connector.takes_no_writes();
        }
    }

    fn connect(&mut self) -> Option<Conn> {
        match self.connector.connect() {
            Ok(conn) => {
                if std::mem::take(&mut self.out) {
                    tracing::info!("The database can be reached again");
                }
                Some(conn)
            }
            Err(ConnectError(why)) => {
                if !std::mem::replace(&mut self.out, true) {
                    tracing::warn!(reason = why, "The database cannot be reached");
                }
                None
            }
        }
    }
}

impl Work for Worker {
    fn run(mut self, deadline: Duration) {
        while let Ok(queued) = self.queue.recv() {
            if let Some((access, job)) = queued.in_time(deadline) {
                self.serve(access, job);
            }
        }
    }
}

/// Runs a job in the transaction that was begun, and ends the transaction.
fn transact(conn: &mut Conn, access: Access, job: &mut dyn Job) -> Try {
    let ran = job.run(conn);
    let watch = conn.watch();
    match (ran, access) {
        (Ran::Kept, _) if watch.spoilt() => {
            let _rolled_back = conn.roll_back_to(0);
            Try::Failed(StoreError::Other("a closure continued after a failed statement".to_owned()))
        }
        (Ran::Kept, Access::Read) => {
            // What was read is valid whatever becomes of the connection.
            let _ended = conn.commit();
            Try::Done
        }
        (Ran::Kept, Access::Write) => match conn.commit() {
            Ok(()) => Try::Done,
            Err(error) if cause::of(&error) == Cause::Conflict => Try::Again,
            // After a connection lost here nobody knows whether the commit took place.
            Err(error) => Try::Failed(error.into()),
        },
        (Ran::Refused | Ran::Panicked, _) => {
            let _rolled_back = conn.roll_back_to(0);
            let repeatable = ran == Ran::Refused && access == Access::Write;
            if repeatable && (watch.conflict() || watch.lost()) { Try::Again } else { Try::Done }
        }
    }
}

fn again_or_failed(error: Error) -> Try {
    match cause::of(&error) {
        Cause::Lost | Cause::ReadOnly | Cause::Conflict => Try::Again,
        Cause::Unavailable | Cause::Full | Cause::Forbidden | Cause::Unique | Cause::ForeignKey | Cause::Other => {
            Try::Failed(error.into())
        }
    }
}
