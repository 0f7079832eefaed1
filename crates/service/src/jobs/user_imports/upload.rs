//! Receives a file of users.

use chrono::TimeDelta;
use import::{Batch, Columns, Record, Splitter};
use kernel::{Id, OsRandom, Time, UserImportId};
use permissions::UserPermissions;
use store::tables::jobs::{
    user_import_batches::{self, WaitingBatch},
    user_import_queue,
    user_imports::{self, ImportStatus, Tally, UserImport},
};

use super::{ImportFormat, UserImportView};
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
    },
    base::{
        audit::Action,
        error::{Error, Result},
        idempotency::IdempotencyKey,
        seal::Purpose,
        service::{Core, Service},
    },
};

/// Records of one file.
const MAX_RECORDS: u32 = 1_000_000;

/// Files of one account that may be in reception, queued or running.
const MAX_OPEN: i64 = 10;

/// How long the reception of a file may take. The HTTP layer times out earlier.
const FILES_AWAITED: TimeDelta = TimeDelta::hours(1);

/// The reception of a file that began before this time has failed, if it is not complete at `now`.
pub(crate) fn no_longer_awaited(now: Time) -> Time {
    now - FILES_AWAITED
}

/// A file that is being received. If it is dropped before [`ImportUpload::finish`], it is deleted: at once or, if the
/// process or the database has gone away, after an hour.
pub struct ImportUpload {
    service: Service,
    by: Allowed<UserPermissions>,
    id: UserImportId,
    format: ImportFormat,
    splitter: Splitter,
    columns: Option<Columns>,
    batch: Batch,
    batches: i64,
    records: u32,
    /// Whether to delete the file when this is dropped.
    pending: bool,
}

impl Service {
    /// Begins to receive a file of users.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] while ten files of the account are being received, queued or running.
    pub async fn receive_user_import(
        &self,
        by: &Allowed<UserPermissions>,
        format: ImportFormat,
    ) -> Result<ImportUpload> {
        let now = self.core.now();
        let id = Id::generate(now, &mut OsRandom);
        let import = UserImport {
            account_id: by.account_id(),
            id,
            importer: Some(by.actor().author()),
            format: format.as_str().to_owned(),
            columns: String::new(),
            status: ImportStatus::Receiving,
            failure: None,
            total_lines: 0,
            tally: Tally::default(),
            errors_not_kept: 0,
            created_at: now,
            finished_at: None,
        };
        // Serialized by the lock, so that files that come at the same time do not exceed ten either.
        self.act(by, Lock::Account, move |Acting { tx, .. }, account| {
            user_imports::purge_broken_off(tx.conn, account.id, no_longer_awaited(tx.now))?;
            if user_imports::count_open(tx.conn, account.id)? >= MAX_OPEN {
                let why = "ten imports of this account are open; wait until one is done, or cancel one";
                return Err(Error::Conflict(why.to_owned()));
            }
            Ok(user_imports::insert(tx.conn, &import)?)
        })
        .await?;
        Ok(ImportUpload {
            service: self.clone(),
            by: by.clone(),
            id,
            format,
            splitter: Splitter::new(format),
            columns: None,
            batch: Batch::default(),
            batches: 0,
            records: 0,
            pending: true,
        })
    }
}

impl ImportUpload {
    /// Takes the next piece of the file.
    ///
    /// # Errors
    /// [`Error::Validation`] for an invalid header, and for more than a million records.
    pub async fn push(&mut self, piece: &[u8]) -> Result<()> {
        let mut records = Vec::new();
        self.splitter.push(piece, |record| records.push(record));
        self.take(records).await
    }

    /// Completes the file, which then waits to be imported. A `key` that was used before returns the first reply again,
    /// and deletes this file.
    ///
    /// # Errors
    /// As [`Self::push`]; [`Error::IdempotencyKeyReused`].
    pub async fn finish(mut self, key: Option<IdempotencyKey>) -> Result<UserImportView> {
        match self.hand_over(key).await {
            Ok(view) => {
                self.pending = false;
                self.service.core.import_came.notify_one();
                Ok(view)
            }
            Err(why) => {
                self.abandon().await;
                Err(why)
            }
        }
    }

