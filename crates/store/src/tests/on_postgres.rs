//! What only a server does: conflicts of transactions, and outages.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    counters::{self, execute, insert, read_ids, swap},
    database::Database,
    gate::gate,
    proxy::Proxy,
};
use crate::{Store, StoreConfig, StoreError};

const FAIL_TO_SERIALIZE: &str = "DO $$ BEGIN RAISE EXCEPTION 'met another' USING ERRCODE = '40001'; END $$";
const DIE: &str = "SELECT pg_terminate_backend(pg_backend_pid())";

/// Returns `true` the first time that a closure runs, and counts its runs.
fn first_time_only(tries: &Arc<AtomicU32>) -> impl Fn() -> bool + Send + 'static {
    let tries = Arc::clone(tries);
    move || tries.fetch_add(1, Ordering::Relaxed) == 0
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_serialization_failure_is_tried_again() {
    let database = Database::postgres();
    let store = counters::open(&database).await;
    let tries = Arc::new(AtomicU32::new(0));
    let is_first = first_time_only(&tries);
    let outcome = store.write(move |conn| {
        insert(conn, 1)?;
        if is_first() { execute(conn, FAIL_TO_SERIALIZE) } else { Ok(()) }
    });
    assert_eq!(outcome.await, Ok(()));
    assert_eq!(tries.load(Ordering::Relaxed), 2);
    assert_eq!(read_ids(&store).await, [1]);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_serialization_failure_at_the_commit_is_tried_again() {
    let database = Database::postgres();
    let store = counters::open(&database).await;
    let trigger = "CREATE SEQUENCE commits;
        CREATE FUNCTION refuse_the_first() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF nextval('commits') = 1 THEN RAISE 'met another' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER late AFTER INSERT ON counters DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION refuse_the_first()";
    counters::run(&store, trigger).await.unwrap();
    store.write(|conn| insert(conn, 1)).await.unwrap();
    assert_eq!(read_ids(&store).await, [1]);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn trying_again_has_an_end() {
    let database = Database::postgres();
    let store = counters::open(&database).await;
    let tries = Arc::new(AtomicU32::new(0));
    let count = first_time_only(&tries);
    let outcome = store.write(move |conn| {
        count();
        execute(conn, FAIL_TO_SERIALIZE)
    });
    assert_eq!(outcome.await, Err(StoreError::Unavailable));
    assert_eq!(tries.load(Ordering::Relaxed), 5);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_deadlock_is_tried_again() {
    let database = Database::postgres();
    let store = counters::open(&database).await;
    store.write(|conn| insert(conn, 1).and_then(|()| insert(conn, 2))).await.unwrap();
    let both_hold_one = Arc::new(Barrier::new(2));
    let cross = |first, second| {
        let (mut fresh, barrier) = (true, Arc::clone(&both_hold_one));
        store.write(move |conn| {
            let n = |id| if id == first { 0 } else { i64::from(first == 2) };
            let _own = swap(conn, first, n(first))?;
            if std::mem::take(&mut fresh) {
                barrier.wait();
            }
            swap(conn, second, 0).map(|_| ())
        })
    };
    assert_eq!(tokio::join!(cross(1, 2), cross(2, 1)), (Ok(()), Ok(())));
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_lock_is_not_waited_for_without_end() {
    let database = Database::postgres();
    let patient = counters::open(&database).await;
    patient.write(|conn| insert(conn, 1)).await.unwrap();
    let statement_timeout = Duration::from_millis(300);
    let store = Store::open(&StoreConfig { statement_timeout, ..database.config() }).unwrap();
    let (gate, passage) = gate();
    let holds = patient.write(move |conn| {
        let won = swap(conn, 1, 0)?;
        passage.pass();
        Ok::<_, StoreError>(won)
    });
    let waits = async {
        gate.arrival().await;
        let outcome = store.write(|conn| swap(conn, 1, 0)).await;
        gate.open();
        outcome
    };
    assert_eq!(tokio::join!(holds, waits), (Ok(true), Err(StoreError::Unavailable)));
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_connection_lost_before_the_commit_is_replaced() {
    let database = Database::postgres();
    let store = counters::open(&database).await;
    let tries = Arc::new(AtomicU32::new(0));
    let is_first = first_time_only(&tries);
    let outcome = store.write(move |conn| {
        insert(conn, 1)?;
        if is_first() { execute(conn, DIE) } else { Ok(()) }
    });
    assert_eq!(outcome.await, Ok(()));
    assert_eq!(tries.load(Ordering::Relaxed), 2);
    assert_eq!(read_ids(&store).await, [1]);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn connections_cut_while_idle_are_replaced_unnoticed() {
    let database = Database::postgres();
    let store = counters::open(&database).await;
    let busy: Vec<_> = (0..4).map(|id| store.write(move |conn| insert(conn, id))).collect();
    for write in busy {
        write.await.unwrap();
    }
    let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    counters::run(&database.open(), all).await.unwrap();
    for id in 10..20 {
        store.write(move |conn| insert(conn, id)).await.unwrap();
        assert!(read_ids(&store).await.contains(&id));
    }
}

/// A store that reaches its server through a proxy.
async fn behind_a_proxy(database: &Database) -> (Proxy, Store) {
    let proxy = Proxy::to(database.address());
    let store = Store::open(&StoreConfig {
        connections: 2,
        answer_deadline: Duration::from_secs(2),
        ..StoreConfig::new(database.url_at(proxy.port()))
    })
    .unwrap();
    counters::create(&store).await;
    (proxy, store)
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_stopped_server_is_told_at_once_and_found_again() {
    let database = Database::postgres();
    let (proxy, store) = behind_a_proxy(&database).await;
    for round in 0..3 {
        store.write(move |conn| insert(conn, round)).await.unwrap();
        proxy.cut();
        let since = Instant::now();
        for _ in 0..4 {
            assert_eq!(store.read(counters::ids).await, Err(StoreError::Unavailable));
            assert_eq!(store.write(|conn| insert(conn, 99)).await, Err(StoreError::Unavailable));
        }
        assert_eq!(store.is_ready().await, Err(StoreError::Unavailable));
        assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
        proxy.mend();
    }
    assert_eq!(read_ids(&store).await, [0, 1, 2]);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_connection_lost_in_the_commit_is_no_success_and_not_tried_again() {
    let database = Database::postgres();
    let (proxy, store) = behind_a_proxy(&database).await;
    let tries = Arc::new(AtomicU32::new(0));
    let count = first_time_only(&tries);
    let cutting = proxy.clone();
    let outcome = store.write(move |conn| {
        count();
        insert(conn, 1)?;
        cutting.cut();
        Ok::<_, StoreError>(())
    });
    assert_eq!(outcome.await, Err(StoreError::Unavailable));
    assert_eq!(tries.load(Ordering::Relaxed), 1);
    proxy.mend();
    assert_eq!(read_ids(&store).await, [0; 0]);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_server_that_stands_still_hangs_nobody() {
    let database = Database::postgres();
    let (proxy, store) = behind_a_proxy(&database).await;
    store.write(|conn| insert(conn, 1)).await.unwrap();
    proxy.freeze(true);
    let since = Instant::now();
    let outcomes =
        tokio::join!(store.read(counters::ids), store.write(|conn| insert(conn, 2)), store.read(counters::ids));
    assert_eq!(outcomes, (Err(StoreError::Unavailable), Err(StoreError::Unavailable), Err(StoreError::Unavailable)));
    assert!(since.elapsed() < Duration::from_secs(4), "{:?}", since.elapsed());
    proxy.freeze(false);
    assert_eq!(store.write(|conn| insert(conn, 3)).await, Ok(()));
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_server_that_is_not_there_yet_is_found_later() {
    let database = Database::postgres();
    let proxy = Proxy::to(database.address());
    proxy.cut();
    let store = Store::open(&StoreConfig::new(database.url_at(proxy.port()))).unwrap();
    assert_eq!(store.is_ready().await, Err(StoreError::Unavailable));
    let why = store.migrate().unwrap_err().to_string();
    assert!(why.starts_with("the database cannot be reached: ") && !why.contains(database.password()), "{why}");
    proxy.mend();
    assert_eq!(store.is_ready().await, Err(StoreError::NotMigrated));
}
