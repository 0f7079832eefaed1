//! Limits long reads, so that neither all of them nor those of one account keep everyone else waiting.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::AccountId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places for long reads. An account has one at a time; its other reads wait for each other, and no other account
/// waits behind them. First come, first served, among the reads of an account and among the accounts.
pub(super) struct LongReads {
    places: Arc<Semaphore>,
    accounts: Accounts,
}

/// The accounts with waiting or running reads. An account without any is removed.
type Accounts = Arc<Mutex<HashMap<AccountId, Account>>>;

struct Account {
    /// How many of its reads wait or run.
    reads: usize,
    /// Held by the read that may wait for a place.
    turn: Arc<Semaphore>,
}

/// A place. It is free again when this value is dropped.
pub(super) struct Place {
    // Fields drop in this order: the next read of the account gets its turn before the account is forgotten.
    _of_all: OwnedSemaphorePermit,
    _of_account: OwnedSemaphorePermit,
    _read: Read,
}

impl LongReads {
    /// Creates this many places.
    pub(super) fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), accounts: Accounts::default() }
    }

    /// A place for a read of this account; `None` if there was none within `patience`.
    pub(super) async fn place(&self, account: AccountId, patience: Duration) -> Option<Place> {
        tokio::time::timeout(patience, self.wait(account)).await.ok().flatten()
    }

    async fn wait(&self, account: AccountId) -> Option<Place> {
        let read = Read::of(&self.accounts, account);
        let turn = Arc::clone(&read.turn).acquire_owned().await.ok()?;
        // One read of each account waits here, however many it has.
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        Some(Place { _of_all: place, _of_account: turn, _read: read })
    }

    /// How many accounts are remembered.
    #[cfg(test)]
    pub(super) fn accounts(&self) -> usize {
        lock(&self.accounts).len()
    }
}

/// A waiting or running read.
struct Read {
    accounts: Accounts,
    account: AccountId,
    turn: Arc<Semaphore>,
}

impl Read {
    fn of(accounts: &Accounts, account: AccountId) -> Self {
        let mut all = lock(accounts);
        let entry = all.entry(account).or_insert_with(|| Account { reads: 0, turn: Arc::new(Semaphore::new(1)) });
        entry.reads += 1;
        Self { accounts: Arc::clone(accounts), account, turn: Arc::clone(&entry.turn) }
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        let mut all = lock(&self.accounts);
        if let Some(entry) = all.get_mut(&self.account) {
            entry.reads = entry.reads.saturating_sub(1);
            if entry.reads == 0 {
                all.remove(&self.account);
            }
        }
    }
}

/// Nothing in here is half done when a thread panics.
fn lock(accounts: &Accounts) -> MutexGuard<'_, HashMap<AccountId, Account>> {
    accounts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use kernel::{Id, OsRandom};

    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;
    const LONG: Duration = Duration::from_secs(20);

    fn account() -> AccountId {
        Id::generate(chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap(), &mut OsRandom)
    }

    #[tokio::test]
    async fn an_account_has_one_place_however_many_are_free() {
        let (reads, one, other) = (LongReads::new(4), account(), account());
        let first = reads.place(one, AT_ONCE).await.unwrap();
        assert!(reads.place(one, AT_ONCE).await.is_none());
        let others = reads.place(other, AT_ONCE).await.unwrap();
        drop(first);
        let again = reads.place(one, AT_ONCE).await.unwrap();
        drop((others, again));
    }

    #[tokio::test]
    async fn accounts_take_turns_whatever_one_of_them_asks_for() {
        let (reads, greedy, other, third) = (LongReads::new(1), account(), account(), account());
        let first = reads.place(third, AT_ONCE).await.unwrap();
        let order = Mutex::new(Vec::new());
        let read = async |account, name| {
            let place = reads.place(account, LONG).await.unwrap();
            order.lock().unwrap().push(name);
            drop(place);
        };
        tokio::join!(
            read(greedy, "greedy"),
            read(greedy, "greedy again"),
            read(greedy, "greedy once more"),
            read(other, "other"),
            async { drop(first) },
        );
        assert_eq!(*order.lock().unwrap(), ["greedy", "other", "greedy again", "greedy once more"]);
    }

    #[tokio::test]
    async fn who_is_patient_gets_the_place_for_which_others_did_not_wait() {
        let (reads, account) = (LongReads::new(1), account());
        let first = reads.place(account, AT_ONCE).await.unwrap();
        let (patient, ()) = tokio::join!(reads.place(account, LONG), async {
            for _ in 0..9 {
                assert!(reads.place(account, AT_ONCE).await.is_none());
            }
            drop(first);
        });
        assert!(patient.is_some());
    }

    #[tokio::test]
    async fn an_account_without_reads_is_forgotten() {
        let (reads, one, other) = (LongReads::new(1), account(), account());
        let place = reads.place(one, AT_ONCE).await.unwrap();
        for account in [one, one, other] {
            assert!(reads.place(account, AT_ONCE).await.is_none());
        }
        assert_eq!(reads.accounts(), 1, "only who has a place is remembered");
        drop(place);
        assert_eq!(reads.accounts(), 0);
    }
}
