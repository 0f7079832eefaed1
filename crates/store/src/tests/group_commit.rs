//! One commit for all closures that waited, on SQLite.

use std::process::Command;

use super::{
    counters::{self, Failure, execute, insert, read_ids},
    database::Database,
    gate::gate,
};
use crate::{Conn, Store, StoreConfig, StoreError};

/// How many commits the write-ahead log holds: the last frame of every transaction states the size of the file after it
/// (<https://sqlite.org/fileformat2.html#the_write_ahead_log>). Frames of an earlier round have another salt.
fn commits(database: &Database) -> usize {
    // By another process, because nothing but SQLite opens database files in this one.
    let wal = Command::new("cat").arg(database.file().with_extension("db-wal")).output().unwrap().stdout;
    let number = |at: usize| u32::from_be_bytes(wal[at..at + 4].try_into().unwrap());
    let page = usize::try_from(number(8)).unwrap();
    (32..wal.len()).step_by(24 + page).filter(|at| number(at + 8) == number(16) && number(at + 4) > 0).count()
}

/// Runs closures that wait together: all are in the queue before the writer is free.
async fn together<E, F>(store: &Store, closures: impl Iterator<Item = F>) -> Vec<Result<(), E>>
where
    E: From<StoreError> + Send + 'static,
    F: FnMut(&mut Conn) -> Result<(), E> + Send + 'static,
{
    let (gate, passage) = gate();
    let holding = {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .write(move |_| {
                    passage.pass();
                    Ok::<_, StoreError>(())
                })
                .await
        })
    };
    gate.arrival().await;
    let waiting: Vec<_> = closures
        .map(|closure| {
            let store = store.clone();
            tokio::spawn(async move { store.write(closure).await })
        })
        .collect();
    // The runtime has one thread, so the tasks before this one have run up to their first wait.
    tokio::task::yield_now().await;
    gate.open();
    holding.await.unwrap().unwrap();
    let mut outcomes = vec![];
    for task in waiting {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn those_who_wait_share_a_commit() {
    let database = Database::sqlite();
    let store = counters::open(&database).await;
    let before = commits(&database);
    let outcomes = together(&store, (0..100).map(|id| move |conn: &mut Conn| insert(conn, id))).await;
    assert_eq!(outcomes, vec![Ok(()); 100]);
    // The closure that blocked them wrote nothing, so its commit leaves no frame.
    assert_eq!(commits(&database) - before, 1);
    assert_eq!(read_ids(&store).await.len(), 100);
}

#[tokio::test]
async fn no_more_than_128_share_a_commit() {
    let database = Database::sqlite();
    let store = counters::open(&database).await;
    let before = commits(&database);
    let outcomes = together(&store, (0..300).map(|id| move |conn: &mut Conn| insert(conn, id))).await;
    assert_eq!(outcomes, vec![Ok(()); 300]);
    assert_eq!(commits(&database) - before, 3);
}

#[tokio::test]
async fn neighbours_of_an_error_and_of_a_panic_are_kept() {
    let database = Database::sqlite();
    let store = counters::open(&database).await;
    let closures = (0..9).map(|id| {
        move |conn: &mut Conn| {
            insert(conn, id)?;
            assert!(id != 4, "on purpose");
            match id {
                // An error of the database itself.
                2 => Ok(insert(conn, 1)?),
                6 => Err(Failure::Mine),
                _ => Ok(()),
            }
        }
    });
    let before = commits(&database);
    let outcomes = together(&store, closures).await;
    assert_eq!(commits(&database) - before, 1);
    let failed: Vec<_> = (0..9).filter(|n| outcomes[*n].is_err()).collect();
    assert_eq!(failed, [2, 4, 6]);
    assert_eq!(outcomes[6], Err(Failure::Mine));
    assert_eq!(read_ids(&store).await, [0, 1, 3, 5, 7, 8]);
}

#[tokio::test]
async fn a_failed_commit_is_told_to_all_who_share_it() {
    let database = Database::sqlite();
    let store = counters::open(&database).await;
    let late = "CREATE TABLE late (id BIGINT NOT NULL REFERENCES counters (id) DEFERRABLE INITIALLY DEFERRED)";
    counters::run(&store, late).await.unwrap();
    let closures = (1..4).map(|id| {
        move |conn: &mut Conn| if id == 2 { execute(conn, "INSERT INTO late VALUES (99)") } else { insert(conn, id) }
    });
    assert_eq!(together(&store, closures).await, vec![Err(StoreError::Unavailable); 3]);
    assert_eq!(read_ids(&store).await, [0; 0]);
    store.write(|conn| insert(conn, 3)).await.unwrap();
    assert_eq!(read_ids(&store).await, [3]);
}

#[tokio::test]
async fn an_answer_means_that_others_can_see_the_change() {
    let database = Database::sqlite();
    let store = counters::open(&database).await;
    let tasks: Vec<_> = (0..100)
        .map(|id| {
            let (store, file) = (store.clone(), database.url());
            tokio::spawn(async move {
                store.write(move |conn| insert(conn, id)).await.unwrap();
                let other = Store::open(&StoreConfig { connections: 1, ..StoreConfig::new(file) }).unwrap();
                assert!(read_ids(&other).await.contains(&id));
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}
