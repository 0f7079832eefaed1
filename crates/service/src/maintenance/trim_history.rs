//! Forgetting earlier passwords that no policy remembers any more.

use store::tables::password_history_trims;

use crate::{Result, password_policies::history, service::Service};

impl Service {
    /// Deletes earlier passwords that the policies do not remember any more, in accounts where a change made that possible.
    /// In small transactions, one after the other; what is left after a crash is done at the next run. Safe to run at any
    /// time and on several nodes at once.
    pub async fn trim_password_history(&self) -> Result<()> {
        for account in self.store.read(password_history_trims::all).await? {
            let mut left = Some(account);
            while let Some(work) = left {
                left = self.store.write(move |conn| history::trim_next(conn, &work)).await?;
            }
        }
        Ok(())
    }
}