    /// Deletes the file.
    pub async fn abandon(mut self) {
        // If the file cannot be deleted now, it is deleted when this is dropped.
        self.pending = self.forget().await.is_err();
    }

    /// Deletes the file; the future does not borrow `self`.
    fn forget(&self) -> impl Future<Output = Result<()>> + Send + 'static {
        let (store, account, id) = (self.service.store.clone(), self.by.account_id(), self.id);
        async move { store.write(move |conn| Ok(user_imports::delete_receiving(conn, account, id)?)).await }
    }

    async fn hand_over(&mut self, key: Option<IdempotencyKey>) -> Result<UserImportView> {
        let splitter = std::mem::replace(&mut self.splitter, Splitter::new(self.format));
        let mut records = Vec::new();
        splitter.finish(|record| records.push(record));
        self.take(records).await?;
        self.keep_batch().await?;

        let columns = self.columns.as_ref().map(Columns::to_text).unwrap_or_default();
        let (id, records) = (self.id, self.records);
        self.service
            .act(&self.by, Lock::Users, move |mut acting, account| {
                let view = acting.once(key.as_ref(), |Acting { tx, by, .. }| {
                    if !user_imports::received(tx.conn, account.id, id, &columns, records)? {
                        return Err(Error::NotFound);
                    }
                    user_import_queue::add(tx.conn, account.id, id)?;
                    let import = user_imports::by_id(tx.conn, account.id, id)?.ok_or(Error::NotFound)?;
                    let started = by.did(Action::UserImportStarted).on(&import).with("format", import.format.as_str());
                    tx.record(account.id, started.with("records", records));
                    Ok(UserImportView::from(import))
                })?;
                if view.id != id {
                    user_imports::delete_receiving(acting.tx.conn, account.id, id)?;
                }
                Ok(view)
            })
            .await
    }

    async fn take(&mut self, records: Vec<Record>) -> Result<()> {
        for record in records {
            if self.columns.is_none() {
                if self.format == ImportFormat::Csv {
                    let columns = Columns::of_header(&record);
                    self.columns = Some(columns.map_err(|why| Error::field("/header", "invalid", why.to_string()))?);
                    continue;
                }
                self.columns = Some(Columns::named());
            }
            if self.records == MAX_RECORDS {
                return Err(Error::field(
                    "/records",
                    "too_many",
                    "a file can have at most 1,000,000 records; split it",
                ));
            }
            self.records += 1;
            self.batch.push(record);
            if self.batch.is_full() {
                self.keep_batch().await?;
            }
        }
        Ok(())
    }

    async fn keep_batch(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        if batch.records().is_empty() {
            return Ok(());
        }
        let (account, id, number) = (self.by.account_id(), self.id, self.batches);
        self.batches += 1;
        let waiting = WaitingBatch { number, sealed_records: seal(&self.service.core, id, number, &batch)? };
        self.service.store.write(move |conn| Ok(user_import_batches::insert(conn, account, id, &waiting)?)).await
    }
}

impl Drop for ImportUpload {
    /// Whatever the reason: the client disconnected, sent something invalid, or was too slow.
    fn drop(&mut self) {
        // Without a runtime the process is ending, and the file is deleted after an hour.
        let Some(runtime) = tokio::runtime::Handle::try_current().ok().filter(|_| self.pending) else { return };
        let (forget, id) = (self.forget(), self.id);
        runtime.spawn(async move {
            if let Err(error) = forget.await {
                tracing::warn!(%error, import_id = %id, "an incomplete upload will be deleted later");
            }
        });
    }
}

fn owner(import: UserImportId, number: i64) -> Vec<u8> {
    [import.as_bytes().as_slice(), &number.to_be_bytes()].concat()
}

fn seal(core: &Core, import: UserImportId, number: i64, batch: &Batch) -> Result<Vec<u8>> {
    core.sealer.seal(Purpose::ImportBatch, &owner(import, number), &batch.encode(), &mut OsRandom)
}

/// The records of a waiting batch.
pub(super) fn open(core: &Core, import: UserImportId, waiting: &WaitingBatch) -> Result<Batch> {
    let owner = owner(import, waiting.number);
    let bytes = core.sealer.open(Purpose::ImportBatch, &owner, &waiting.sealed_records)?;
    Batch::decode(&bytes).map_err(|why| Error::Internal(why.to_string()))
}
