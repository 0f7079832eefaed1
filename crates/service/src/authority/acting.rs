//! Runs the changes that a caller makes: each gets what it needs only after the caller was authorised again, under
//! locks, in the transaction that writes. So no verb can forget it.

use kernel::{AccountId, Time, UserId};
use permissions::{PermissionSet, PlatformAdministration, RequiresOne};
use serde::{Serialize, de::DeserializeOwned};
use store::tables::directory::accounts::{self, Account};

use super::{
    acted_upon::ActedUpon,
    allowed::Allowed,
    authorize::{Needs, authorize, authorize_on_user},
};
use crate::base::{
    error::{Error, Result},
    idempotency::{self, IdempotencyKey},
    model::Actor,
    service::Service,
    tx::Tx,
};

/// A change by a caller who was authorised in its transaction.
pub(crate) struct Acting<'t, 'c> {
    pub(crate) tx: &'t mut Tx<'c>,
    /// The caller. The user who is responsible for them is locked.
    pub(crate) by: &'t Actor,
    /// What the caller holds now.
    pub(crate) held: &'t PermissionSet,
}

/// What to lock before the users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Nothing.
    Users,
    /// The account: of two changes at once the second waits, and then sees what the first has done.
    Account,
}

impl Acting<'_, '_> {
    /// Runs `first` for the first request with this key and keeps its reply in the same transaction; returns that reply
    /// to every later one. Without a key it just runs `first`.
    ///
    /// # Errors
    /// Those of `first`, which are not kept; [`Error::IdempotencyKeyReused`] when the key came with another request.
    pub(crate) fn once<T: Serialize + DeserializeOwned>(
        &mut self,
        key: Option<&IdempotencyKey>,
        first: impl FnOnce(Acting<'_, '_>) -> Result<T>,
    ) -> Result<T> {
        let (tx, by, held) = (&mut *self.tx, self.by, self.held);
        idempotency::once(tx, by, key, |tx| first(Acting { tx, by, held }))
    }

    /// As [`Self::once`], where not everybody who repeats the request may get the reply. `again`: checks the reply and
    /// the time that it is from.
    ///
    /// # Errors
    /// Those of [`Self::once`] and of `again`.
    pub(crate) fn once_unless<T: Serialize + DeserializeOwned>(
        &mut self,
        key: Option<&IdempotencyKey>,
        again: impl FnOnce(&mut Tx<'_>, &T, Time) -> Result<()>,
        first: impl FnOnce(Acting<'_, '_>) -> Result<T>,
    ) -> Result<T> {
        let (tx, by, held) = (&mut *self.tx, self.by, self.held);
        idempotency::once_unless(tx, by, key, again, |tx| first(Acting { tx, by, held }))
    }
}

impl Service {
    /// Runs `what` in the account that the caller may act upon.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the account is gone; those of the first check, if it would fail now; those of `what`.
    pub(crate) async fn act<R: RequiresOne, T: Send + 'static>(
        &self,
        by: &Allowed<R>,
        lock: Lock,
        mut what: impl FnMut(Acting<'_, '_>, &Account) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (actor, account) = (by.actor().clone(), by.account_id());
        self.transact(move |tx| {
            let account = account_of(tx, account, lock)?;
            let held = authorize(tx, &actor, Needs::In(account.id, R::PERMISSION))?;
            what(Acting { tx, by: &actor, held: &held }, &account)
        })
        .await
    }

    /// As [`Self::act`], after `first`, which takes locks that come before those of the users in the order of locks,
    /// such as the queue of a job. `what` gets what `first` found. The caller is authorised in between: if they are
    /// refused, what `first` has done is undone.
    ///
    /// # Errors
    /// Those of [`Self::act`] and of `first`.
    pub(crate) async fn act_after<R: RequiresOne, F, T: Send + 'static>(
        &self,
        by: &Allowed<R>,
        mut first: impl FnMut(&mut Tx<'_>, AccountId) -> Result<F> + Send + 'static,
        mut what: impl FnMut(Acting<'_, '_>, &Account, F) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (actor, account) = (by.actor().clone(), by.account_id());
        self.transact(move |tx| {
            let account = accounts::by_id(tx.conn, account)?.ok_or(Error::NotFound)?;
            let found = first(tx, account.id)?;
            let held = authorize(tx, &actor, Needs::In(account.id, R::PERMISSION))?;
            what(Acting { tx, by: &actor, held: &held }, &account, found)
        })
        .await
    }

    /// Runs `what` upon a user of the account that the caller may act upon. Both users are locked.
    ///
    /// # Errors
    /// Those of [`Self::act`]; [`Error::NotFound`] when there is no such user; [`Error::OutOfReach`].
    pub(crate) async fn act_on_user<R: RequiresOne, T: Send + 'static>(
        &self,
        by: &Allowed<R>,
        user: UserId,
        lock: Lock,
        mut what: impl FnMut(&mut Tx<'_>, &Actor, &Account, &ActedUpon) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (actor, account) = (by.actor().clone(), by.account_id());
        self.transact(move |tx| {
            let account = account_of(tx, account, lock)?;
            let upon = authorize_on_user(tx, &actor, R::PERMISSION, (account.id, user))?;
            what(tx, &actor, &account, &upon)
        })
        .await
    }

    /// Runs `what` for a platform administrator. `locked`: the account to lock first.
    ///
    /// # Errors
    /// Those of the first check, if it would fail now; those of `what`.
    pub(crate) async fn act_for_platform<T: Send + 'static>(
        &self,
        by: &Allowed<PlatformAdministration>,
        locked: Option<AccountId>,
        mut what: impl FnMut(Acting<'_, '_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let actor = by.actor().clone();
        self.transact(move |tx| {
            if let Some(account) = locked {
                accounts::lock(tx.conn, account)?;
            }
            let held = authorize(tx, &actor, Needs::Platform)?;
            what(Acting { tx, by: &actor, held: &held })
        })
        .await
    }
}

/// The account, as it is once it is locked.
fn account_of(tx: &mut Tx<'_>, account: AccountId, lock: Lock) -> Result<Account> {
    match lock {
        Lock::Users => {}
        Lock::Account => accounts::lock(tx.conn, account)?,
    }
    accounts::by_id(tx.conn, account)?.ok_or(Error::NotFound)
}
