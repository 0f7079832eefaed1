//! Receiving a file.

use std::sync::Arc;

use import::{Batch, Columns, Record, Splitter};
use kernel::{AccountId, Id, OsRandom, UserImportId};
use permissions::Permission;
use store::tables::{
    accounts, user_import_batches,
    user_import_batches::WaitingBatch,
    user_imports::{self, ImportStatus, Tally, UserImport},
};

use super::{ImportFormat, UserImportView};
use crate::{
    Actor, Error, IdempotencyKey, Result,
    acting::{Needs, still_may},
    audit::Action,
    idempotency::once,
    seal::Purpose,
    service::{Core, Service},
};

/// Records of one file. Every one that fails is kept as a row.
const MAX_RECORDS: u32 = 1_000_000;

/// Files of one account that may wait or be under way.
const MAX_OPEN: i64 = 10;

/// A file that is on its way. What is dropped without [`ImportUpload::finish`] or [`ImportUpload::abandon`] is forgotten
/// after an hour.
pub struct ImportUpload {
    service: Service,
    actor: Actor,
    account: AccountId,
    id: UserImportId,
    format: ImportFormat,
    splitter: Splitter,
    columns: Option<Columns>,
    batch: Batch,
    batches: i64,
    records: u32,
}

impl Service {
    /// Begins to receive a file with users on behalf of `actor`.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] while ten files of the account wait.
    pub async fn receive_user_import(
        &self,
        actor: &Actor,
        account: AccountId,
        format: ImportFormat,
    ) -> Result<ImportUpload> {
        let now = self.core.now();
        let id = Id::generate(now, &mut OsRandom);
        let import = UserImport {
            account_id: account,
            id,
            importer: Some(actor.answerable()),
            format: format.as_str().to_owned(),
            columns: String::new(),
            status: ImportStatus::Receiving,
            failure: None,
            total_lines: 0,
            tally: Tally::default(),
            created_at: now,
            finished_at: None,
        };
        self.store
            .write(move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                if user_imports::count_open(conn, account)? >= MAX_OPEN {
                    let why = "ten imports of this account wait or are under way; wait until one is done";
                    return Err(Error::Conflict(why.to_owned()));
                }
                Ok(user_imports::insert(conn, &import)?)
            })
            .await?;
        Ok(ImportUpload {
            service: self.clone(),
            actor: actor.clone(),
            account,
            id,
            format,
            splitter: Splitter::new(format),
            columns: None,
            batch: Batch::default(),
            batches: 0,
            records: 0,
        })
    }
}

impl ImportUpload {
    /// Takes the next piece of the file.
    ///
    /// # Errors
    /// [`Error::Validation`] for a header that means nothing, and for more than a million records.
    pub async fn push(&mut self, piece: &[u8]) -> Result<()> {
        let mut records = Vec::new();
        self.splitter.push(piece, |record| records.push(record));
        self.take(records).await
    }

    /// The file is here: it waits to be imported. With a `key` that came before, the first reply is given again and this
    /// file is forgotten.
    ///
    /// # Errors
    /// As [`Self::push`]; [`Error::IdempotencyKeyReused`].
    pub async fn finish(mut self, key: Option<IdempotencyKey>) -> Result<UserImportView> {
        let splitter = std::mem::replace(&mut self.splitter, Splitter::new(self.format));
        let mut records = Vec::new();
        splitter.finish(|record| records.push(record));
        self.take(records).await?;
        self.keep_batch().await?;

        let columns = self.columns.as_ref().map(Columns::to_text).unwrap_or_default();
        let (account, id, records, actor, now) =
            (self.account, self.id, self.records, self.actor.clone(), self.service.now());
        let core = Arc::clone(&self.service.core);
        let view: Result<UserImportView> = self
            .service
            .write(move |conn, audit| {
                still_may(conn, &actor, Needs::In(account, Permission::UserPermissions), now)?;
                let view = once(conn, &core, &actor, key.as_ref(), now, |conn| {
                    if !user_imports::received(conn, account, id, &columns, records)? {
                        return Err(Error::NotFound);
                    }
                    let import = user_imports::by_id(conn, account, id)?.ok_or(Error::NotFound)?;
                    let started =
                        actor.did(Action::UserImportStarted).on(&import).with("format", import.format.as_str());
                    audit.record(account, started.with("records", records));
                    Ok(UserImportView::from(import))
                })?;
                if view.id != id {
                    user_imports::delete(conn, account, id)?;
                }
                Ok(view)
            })
            .await;
        if let Err(why) = view {
            // What cannot be forgotten now is forgotten after an hour.
            let _ = self.abandon().await;
            return Err(why);
        }
        self.service.core.import_came.notify_one();
        view
    }

    /// Forgets the file.
    pub async fn abandon(self) -> Result<()> {
        let (account, id) = (self.account, self.id);
        self.service.store.write(move |conn| Ok(user_imports::delete(conn, account, id)?)).await
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
                    "a file has at most 1,000,000 records; cut it in two",
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
        let (account, id, number) = (self.account, self.id, self.batches);
        self.batches += 1;
        let waiting = WaitingBatch { number, sealed_records: seal(&self.service.core, id, number, &batch)? };
        self.service.store.write(move |conn| Ok(user_import_batches::insert(conn, account, id, &waiting)?)).await
    }
}

fn owner(import: UserImportId, number: i64) -> Vec<u8> {
    [import.as_bytes().as_slice(), &number.to_be_bytes()].concat()
}

fn seal(core: &Core, import: UserImportId, number: i64, batch: &Batch) -> Result<Vec<u8>> {
    core.sealer.seal(Purpose::ImportBatch, &owner(import, number), &batch.encode(), &mut OsRandom)
}

/// The records of a batch that waits.
pub(super) fn open(core: &Core, import: UserImportId, waiting: &WaitingBatch) -> Result<Batch> {
    let owner = owner(import, waiting.number);
    let bytes = core.sealer.open(Purpose::ImportBatch, &owner, &waiting.sealed_records)?;
    Batch::decode(&bytes).map_err(|why| Error::Internal(why.to_string()))
}
