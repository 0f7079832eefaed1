//! The progress of trimming earlier passwords.

use kernel::{AccountId, Id, OsRandom, Time};

use super::database::Database;
use crate::{
    Conn,
    tables::{
        directory::accounts::{self, Account},
        policies::password_history_trims::{advance, all, ask, finish},
    },
};

fn account(conn: &mut Conn, now: Time) -> AccountId {
    let id = Id::generate(now, &mut OsRandom);
    accounts::insert(conn, &Account::new(id, "acme".into(), "Acme".into(), now), None).unwrap();
    id
}

#[test]
fn work_goes_on_where_it_stopped_and_begins_again_for_a_new_reason() {
    let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    for database in Database::each() {
        database.open().migrate().unwrap();
        let conn = &mut database.connect();
        let account = account(conn, now);
        let (ann, bob) = (Id::generate(now, &mut OsRandom), Id::generate(now, &mut OsRandom));
        assert_eq!(all(conn).unwrap(), []);

        ask(conn, account, now).unwrap();
        let [first] = all(conn).unwrap()[..] else { panic!("one account") };
        assert_eq!((first.account_id, first.done_up_to), (account, None));
        assert!(advance(conn, &first, ann).unwrap());
        assert_eq!(
            all(conn).unwrap()[0].done_up_to,
            Some(ann),
            "another node, or this one after a crash, goes on there"
        );

        ask(conn, account, now).unwrap();
        let [second] = all(conn).unwrap()[..] else { panic!("one account") };
        assert_eq!(second.done_up_to, None, "all users are to be looked at again");
        assert!(second.number > first.number);
        // A node that works for the old reason neither continues nor ends the new work.
        assert!(!advance(conn, &first, bob).unwrap());
        finish(conn, &first).unwrap();
        assert_eq!(all(conn).unwrap(), [second]);

        finish(conn, &second).unwrap();
        assert_eq!(all(conn).unwrap(), []);
        // Nor does work that begins after it has ended reuse its number.
        ask(conn, account, now + chrono::TimeDelta::seconds(1)).unwrap();
        assert!(!advance(conn, &second, bob).unwrap());
    }
}
