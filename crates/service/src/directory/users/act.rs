//! Runs operations on a user, for a request about one user or for a job about many.

use kernel::{AccountId, Time, UserId};
use permissions::{Permission, PermissionSet};
use store::{
    Conn,
    tables::directory::accounts::{self, Account},
};

use crate::{
    authority::acting::{ActedUpon, act_upon},
    base::{
        audit::{Event, Journal},
        error::{Error, Result},
        model::Actor,
        service::{Core, Service},
    },
};

/// The context of an operation on a user. Everybody in it is locked and was checked after that.
pub(crate) struct Act<'a> {
    pub(crate) core: &'a Core,
    /// Who acts.
    pub(crate) actor: &'a Actor,
    /// The account of the user.
    pub(crate) account: &'a Account,
    /// The user, and what the user and the actor hold.
    pub(crate) upon: &'a ActedUpon,
    pub(crate) now: Time,
    /// How many names a list in its event has; the others are counted.
    pub(crate) most_named: usize,
}

impl Act<'_> {
    /// What the actor holds, and everything that the operation may take from the user: for
    /// [`keep_one`](super::keep_one).
    pub(super) const fn may_lose(&self) -> (&PermissionSet, &PermissionSet) {
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

/// What to lock before the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// Nothing.
    User,
    /// The account, since the operation may decide who administers it.
    AccountFirst,
}

impl Service {
    /// Applies `what` to a user of the account on behalf of `actor`, in a transaction of its own.
    ///
    /// # Errors
    /// Those of [`act_upon`] and of `what`.
    pub(super) async fn act<T: Send + 'static>(
        &self,
        actor: &Actor,
        (account, user): (AccountId, UserId),
        lock: Lock,
        mut what: impl FnMut(&mut Conn, &Act<'_>, &mut Journal) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (core, actor, now) = (std::sync::Arc::clone(&self.core), actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
            if lock == Lock::AccountFirst {
                accounts::lock(conn, account.id)?;
            }
            let upon = act_upon(conn, &actor, Permission::UserPermissions, account.id, user, now)?;
            let act = Act { core: &core, actor: &actor, account: &account, upon: &upon, now, most_named: usize::MAX };
            what(conn, &act, audit)
        })
        .await
    }
}
