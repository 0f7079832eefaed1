//! Imports received files, a few batches of one account after a few of another.
//!
//! A turn is a file's, and each of its steps imports a batch. What is given up is the rest of the file.

use import::{Columns, Format};
use kernel::{AccountId, Time, UserImportId};
use store::{
    Conn,
    tables::{
        base::lease::{Lease, LeaseClock, Waiting},
        directory::accounts,
        jobs::{
            imported_users,
            user_import_batches::{self, WaitingBatch},
            user_import_errors, user_import_queue,
            user_imports::{self, ImportStatus, UserImport},
        },
    },
};

use super::{
    apply::{Mandate, Way, apply, with_fallback},
    importer::{self, ImporterStatus},
    prepare::{Prepared, prepare},
    upload::open,
};
use crate::{
    base::{
        audit::{Action, Event, Outcome, by_service},
        error::{Error, Result},
        service::Service,
        tx::Tx,
    },
    jobs::worker::{Attempts, LEASES, SERVICE_FAILED, Step, Worker, run, take_turn},
};

/// Errors of one import that are kept as rows. A file of a million bad lines must not become a million rows.
const MAX_ERRORS: u32 = 10_000;

/// A batch to import.
struct Work {
    /// Its number among the batches of the import.
    number: i64,
    /// Its parsed records.
    prepared: Prepared,
    /// How they are written.
    way: Way,
}

/// The worker.
struct Imports<'a>(&'a Service);

/// A file's turn.
struct Turn {
    import: UserImport,
    holder: [u8; 16],
}

/// Names a file: its account, and the import.
type Key = (AccountId, UserImportId);

impl Service {
    /// Imports files of users as they come; never returns. Any number of nodes may run it.
    pub async fn run_import_worker(&self) {
        run(&self.core.import_came, Imports::KIND, async || {
            // Before each turn, too: a hash that the last turn imported is taken into account before more of them are
            // imported.
            self.look_at_costly_hashes().await?;
            self.take_import_turn().await
        })
        .await;
    }

    /// Checks every 2 seconds which costly hashes there are, whoever imports them; never returns.
    pub async fn watch_costly_hashes(&self) {
        let never = tokio::sync::Notify::new();
        run(&never, "the check for costly hashes", async || {
            self.look_at_costly_hashes().await?;
            Ok(false)
        })
        .await;
    }

    /// Reads how long the most costly check of an imported hash takes: all failed logins take that long from now on.
    pub(crate) async fn look_at_costly_hashes(&self) -> Result<()> {
        let longest = self.store.read(imported_users::longest_check).await.map_err(Error::from)?;
        self.core.costliest.set(longest);
        Ok(())
    }

    /// Imports some batches for the account whose turn it is; returns whether there was one. Also continues what a
    /// stopped node has begun. When the database cannot keep up, the file waits until its lease ends.
    ///
    /// # Errors
    /// When the database cannot even say whose turn it is.
    pub async fn take_import_turn(&self) -> Result<bool> {
        take_turn(&mut Imports(self), self.core.now()).await
    }
}

impl Worker for Imports<'_> {
    const KIND: &'static str = "a user import";
    const ATTEMPTS: Attempts = LEASES;
    const STEPS: u32 = 4;
    type Key = Key;
    type Turn = Turn;

    async fn next(&mut self, now: Time) -> Result<Option<Waiting<Key>>> {
        let clock = LEASES.clock(now);
        self.0.store.read(move |conn| Ok::<_, Error>(user_import_queue::next(conn, clock)?)).await
    }

    async fn take(&mut self, waiting: Waiting<Key>, now: Time) -> Result<Option<Turn>> {
        let (lease, clock) = (LEASES.lease(now, waiting.attempts), LEASES.clock(now));
        let begun = self.0.transact(move |tx| begin(tx, waiting, lease, clock)).await?;
        Ok(begun.map(|import| Turn { import, holder: lease.holder }))
    }

    async fn give_up(&mut self, waiting: Waiting<Key>, now: Time) -> Result<Option<Turn>> {
        let (lease, clock) = (LEASES.lease(now, waiting.attempts), LEASES.clock(now));
        self.0
            .transact(move |tx| {
                let Some(import) = begin(tx, waiting, lease, clock)? else { return Ok(None) };
                let why = format!(
                    "the service was stopped, or the database failed, {} times while importing the records after the \
                     first {}",
                    LEASES.most,
                    import.tally.imported + import.tally.unchanged + import.tally.failed_lines
                );
                tracing::error!(import_id = %import.id, why, "a user import failed");
                finish(tx, &import, lease, Some(&why))?;
                Ok(None)
            })
            .await
    }

    async fn step(&mut self, turn: &mut Turn) -> Result<Step> {
        let (account, id) = (turn.import.account_id, turn.import.id);
        let waiting =
            self.0.store.read(move |conn| Ok::<_, Error>(user_import_batches::first(conn, account, id)?)).await?;
        let Some(waiting) = waiting else { return self.finish(turn, None).await };
        let now = self.0.core.now();
        let lease = LEASES.renewed(turn.holder, now);
        let prepared = self.prepare_batch(&turn.import, &waiting, now)?;
        let number = waiting.number;
        with_fallback(|way| {
            let (import, prepared) = (turn.import.clone(), prepared.clone());
            let work = Work { number, prepared, way };
            self.0.transact(move |tx| import_one(tx, &import, lease, &work))
        })
        .await
    }

    async fn fail(&mut self, turn: &mut Turn) -> Result<Step> {
        self.finish(turn, Some(SERVICE_FAILED)).await
    }

    async fn end_turn(&mut self, turn: &mut Turn) -> Result<()> {
        let (account, id, holder) = (turn.import.account_id, turn.import.id, turn.holder);
        self.0.store.write(move |conn| Ok::<_, Error>(user_import_queue::release(conn, account, id, holder)?)).await
    }

    fn id(turn: &Turn) -> String {
        turn.import.id.to_string()
    }
}

