//! What the store guarantees behind a pooler: nothing stays on a connection.

use super::database::Database;
use crate::{Progress, StoreConfig, Unfit, inspect};

#[test]
fn connections_of_their_own_are_no_pooler() {
    for database in Database::each() {
        for _ in 0..3 {
            assert_eq!(inspect(&database.config(), &Progress::default()), Ok(()));
        }
    }
    let config = StoreConfig::new("mysql://h/d");
    assert_eq!(inspect(&config, &Progress::default()), Err(Unfit::InvalidUrl));
}

mod on_postgres {
    use super::super::{
        counters::{self, insert, read_ids},
        database::Database,
    };
    use crate::{Store, StoreConfig, StoreError};

    /// What an old session has that a new one has not.
    const LEFT: &str = "DO $$ DECLARE left_behind text; BEGIN
    SELECT string_agg(name, ', ') INTO left_behind FROM pg_settings
        WHERE source = 'session' AND name NOT IN ('TimeZone', 'client_encoding', 'transaction_isolation', 'transaction_read_only',
            'transaction_deferrable');
    IF left_behind IS NOT NULL OR EXISTS (SELECT FROM pg_prepared_statements)
        OR EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) THEN
        RAISE EXCEPTION 'left behind: %', left_behind;
    END IF; END $$";

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn nothing_outlives_a_transaction_on_a_connection() {
        let database = Database::postgres();
        let store = Store::open(&StoreConfig { connections: 1, pooler: true, ..database.config() }).unwrap();
        assert!(!store.migrate().unwrap().is_empty());
        counters::create(&store).await;
        for id in 0..3 {
            store.write(move |conn| insert(conn, id)).await.unwrap();
        }
        assert_eq!(read_ids(&store).await, [0, 1, 2]);
        let limits = "DO $$ BEGIN IF current_setting('statement_timeout') <> '5s' OR current_setting('lock_timeout') <> '5s'
        OR current_setting('idle_in_transaction_session_timeout') <> '5s' THEN RAISE EXCEPTION 'no limits'; END IF; END $$";
        store.write(move |conn| counters::execute(conn, limits)).await.unwrap();
        store.read(move |conn| counters::execute(conn, limits)).await.unwrap();
        // Outside of a transaction of the door nothing is visible; so its own settings end here first.
        let after = format!("COMMIT; BEGIN; {LEFT}");
        store
            .read(move |conn| {
                use diesel::connection::SimpleConnection as _;
                conn.batch_execute(&after).map_err(StoreError::from)
            })
            .await
            .unwrap();
    }
}
