//! Operations on one user: everybody in them is locked and was authorised after that.

use kernel::UserId;
use permissions::{PermissionSet, UserPermissions};
use store::tables::directory::accounts::Account;

use crate::{
    authority::{acted_upon::ActedUpon, acting::Lock, allowed::Allowed},
    base::{audit::Event, error::Result, model::Actor, service::Service, tx::Tx},
};

/// An operation on a user. Everybody in it is locked and was authorised after that.
pub(crate) struct Act<'t, 'c> {
    pub(crate) tx: &'t mut Tx<'c>,
    /// Who acts.
    pub(crate) actor: &'t Actor,
    /// The account of the user.
    pub(crate) account: &'t Account,
    /// The user, and what the user and the actor hold.
    pub(crate) upon: &'t ActedUpon,
    /// How many names a list in its event has; the others are counted.
    pub(crate) most_named: usize,
}

impl<'t> Act<'t, '_> {
    /// What the actor holds, and everything that the operation may take from the user: for
    /// [`keep_one`](super::keep_one).
    pub(super) const fn may_lose(&self) -> (&'t PermissionSet, &'t PermissionSet) {
        (&self.upon.held_by_actor, &self.upon.held_by_target)
    }

    /// Those of `all` whose names an event of this operation lists.
    pub(super) fn named<'b, T>(&self, all: &'b [T]) -> &'b [T] {
        all.get(..self.most_named).unwrap_or(all)
    }

    /// Adds these names to an event of this operation, and how many of `all` are left out.
    pub(super) fn told<T: Into<String>>(
        &self,
        event: Event,
        list: &str,
        names: impl IntoIterator<Item = T>,
        all: usize,
    ) -> Event {
        let event = event.with_list(list, names);
        let left_out = all.saturating_sub(self.most_named);
        if left_out == 0 { event } else { event.with(&format!("{list}_left_out"), left_out) }
    }
}

/// Whether an operation has changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It has.
    Done,
    /// There was nothing to do.
    Nothing,
}

impl Service {
    /// Applies `what` to a user of the account that the caller may act upon, in a transaction of its own.
    ///
    /// # Errors
    /// Those of [`Self::act_on_user`] and of `what`.
    pub(super) async fn act_on<T: Send + 'static>(
        &self,
        by: &Allowed<UserPermissions>,
        user: UserId,
        lock: Lock,
        mut what: impl FnMut(&mut Act<'_, '_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.act_on_user(by, user, lock, move |tx, actor, account, upon| {
            what(&mut Act { tx, actor, account, upon, most_named: usize::MAX })
        })
        .await
    }
}
