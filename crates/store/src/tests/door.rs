//! What the door guarantees on both databases.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use kernel::{AccountId, Id, OsRandom};

use super::{
    counters::{self, Failure, ids, insert, read_ids, swap},
    database::Database,
    gate::{Passage, gate, start},
};
use crate::{Conn, Store, StoreConfig, StoreError, savepoint};

#[tokio::test]
async fn an_error_undoes_its_closure_alone() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let write = |id, fails| {
            store.write(move |conn| {
                insert(conn, id)?;
                if fails { Err(Failure::Mine) } else { Ok(id) }
            })
        };
        let outcomes = tokio::join!(write(1, false), write(2, true), write(3, false));
        assert_eq!(outcomes, (Ok(1), Err(Failure::Mine), Ok(3)));
        assert_eq!(read_ids(&store).await, [1, 3]);
    }
}

/// A read that runs until its gate opens.
fn long(
    store: &Store,
    account: AccountId,
    passage: Passage,
) -> Pin<Box<impl Future<Output = Result<(), StoreError>> + use<>>> {
    let store = store.clone();
    Box::pin(async move {
        let pass = move |_: &mut Conn| {
            passage.pass();
            Ok(())
        };
        store.read_much(account, pass).await
    })
}

fn account() -> AccountId {
    Id::generate(chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap(), &mut OsRandom)
}

#[tokio::test]
async fn reads_that_take_long_leave_connections_to_the_others() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let mut begun = Vec::new();
        // Two of the four connections; another such read waits, and the rest serves the others.
        for _ in 0..2 {
            let (gate, passage) = gate();
            let mut read = long(&store, account(), passage);
            assert!(start(&mut read).await.is_none());
            gate.arrival().await;
            begun.push((gate, read));
        }
        let (last_gate, passage) = gate();
        let mut last = long(&store, account(), passage);
        assert!(start(&mut last).await.is_none());
        assert_eq!(read_ids(&store).await, [0; 0]);
        assert!(!last_gate.has_arrived(), "it waits for a place");
        // Abandoning a read does not free its place: it continues.
        let gates: Vec<_> = begun.into_iter().map(|(gate, _)| gate).collect();
        assert!(start(&mut last).await.is_none());
        assert_eq!(read_ids(&store).await, [0; 0]);
        assert!(!last_gate.has_arrived(), "it still waits for a place");
        gates[0].open();
        last_gate.open();
        assert_eq!(last.await, Ok(()));
        gates[1].open();
    }
}

#[tokio::test]
async fn reads_of_an_account_that_take_long_keep_no_other_account_waiting() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let (greedy, other) = (account(), account());
        let (first_gate, passage) = gate();
        let mut first = long(&store, greedy, passage);
        assert!(start(&mut first).await.is_none());
        first_gate.arrival().await;
        let mut waiting = Vec::new();
        for _ in 0..9 {
            let (gate, passage) = gate();
            gate.open();
            let mut read = long(&store, greedy, passage);
            assert!(start(&mut read).await.is_none());
            waiting.push((gate, read));
        }
        // Nobody waits for it any more, but it continues, as the account's only one.
        drop(first);
        for _ in 0..9 {
            assert_eq!(store.read_much(other, ids).await, Ok(vec![]));
        }
        for (gate, read) in &mut waiting {
            assert!(start(read).await.is_none());
            assert!(!gate.has_arrived(), "an account has one place at a time");
        }
        first_gate.open();
        for (_, read) in waiting {
            assert_eq!(read.await, Ok(()));
        }
    }
}

