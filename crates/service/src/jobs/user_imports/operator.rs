//! Imports users for the operator, from a local file.

use import::{Batch, Columns, Record};
use store::tables::{
    directory::accounts::{self, Account},
    jobs::{user_import_errors::LineError, user_imports::Tally},
};

use super::{
    ImportFormat,
    apply::{Applied, Mandate, Way, apply, with_fallback},
    importer,
    prepare::{Prepared, prepare},
};
use crate::base::{
    audit::{Action, by_operator},
    error::{Error, Result},
    service::Service,
};

/// The outcome of some records.
#[derive(Clone, Debug, Default)]
pub struct ImportOutcome {
    /// How many of each kind.
    pub tally: Tally,
    /// Why records failed, in the order of lines.
    pub errors: Vec<LineError>,
}

/// An import on behalf of the operator, who may grant everything. It needs no row: the operator sees it end, and a
/// second run continues where the first one stopped.
pub struct OperatorImport {
    service: Service,
    account: Account,
    columns: Option<Columns>,
    batch: Batch,
}

impl Service {
    /// Starts an import of users into the account with this slug. Only the operator can call this: it takes the
    /// database and the master key.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such account.
    pub async fn import_as_operator(&self, slug: &str, format: ImportFormat) -> Result<OperatorImport> {
        let slug = slug.to_owned();
        let account = self.store.read(move |conn| Ok::<_, Error>(accounts::by_slug(conn, &slug)?)).await?;
        let columns = match format {
            ImportFormat::Ndjson => Some(Columns::named()),
            ImportFormat::Csv => None,
        };
        let account = account.ok_or(Error::NotFound)?;
        Ok(OperatorImport { service: self.clone(), account, columns, batch: Batch::default() })
    }
}

impl OperatorImport {
    /// Takes a record, and imports the collected ones once there are enough.
    ///
    /// # Errors
    /// [`Error::Validation`] for an invalid header.
    pub async fn take(&mut self, record: Record) -> Result<ImportOutcome> {
        if self.columns.is_none() {
            self.columns =
                Some(Columns::of_header(&record).map_err(|why| Error::field("/header", "invalid", why.to_string()))?);
            return Ok(ImportOutcome::default());
        }
        self.batch.push(record);
        if self.batch.is_full() { self.import().await } else { Ok(ImportOutcome::default()) }
    }

    /// Imports the rest.
    pub async fn finish(mut self) -> Result<ImportOutcome> {
        self.import().await
    }

    async fn import(&mut self) -> Result<ImportOutcome> {
        let batch = std::mem::take(&mut self.batch);
        let Some(columns) = self.columns.as_ref().filter(|_| !batch.records().is_empty()) else {
            return Ok(ImportOutcome::default());
        };
        let now = self.service.core.now();
        let prepared = prepare(&self.service.core, self.account.id, columns, batch.records(), now);
        let applied = with_fallback(|way| self.write(prepared.clone(), way)).await?;
        Ok(ImportOutcome { tally: applied.tally, errors: applied.errors })
    }

    async fn write(&self, prepared: Prepared, way: Way) -> Result<Applied> {
        let (account, held) = (self.account.clone(), importer::operator());
        self.service
            .transact(move |tx| {
                let mandate = Mandate { account: &account, importer: None, held: &held };
                let applied = apply(tx, mandate, &prepared, way)?;
                if applied.tally.imported > 0 {
                    let imported = by_operator(Action::UsersImported).on(&account);
                    tx.record(account.id, imported.with("imported", applied.tally.imported));
                }
                Ok(applied)
            })
            .await
    }
}
