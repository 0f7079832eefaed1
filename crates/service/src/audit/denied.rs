//! Callers who are known and may not.

use kernel::AccountId;
use permissions::Permission;

use super::{Action, Outcome};
use crate::{Actor, Error, Result, Service, sign_in::attempts};

impl Service {
    /// Whether the caller may do to `account` what `needed` guards. Who lacks the permission is refused, and that is
    /// written down. `operation`: what was asked for, in words of the API.
    ///
    /// # Errors
    /// Those of [`Actor::allow`].
    pub async fn allow(&self, actor: &Actor, account: AccountId, needed: Permission, operation: &str) -> Result<()> {
        self.after_refusal(actor, account, operation, actor.allow(account, needed)).await
    }

    /// The same for what stands above accounts.
    ///
    /// # Errors
    /// Those of [`Actor::allow_platform`].
    pub async fn allow_platform(&self, actor: &Actor, operation: &str) -> Result<()> {
        self.after_refusal(actor, actor.account_id, operation, actor.allow_platform()).await
    }

    async fn after_refusal(
        &self,
        actor: &Actor,
        account: AccountId,
        operation: &str,
        decided: Result<()>,
    ) -> Result<()> {
        if let Err(Error::PermissionRequired(permission)) = &decided {
            let noted = self.record_denied(actor, account, operation, permission).await;
            // Nothing was changed, so nothing has to be undone: the caller is refused all the same.
            if let Err(error) = noted {
                tracing::warn!(%error, "that a caller was refused could not be written down");
            }
        }
        decided
    }

    /// Counts the refusals of a caller, and writes one down when their number has doubled: whoever goes on fills no disk.
    async fn record_denied(
        &self,
        actor: &Actor,
        account: AccountId,
        operation: &str,
        permission: &Permission,
    ) -> Result<()> {
        let denied = actor.did(Action::AccessDenied).ending_in(Outcome::Denied);
        let denied = denied.with("operation", operation).with("permission", permission.as_str());
        let (caller, policy, now) = (*actor.caller(), self.core.settings.throttles.password_of_user, self.core.now());
        self.write(move |conn, audit| {
            let counted = attempts::refusal(conn, &caller, &policy, now)?;
            if counted.failures.is_power_of_two() {
                audit.record(account, denied.clone().with("refusals", counted.failures));
            }
            Ok(())
        })
        .await
    }
}