impl Imports<'_> {
    fn prepare_batch(&self, import: &UserImport, waiting: &WaitingBatch, now: Time) -> Result<Prepared> {
        let batch = open(&self.0.core, import.id, waiting)?;
        let columns = Format::from_name(&import.format).and_then(|format| Columns::of_text(format, &import.columns));
        let columns = columns.ok_or_else(|| Error::Internal(format!("import {} has an unknown format", import.id)))?;
        Ok(prepare(&self.0.core, import.account_id, &columns, batch.records(), now))
    }

    async fn finish(&self, turn: &Turn, failure: Option<&'static str>) -> Result<Step> {
        let (import, lease) = (turn.import.clone(), LEASES.renewed(turn.holder, self.0.core.now()));
        self.0.transact(move |tx| finish(tx, &import, lease, failure)).await
    }
}

/// Takes the file that waits; `None`: another node was faster.
fn begin(tx: &mut Tx<'_>, waiting: Waiting<Key>, lease: Lease, clock: LeaseClock) -> Result<Option<UserImport>> {
    let (account, id) = waiting.key;
    if !user_import_queue::take(tx.conn, waiting, lease, clock)? {
        return Ok(None);
    }
    user_imports::set_running(tx.conn, account, id)?;
    user_imports::by_id(tx.conn, account, id)?.ok_or(Error::NotFound).map(Some)
}

/// Imports one batch, in one transaction. Takes the lease first: from then on a node that wants to take over, and a
/// caller who wants to cancel the import, wait for the end.
fn import_one(tx: &mut Tx<'_>, import: &UserImport, lease: Lease, work: &Work) -> Result<Step> {
    let (account, id) = (import.account_id, import.id);
    if !user_import_queue::renew(tx.conn, account, id, lease)? {
        return Ok(Step::Over);
    }
    let Some(into) = accounts::active(tx.conn, account)? else { return wait(tx.conn, account, id, lease) };
    // Read again: the user who started the import may have been deleted since.
    let import = user_imports::by_id(tx.conn, account, id)?.ok_or(Error::NotFound)?;
    let status = importer::status(tx, import.importer, account)?;
    if matches!(status, ImporterStatus::Waits) {
        return wait(tx.conn, account, id, lease);
    }
    // Another node had taken over, imported this batch, and was stopped in turn.
    if !user_import_batches::delete(tx.conn, account, id, work.number)? {
        return Ok(Step::Went);
    }
    let held = match status {
        ImporterStatus::Holds(held) => held,
        ImporterStatus::Waits => return wait(tx.conn, account, id, lease),
        ImporterStatus::Out(why) => return finish(tx, &import, lease, Some(why)),
    };
    let mandate = Mandate { account: &into, importer: import.importer, held: &held };
    let applied = apply(tx, mandate, &work.prepared, work.way)?;
    let room = MAX_ERRORS.saturating_sub(import.tally.failed_lines.saturating_sub(import.errors_not_kept));
    let kept = applied.errors.get(..usize::try_from(room).unwrap_or(usize::MAX)).unwrap_or(&applied.errors);
    user_import_errors::insert(tx.conn, account, id, kept)?;
    let not_kept = applied.tally.failed_lines.saturating_sub(room);
    user_imports::count(tx.conn, account, id, applied.tally, not_kept)?;
    Ok(Step::Went)
}

/// The account has been suspended meanwhile, or is being deleted: the file waits.
fn wait(conn: &mut Conn, account: AccountId, import: UserImportId, lease: Lease) -> Result<Step> {
    user_import_queue::release(conn, account, import, lease.holder)?;
    Ok(Step::Over)
}

/// Ends the import: done, or failed with a reason. What has not been imported is deleted.
fn finish(tx: &mut Tx<'_>, import: &UserImport, lease: Lease, failure: Option<&str>) -> Result<Step> {
    let (account, id) = (import.account_id, import.id);
    if !user_import_queue::renew(tx.conn, account, id, lease)? {
        return Ok(Step::Over);
    }
    user_import_queue::remove(tx.conn, account, id)?;
    user_import_batches::delete_all(tx.conn, account, id)?;
    let status = if failure.is_some() { ImportStatus::Failed } else { ImportStatus::Done };
    user_imports::finish(tx.conn, account, id, status, failure, tx.now)?;
    // Read again: the row that was read before the last batch is out of date.
    if let Some(import) = user_imports::by_id(tx.conn, account, id)? {
        tx.record(account, finished(&import));
    }
    Ok(Step::Over)
}

/// The audit event of an import that has ended.
fn finished(import: &UserImport) -> Event {
    let outcome = if import.failure.is_none() { Outcome::Success } else { Outcome::Failure };
    tally_of(import, by_service(Action::UserImportFinished).on(import).ending_in(outcome))
}

/// The event with the outcome of the records.
pub(super) fn tally_of(import: &UserImport, event: Event) -> Event {
    event
        .with("imported", import.tally.imported)
        .with("unchanged", import.tally.unchanged)
        .with("failed_lines", import.tally.failed_lines)
}
