//! The worker: imports received files, a few batches of one account after a few of another.

use import::{Columns, Format};
use kernel::{AccountId, Time, UserImportId};
use store::{
    Conn,
    tables::{
        base::lease::{Lease, LeaseClock},
        directory::accounts,
        jobs::{
            imported_users,
            user_import_batches::{self, WaitingBatch},
            user_import_errors,
            user_import_queue::{self, Waiting},
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
use crate::base::{
    audit::{Action, Event, Outcome, by_service},
    background::{MAX_ATTEMPTS, lease_clock, new_lease, passes, renewed, work},
    error::{Error, Result},
    service::Service,
    tx::Tx,
};

/// Batches that are imported for one account before the next has its turn.
const BATCHES_PER_TURN: u32 = 4;

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

/// The result of a batch.
enum BatchStep {
    /// Imported; there may be another.
    Went,
    /// There is no more, or the import has failed.
    Ended,
    /// Another node has taken over, somebody has cancelled the import, or the file waits for its account.
    Lost,
}

impl Service {
    /// Imports files of users as they come; never returns. Any number of nodes may run it.
    pub async fn run_import_worker(&self) {
        work(&self.core.import_came, "a user import", async || {
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
        work(&never, "the check for costly hashes", async || {
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
    /// stopped node has begun.
    ///
    /// # Errors
    /// When the database cannot keep up; the file waits, the others do not.
    pub async fn take_import_turn(&self) -> Result<bool> {
        let now = self.core.now();
        let clock = lease_clock(now);
        let Some(waiting) = self.store.read(move |conn| Ok::<_, Error>(user_import_queue::next(conn, clock)?)).await?
        else {
            return Ok(false);
        };
        let lease = new_lease(now, waiting.attempts);
        let begun = self.transact(move |tx| begin(tx, waiting, lease, clock)).await?;
        let Some(import) = begun else { return Ok(true) };
        for _ in 0..BATCHES_PER_TURN {
            match self.import_batch(&import, lease.holder).await {
                Ok(BatchStep::Went) => {}
                Ok(BatchStep::Ended | BatchStep::Lost) => return Ok(true),
                // The lease stays: nobody tries again before it ends, and this node turns to other files.
                Err(error) if passes(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(%error, import_id = %import.id, "a user import failed");
                    self.give_up(&import, lease.holder).await?;
                    return Ok(true);
                }
            }
        }
        let (account, id, holder) = (import.account_id, import.id, lease.holder);
        self.store.write(move |conn| Ok::<_, Error>(user_import_queue::release(conn, account, id, holder)?)).await?;
        Ok(true)
    }

    async fn import_batch(&self, import: &UserImport, holder: [u8; 16]) -> Result<BatchStep> {
        let (account, id) = (import.account_id, import.id);
        let waiting =
            self.store.read(move |conn| Ok::<_, Error>(user_import_batches::first(conn, account, id)?)).await?;
        let now = self.core.now();
        let lease = renewed(holder, now);
        let Some(waiting) = waiting else {
            let import = import.clone();
            return self.transact(move |tx| finish(tx, &import, lease, None)).await;
        };
        let prepared = self.prepare_batch(import, &waiting, now)?;
        let number = waiting.number;
        with_fallback(|way| {
            let (import, prepared) = (import.clone(), prepared.clone());
            let work = Work { number, prepared, way };
            self.transact(move |tx| import_one(tx, &import, lease, &work))
        })
        .await
    }

    fn prepare_batch(&self, import: &UserImport, waiting: &WaitingBatch, now: Time) -> Result<Prepared> {
        let batch = open(&self.core, import.id, waiting)?;
        let columns = Format::from_name(&import.format).and_then(|format| Columns::of_text(format, &import.columns));
        let columns = columns.ok_or_else(|| Error::Internal(format!("import {} has an unknown format", import.id)))?;
        Ok(prepare(&self.core, import.account_id, &columns, batch.records(), now))
    }

    async fn give_up(&self, import: &UserImport, holder: [u8; 16]) -> Result<BatchStep> {
        let (import, lease) = (import.clone(), renewed(holder, self.core.now()));
        let why = "the service failed; its log has the reason";
        self.transact(move |tx| finish(tx, &import, lease, Some(why))).await
    }
}

/// The import to work on; `None`: another node was faster, or it was attempted too often.
fn begin(tx: &mut Tx<'_>, waiting: Waiting, lease: Lease, clock: LeaseClock) -> Result<Option<UserImport>> {
    let (account, id) = (waiting.account_id, waiting.import_id);
    if !user_import_queue::take(tx.conn, &waiting, lease, clock)? {
        return Ok(None);
    }
    user_imports::set_running(tx.conn, account, id)?;
    let import = user_imports::by_id(tx.conn, account, id)?.ok_or(Error::NotFound)?;
    if waiting.attempts < MAX_ATTEMPTS {
        return Ok(Some(import));
    }
    let looked_at = import.tally.imported + import.tally.unchanged + import.tally.failed_lines;
    let why = format!(
        "the service was stopped, or the database failed, {MAX_ATTEMPTS} times while importing the records after the \
         first {looked_at}"
    );
    tracing::error!(import_id = %id, why, "a user import failed");
    finish(tx, &import, lease, Some(&why))?;
    Ok(None)
}

/// Imports one batch, in one transaction. Takes the lease first: from then on a node that wants to take over, and a
/// caller who wants to cancel the import, wait for the end.
fn import_one(tx: &mut Tx<'_>, import: &UserImport, lease: Lease, work: &Work) -> Result<BatchStep> {
    let (account, id) = (import.account_id, import.id);
    if !user_import_queue::renew(tx.conn, account, id, lease)? {
        return Ok(BatchStep::Lost);
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
        return Ok(BatchStep::Went);
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
    Ok(BatchStep::Went)
}

/// The account has been suspended meanwhile, or is being deleted: the file waits.
fn wait(conn: &mut Conn, account: AccountId, import: UserImportId, lease: Lease) -> Result<BatchStep> {
    user_import_queue::release(conn, account, import, lease.holder)?;
    Ok(BatchStep::Lost)
}

/// Ends the import: done, or failed with a reason. What has not been imported is deleted.
fn finish(tx: &mut Tx<'_>, import: &UserImport, lease: Lease, failure: Option<&str>) -> Result<BatchStep> {
    let (account, id) = (import.account_id, import.id);
    if !user_import_queue::renew(tx.conn, account, id, lease)? {
        return Ok(BatchStep::Lost);
    }
    user_import_queue::remove(tx.conn, account, id)?;
    user_import_batches::delete_all(tx.conn, account, id)?;
    let status = if failure.is_some() { ImportStatus::Failed } else { ImportStatus::Done };
    user_imports::finish(tx.conn, account, id, status, failure, tx.now)?;
    // Read again: the row that was read before the last batch is out of date.
    if let Some(import) = user_imports::by_id(tx.conn, account, id)? {
        tx.record(account, finished(&import));
    }
    Ok(BatchStep::Ended)
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
