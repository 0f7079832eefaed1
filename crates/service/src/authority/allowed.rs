//! A caller whom a guard let in, as a value that the verbs of a use case take.

use std::marker::PhantomData;

use kernel::AccountId;
use permissions::{PlatformAdministration, Requires};

use crate::base::{
    error::{Error, Result},
    model::Actor,
    service::Service,
};

/// A caller who held what `R` requires in an account when the request came. Only [`Service::allow`] and
/// [`Service::allow_platform`] make one: a verb that takes it cannot be called without the check, or after the check
/// for another permission. A verb that writes checks again, under locks.
#[derive(Debug)]
pub struct Allowed<R> {
    actor: Actor,
    account_id: AccountId,
    guard: PhantomData<fn() -> R>,
}

/// For what takes several transactions, each of which checks again.
impl<R> Clone for Allowed<R> {
    fn clone(&self) -> Self {
        Self { actor: self.actor.clone(), account_id: self.account_id, guard: PhantomData }
    }
}

impl<R> Allowed<R> {
    /// The caller.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The account that the caller may act upon; with [`PlatformAdministration`], the caller's own.
    pub const fn account_id(&self) -> AccountId {
        self.account_id
    }
}

impl Service {
    /// The caller, if they may do to `account` what `R` guards. A caller who lacks the permission is refused, and the
    /// refusal is recorded. `operation`: what was asked for, in words of the API.
    ///
    /// # Errors
    /// [`Error::NotFound`] for another account; [`Error::PermissionRequired`], [`Error::EitherPermissionRequired`].
    pub async fn allow<R: Requires>(&self, actor: Actor, account: AccountId, operation: &str) -> Result<Allowed<R>> {
        let decided = match R::OR {
            None => actor.allow(account, R::PERMISSION),
            Some(other) => actor.allow_either(account, R::PERMISSION, other),
        };
        self.decided(actor, account, operation, decided).await
    }

    /// The caller, if they may administer the platform. The refusal of another one is recorded.
    ///
    /// # Errors
    /// [`Error::PermissionRequired`].
    pub async fn allow_platform(&self, actor: Actor, operation: &str) -> Result<Allowed<PlatformAdministration>> {
        let (account, decided) = (actor.account_id, actor.allow_platform());
        self.decided(actor, account, operation, decided).await
    }

    async fn decided<R>(
        &self,
        actor: Actor,
        account_id: AccountId,
        operation: &str,
        decided: Result<()>,
    ) -> Result<Allowed<R>> {
        if let Err(Error::PermissionRequired(permission) | Error::EitherPermissionRequired(permission, _)) = &decided {
            self.refused(&actor, account_id, operation, permission).await;
        }
        decided.map(|()| Allowed { actor, account_id, guard: PhantomData })
    }
}
