//! Records requests that are denied to known callers.

use kernel::AccountId;
use permissions::Permission;

use crate::base::audit::{Action, Event, Outcome};
use crate::base::{error::Result, model::Actor, service::Service, throttling};

impl Service {
    /// Records that the caller, who passed the first check for this operation on `account`, was refused for lack of
    /// `permission` after all: the use case found that more is needed, and its transaction, in which nothing can be
    /// recorded, was rolled back.
    pub async fn refused(&self, actor: &Actor, account: AccountId, operation: &str, permission: &Permission) {
        let denied = actor.did(Action::AccessDenied).ending_in(Outcome::Denied);
        let denied = denied.with("operation", operation).with("permission", permission.as_str());
        let (service, caller) = (self.clone(), *actor.caller());
        // A task of its own: a caller who hangs up before the reply does not prevent the record.
        let noted = tokio::spawn(async move { service.record_denied(account, caller, denied).await });
        let why = match noted.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        // Nothing was changed, so nothing needs to be undone: the caller is refused all the same.
        tracing::warn!(error = why, "the denial of a request could not be recorded in the audit trail");
    }

    /// Counts the refusals of a caller, and records one whenever their number has doubled: repeating them fills no
    /// disk.
    async fn record_denied(&self, account: AccountId, caller: [u8; 16], denied: Event) -> Result<()> {
        let policy = self.core.settings.throttles.password_of_user;
        self.transact(move |tx| {
            let counted = throttling::count_refusal(tx.conn, &caller, &policy, tx.now)?;
            if counted.failures.is_power_of_two() {
                tx.record(account, denied.clone().with("refusals", counted.failures));
            }
            Ok(())
        })
        .await
    }
}
