//! Expired rows are deleted in batches.

use auth::throttle::Counter;
use chrono::TimeDelta;

use super::database::Database;
use crate::tables::base::throttles;

#[test]
fn no_more_is_forgotten_at_once_than_may_be() {
    let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    for database in Database::each() {
        database.open().migrate().unwrap();
        let conn = &mut database.connect();
        for number in 0..25_u8 {
            // Five of them are from today.
            let last_failure_at = if number % 5 == 0 { now } else { now - TimeDelta::days(9) };
            let key = throttles::Key { kind: "test", digest: [number; 32], owner: None };
            let counter = Counter { failures: 1, last_failure_at, blocked_until: last_failure_at };
            throttles::put(conn, &key, counter).unwrap();
        }
        let then = now - TimeDelta::days(1);
        let purged: Vec<_> = (0..4).map(|_| throttles::purge(conn, then, 8).unwrap()).collect();
        assert_eq!(purged, [8, 8, 4, 0]);
        assert_eq!(throttles::purge(conn, now + TimeDelta::days(1), 8).unwrap(), 5);
    }
}
