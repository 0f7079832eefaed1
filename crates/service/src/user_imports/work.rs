//! The worker: imports files that have come, one batch after the other.

use import::{Columns, Format};
use kernel::Time;
use store::{
    Conn,
    tables::{
        accounts,
        lease::Lease,
        user_import_batches::{self, WaitingBatch},
        user_import_errors,
        user_imports::{self, UserImport},
    },
};

use super::{
    apply::apply,
    importer::{self, Standing},
    prepare::{Prepared, prepare},
    upload::open,
};
use crate::{
    Error, Result,
    audit::{Action, Event, Journal, Outcome, by_service},
    background::{latest_end, new_lease, renewed, work},
    service::Service,
};

/// What became of a batch.
enum Step {
    /// Imported; there may be another.
    Went,
    /// There is no more, or the import has failed.
    Ended,
    /// Somebody else has taken over, or the file waits for its account.
    Lost,
}

impl Service {
    /// Imports files with users as they come; never ends. Any number of nodes may run it.
    pub async fn import_users(&self) {
        work(&self.core.import_came, "an import of users", async || self.import_next_file().await).await;
    }

    /// Imports the file that has waited longest; whether there was one. What was begun by a node that has stopped is
    /// gone on with.
    ///
    /// # Errors
    /// When the database cannot follow; the file waits.
    async fn import_next_file(&self) -> Result<bool> {
        let now = self.core.now();
        let latest = latest_end(now);
        let Some(import) =
            self.store.read(move |conn| Ok::<_, Error>(user_imports::next_free(conn, now, latest)?)).await?
        else {
            return Ok(false);
        };
        let lease = new_lease(now);
        let (account, id) = (import.account_id, import.id);
        let taken = self
            .store
            .write(move |conn| Ok::<_, Error>(user_imports::take_lease(conn, account, id, lease, now, latest)?));
        if !taken.await? {
            return Ok(true);
        }
        loop {
            match self.import_batch(&import, lease.holder).await {
                Ok(Step::Went) => {}
                Ok(Step::Ended | Step::Lost) => return Ok(true),
                Err(error @ (Error::DatabaseUnavailable | Error::Overloaded)) => return Err(error),
                Err(error) => {
                    tracing::error!(%error, import_id = %import.id, "an import of users failed");
                    self.give_up(&import, lease.holder).await?;
                    return Ok(true);
                }
            }
        }
    }

    async fn import_batch(&self, import: &UserImport, holder: [u8; 16]) -> Result<Step> {
        let (account, id) = (import.account_id, import.id);
        let waiting =
            self.store.read(move |conn| Ok::<_, Error>(user_import_batches::first(conn, account, id)?)).await?;
        let now = self.core.now();
        let lease = renewed(holder, now);
        let Some(waiting) = waiting else {
            let import = import.clone();
            return self.write(move |conn, audit| finish(conn, audit, &import, lease, None, now)).await;
        };
        let prepared = self.prepare_batch(import, &waiting, now)?;
        let (import, number) = (import.clone(), waiting.number);
        self.write(move |conn, audit| import_one(conn, audit, &import, lease, number, &prepared, now)).await
    }

    fn prepare_batch(&self, import: &UserImport, waiting: &WaitingBatch, now: Time) -> Result<Prepared> {
        let batch = open(&self.core, import.id, waiting)?;
        let columns = Format::from_name(&import.format).and_then(|format| Columns::of_text(format, &import.columns));
        let columns =
            columns.ok_or_else(|| Error::Internal(format!("import {} has a format of no kind", import.id)))?;
        prepare(&self.core, import.account_id, &columns, batch.records(), now)
    }

    async fn give_up(&self, import: &UserImport, holder: [u8; 16]) -> Result<Step> {
        let (import, now) = (import.clone(), self.core.now());
        let lease = renewed(holder, now);
        let why = "an error of the service; its log has more";
        self.write(move |conn, audit| finish(conn, audit, &import, lease, Some(why), now)).await
    }
}

/// One batch, in one transaction. The lease is first: from here on a node that wants to take over waits for the end.
fn import_one(
    conn: &mut Conn,
    audit: &mut Journal,
    import: &UserImport,
    lease: Lease,
    number: i64,
    prepared: &Prepared,
    now: Time,
) -> Result<Step> {
    let (account, id) = (import.account_id, import.id);
    if !user_imports::renew_lease(conn, account, id, lease)? {
        return Ok(Step::Lost);
    }
    // Suspended in the meantime, or being deleted: the file waits.
    let Some(into) = accounts::active(conn, account)? else {
        user_imports::release_lease(conn, account, id, lease)?;
        return Ok(Step::Lost);
    };
    // Somebody had taken over, imported this batch, and stopped in turn.
    if !user_import_batches::delete(conn, account, id, number)? {
        return Ok(Step::Went);
    }
    // Read again: who started the import may be gone since.
    let importer = user_imports::by_id(conn, account, id)?.and_then(|import| import.importer);
    let held = match importer::standing(conn, importer, account)? {
        Standing::Holds(held) => held,
        Standing::Out(why) => return finish(conn, audit, import, lease, Some(why), now),
    };
    let applied = apply(conn, &into, importer, &held, prepared, now)?;
    user_import_errors::insert(conn, account, id, &applied.errors)?;
    user_imports::count(conn, account, id, applied.tally)?;
    Ok(Step::Went)
}

/// Ends the import; what has not been imported is forgotten.
fn finish(
    conn: &mut Conn,
    audit: &mut Journal,
    import: &UserImport,
    lease: Lease,
    failure: Option<&'static str>,
    now: Time,
) -> Result<Step> {
    let (account, id) = (import.account_id, import.id);
    if !user_imports::renew_lease(conn, account, id, lease)? {
        return Ok(Step::Lost);
    }
    user_import_batches::delete_all(conn, account, id)?;
    user_imports::finish(conn, account, id, failure, now)?;
    // Counted anew: the row that was read before the last batch is not up to date.
    if let Some(import) = user_imports::by_id(conn, account, id)? {
        audit.record(account, finished(&import));
    }
    Ok(Step::Ended)
}

/// What is written down of an import that is over.
fn finished(import: &UserImport) -> Event {
    let outcome = if import.failure.is_none() { Outcome::Success } else { Outcome::Failure };
    by_service(Action::UserImportFinished)
        .on(import)
        .ending_in(outcome)
        .with("imported", import.tally.imported)
        .with("unchanged", import.tally.unchanged)
        .with("failed_lines", import.tally.failed_lines)
}
