//! Permanently deletes accounts whose time of deletion has passed.

use kernel::AccountId;
use store::tables::{directory::accounts, jobs::account_rows};

use super::failures::Failures;
use crate::base::{
    audit::{Action, by_service},
    error::{Error, Result},
    platform_account::PLATFORM_SLUG,
    service::Service,
};

/// Rows that one transaction deletes at most, so that others do not wait long.
const CHUNK: i64 = 500;

/// Accounts that are read at a time.
const ACCOUNTS: i64 = 10;

/// The result of one transaction.
enum PurgeStep {
    /// It deleted rows; there may be more.
    Went,
    /// The account is gone.
    Ended,
    /// It is not to be deleted any more, or another node has done it.
    Spared,
}

impl Service {
    /// Permanently deletes the accounts whose time of deletion has passed, with all their rows, in small transactions;
    /// returns how many. What a crash leaves unfinished is continued by the next run. Safe to run at any time and on
    /// several nodes at once.
    ///
    /// # Errors
    /// The first failure, after the other accounts have had their turn.
    pub async fn purge_accounts(&self) -> Result<usize> {
        let (mut purged, mut failures) = (0_usize, Failures::default());
        loop {
            let now = self.core.now();
            let due = self.store.read(move |conn| Ok::<_, Error>(accounts::due(conn, now, ACCOUNTS)?)).await?;
            let before = purged;
            for account in due {
                let gone = self.purge_account(account.id).await;
                if failures.note(account.id, "deleting an account", gone) == Some(true) {
                    tracing::info!(account = %account.id, slug = account.slug, "an account was permanently deleted");
                    purged = purged.saturating_add(1);
                }
            }
            if purged == before {
                return failures.or(purged);
            }
        }
    }

    /// Deletes one account; returns whether this call completed the deletion.
    async fn purge_account(&self, account: AccountId) -> Result<bool> {
        loop {
            match self.purge_chunk(account).await? {
                PurgeStep::Went => {}
                PurgeStep::Ended => return Ok(true),
                PurgeStep::Spared => return Ok(false),
            }
        }
    }

    async fn purge_chunk(&self, account: AccountId) -> Result<PurgeStep> {
        self.transact(move |tx| {
            // Two nodes take turns, and a caller who wants to undo the deletion waits.
            accounts::lock(tx.conn, account)?;
            if !accounts::start_purge(tx.conn, account, tx.now)? {
                return Ok(PurgeStep::Spared);
            }
            if account_rows::delete_some(tx.conn, account, CHUNK)? > 0 {
                return Ok(PurgeStep::Went);
            }
            if let Some(gone) = accounts::by_id(tx.conn, account)? {
                let platform = accounts::by_slug(tx.conn, PLATFORM_SLUG)?.ok_or(Error::NotFound)?;
                tx.record(platform.id, by_service(Action::AccountDeleted).on(&gone));
            }
            accounts::delete(tx.conn, account)?;
            Ok(PurgeStep::Ended)
        })
        .await
    }
}