#[tokio::test]
async fn a_panic_undoes_its_closure_alone_and_the_thread_lives_on() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let write = |id, panics: bool| {
            store.write(move |conn| {
                insert(conn, id)?;
                savepoint(conn, |conn| {
                    insert(conn, id + 100)?;
                    assert!(!panics, "on purpose");
                    Ok(())
                })
            })
        };
        for _ in 0..9 {
            let panicked = Err(StoreError::Other("a closure panicked".to_owned()));
            assert_eq!(write(2, true).await, panicked);
        }
        let outcomes = tokio::join!(write(1, false), write(2, true), write(3, false));
        assert_eq!((outcomes.0, outcomes.2), (Ok(()), Ok(())));
        assert_eq!(read_ids(&store).await, [1, 3, 101, 103]);
        let read = store.read(|_| -> Result<(), StoreError> { panic!("on purpose") }).await;
        assert_eq!(read, Err(StoreError::Other("a closure panicked".to_owned())));
    }
}

#[tokio::test]
async fn a_savepoint_undoes_its_part_alone() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let outcome = store.write(|conn| {
            insert(conn, 1)?;
            let twice = savepoint(conn, |conn| {
                insert(conn, 2)?;
                insert(conn, 1)
            });
            insert(conn, 3)?;
            Ok::<_, StoreError>(twice)
        });
        let twice = outcome.await.unwrap();
        assert!(
            matches!(&twice, Err(StoreError::UniqueViolation { constraint }) if constraint.contains("counters")),
            "{twice:?}"
        );
        assert_eq!(read_ids(&store).await, [1, 3]);
    }
}

#[tokio::test]
async fn going_on_after_a_failed_statement_is_refused() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let outcome = store.write(|conn| {
            insert(conn, 1)?;
            let _ignored = insert(conn, 1);
            Ok::<_, StoreError>(())
        });
        let refusal = Err(StoreError::Other("a closure continued after a failed statement".to_owned()));
        assert_eq!(outcome.await, refusal);
        assert_eq!(read_ids(&store).await, [0; 0]);
    }
}

#[tokio::test]
async fn one_of_many_swaps_succeeds() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        store.write(|conn| insert(conn, 1)).await.unwrap();
        for round in 0..20 {
            let tasks: Vec<_> = (0..8)
                .map(|_| {
                    let store = store.clone();
                    tokio::spawn(async move { store.write(move |conn| swap(conn, 1, round)).await })
                })
                .collect();
            let mut won = 0;
            for task in tasks {
                won += u32::from(task.await.unwrap().unwrap());
            }
            assert_eq!(won, 1, "round {round}");
        }
    }
}

#[tokio::test]
async fn a_read_sees_what_is_committed_and_nothing_else() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let (gate, passage) = gate();
        let writing = store.write(move |conn| {
            insert(conn, 1)?;
            passage.pass();
            Ok::<_, StoreError>(())
        });
        let reading = async {
            gate.arrival().await;
            let before = read_ids(&store).await;
            gate.open();
            before
        };
        assert_eq!(tokio::join!(writing, reading), (Ok(()), vec![]));
        assert_eq!(read_ids(&store).await, [1]);
    }
}

#[tokio::test]
async fn a_read_sees_one_state_to_its_end() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let (gate, passage) = gate();
        let reading = store.read(move |conn| {
            let before = ids(conn)?;
            passage.pass();
            Ok::<_, StoreError>((before, ids(conn)?))
        });
        let writing = async {
            gate.arrival().await;
            store.write(|conn| insert(conn, 1)).await.unwrap();
            gate.open();
        };
        assert_eq!(tokio::join!(reading, writing).0, Ok((vec![], vec![])));
    }
}

#[tokio::test]
async fn a_read_cannot_write() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let outcome = store.read(|conn| insert(conn, 1)).await;
        assert!(matches!(outcome, Err(StoreError::Other(_))), "{outcome:?}");
        assert_eq!(read_ids(&store).await, [0; 0]);
    }
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    for database in Database::each() {
        let store = Store::open(&StoreConfig { connections: 1, queue: 1, ..database.config() }).unwrap();
        counters::create(&store).await;
        let (gate, passage) = gate();
        let holds = store.write(move |_| {
            passage.pass();
            Ok::<_, StoreError>(())
        });
        let fills = async {
            gate.arrival().await;
            let mut waits = Box::pin(store.write(|conn| insert(conn, 1)));
            assert_eq!(start(&mut waits).await, None);
            assert_eq!(store.write(|conn| insert(conn, 2)).await, Err(StoreError::Overloaded));
            gate.open();
            waits.await
        };
        assert_eq!(tokio::join!(holds, fills), (Ok(()), Ok(())));
        assert_eq!(read_ids(&store).await, [1]);
    }
}

