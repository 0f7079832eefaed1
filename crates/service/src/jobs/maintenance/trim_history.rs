//! Deletes previous passwords that no policy remembers any more.

use store::tables::policies::password_history_trims::{self, Trim};

use super::failures::Failures;
use crate::{
    base::{error::Result, service::Service},
    policies::password_policies::history,
};

impl Service {
    /// Deletes previous passwords that the policies do not remember any more, in accounts where a change made that
    /// possible. Works in small transactions, one after the other; what is left after a crash is done by the next run.
    /// Safe to run at any time and on several nodes at once.
    ///
    /// # Errors
    /// The first failure, after the other accounts have had their turn.
    pub async fn trim_password_history(&self) -> Result<()> {
        let mut failures = Failures::default();
        for work in self.store.read(password_history_trims::all).await? {
            let account = work.account_id;
            failures.note(account, "deleting earlier passwords", self.trim_account(work).await);
        }
        failures.or(())
    }

    async fn trim_account(&self, work: Trim) -> Result<()> {
        let mut left = Some(work);
        while let Some(work) = left {
            left = self.store.write(move |conn| history::trim_next(conn, &work)).await?;
        }
        Ok(())
    }
}