#[tokio::test]
async fn who_waited_too_long_is_not_run() {
    for database in Database::each() {
        let patient = counters::open(&database).await;
        let queue_deadline = Duration::from_millis(500);
        let store = Store::open(&StoreConfig { connections: 1, queue_deadline, ..database.config() }).unwrap();
        let (gate, passage) = gate();
        let holds = store.write(move |_| {
            passage.pass();
            Ok::<_, StoreError>(())
        });
        let late = async {
            gate.arrival().await;
            let mut waits = Box::pin(store.write(|conn| insert(conn, 1)));
            assert_eq!(start(&mut waits).await, None);
            tokio::time::sleep(queue_deadline + Duration::from_millis(100)).await;
            gate.open();
            waits.await
        };
        assert_eq!(tokio::join!(holds, late), (Ok(()), Err(StoreError::Unavailable)));
        assert_eq!(read_ids(&patient).await, [0; 0]);
    }
}

#[tokio::test]
async fn who_gave_up_waiting_is_not_run() {
    for database in Database::each() {
        let store = Store::open(&StoreConfig { connections: 1, ..database.config() }).unwrap();
        counters::create(&store).await;
        let (gate, passage) = gate();
        let mut running = Box::pin(store.write(move |conn| {
            passage.pass();
            insert(conn, 1)
        }));
        assert_eq!(start(&mut running).await, None);
        gate.arrival().await;
        let mut waits = Box::pin(store.write(|conn| insert(conn, 2)));
        assert_eq!(start(&mut waits).await, None);
        drop(waits);
        drop(running);
        gate.open();
        store.write(|conn| insert(conn, 3)).await.unwrap();
        // It ended as if its caller still waited.
        assert_eq!(read_ids(&store).await, [1, 3]);
    }
}

#[tokio::test]
async fn an_answer_comes_even_if_the_closure_stands_still() {
    for database in Database::each() {
        let patient = counters::open(&database).await;
        let answer_deadline = Duration::from_millis(300);
        let store = Store::open(&StoreConfig { answer_deadline, ..database.config() }).unwrap();
        let (gate, passage) = gate();
        let outcome = store.write(move |conn| {
            passage.pass();
            insert(conn, 1)
        });
        assert_eq!(outcome.await, Err(StoreError::Unavailable));
        gate.open();
        // It ended as if its caller still waited.
        while read_ids(&patient).await != [1] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn the_last_clone_takes_leave_when_all_is_done() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let done = Arc::new(AtomicU32::new(0));
        let tasks: Vec<_> = (0..50)
            .map(|id| {
                let (store, done) = (store.clone(), Arc::clone(&done));
                tokio::spawn(async move {
                    store
                        .write(move |conn| {
                            done.fetch_add(1, Ordering::Relaxed);
                            insert(conn, id)
                        })
                        .await
                })
            })
            .collect();
        drop(store);
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(done.load(Ordering::Relaxed), 50);
        assert_eq!(read_ids(&database.open()).await.len(), 50);
    }
}

#[tokio::test]
async fn a_closure_may_hold_the_last_clone() {
    for database in Database::each() {
        let store = counters::open(&database).await;
        let (gate, passage) = gate();
        let held = store.clone();
        let mut running = Box::pin(async move {
            let inner = held.clone();
            held.write(move |conn| {
                let _last = &inner;
                passage.pass();
                insert(conn, 1)
            })
            .await
        });
        assert_eq!(start(&mut running).await, None);
        gate.arrival().await;
        drop((store, running));
        gate.open();
        while read_ids(&database.open()).await != [1] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
