//! Messages: their turns, and concurrent senders.

use chrono::TimeDelta;
use kernel::{AccountId, Id, OsRandom, Time, UserId};

use super::database::Database;
use crate::{
    Conn,
    tables::{
        base::{
            lease::LeaseClock,
            outbox::{Message, begin, due, end, purge, queue},
        },
        directory::{
            accounts::{self, Account},
            users::{self, Status, User},
        },
    },
};

fn now() -> Time {
    chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn clock(now: Time) -> LeaseClock {
    LeaseClock { now, latest: now + TimeDelta::hours(1) }
}

/// An account with a user.
fn somebody(conn: &mut Conn, slug: &str) -> (AccountId, UserId) {
    let account_id = Id::generate(now(), &mut OsRandom);
    accounts::insert(conn, &Account::new(account_id, slug.into(), slug.into(), now()), None).unwrap();
    let id = Id::generate(now(), &mut OsRandom);
    let user = User {
        account_id,
        id,
        username: "ann".to_owned(),
        username_key: "ann".to_owned(),
        display_name: None,
        email: None,
        status: Status::Active,
        password_hash: None,
        password_changed_at: None,
        password_change_required: false,
        version: 1,
        created_at: now(),
    };
    users::insert(conn, &user).unwrap();
    (account_id, id)
}

fn message((account_id, user_id): (AccountId, UserId), once_key: &str) -> Message {
    Message {
        account_id,
        id: Id::generate(now(), &mut OsRandom),
        kind: "activation",
        user_id,
        once_key: once_key.to_owned(),
        payload: "{}".to_owned(),
        sealed: Some(vec![7]),
        created_at: now(),
        send_before: now() + TimeDelta::days(7),
    }
}

#[test]
fn the_messages_of_an_account_stand_between_those_of_others() {
    for database in Database::each() {
        database.open().migrate().unwrap();
        let conn = &mut database.connect();
        let (large, small) = (somebody(conn, "large"), somebody(conn, "small"));
        for key in 0..10 {
            assert!(queue(conn, &message(large, &key.to_string())).unwrap());
        }
        // Three of them are done; a newcomer queues beside the fourth.
        let first: Vec<_> = due(conn, clock(now()), 3).unwrap();
        for sent in first {
            assert!(end(conn, sent.account_id, sent.id, now()).unwrap());
        }
        for key in 0..2 {
            assert!(queue(conn, &message(small, &key.to_string())).unwrap());
        }
        let order: Vec<_> = due(conn, clock(now()), 100).unwrap().iter().map(|due| due.account_id == small.0).collect();
        assert_eq!(order.iter().filter(|small| **small).count(), 2);
        assert_eq!((order.len(), order[..4].iter().filter(|small| **small).count()), (9, 2), "{order:?}");
        // For one occasion there is one message.
        assert!(!queue(conn, &message(small, "0")).unwrap());
    }
}

#[test]
fn an_attempt_is_begun_once_and_made_up_for_when_it_is_broken_off() {
    for database in Database::each() {
        database.open().migrate().unwrap();
        let conn = &mut database.connect();
        let ann = somebody(conn, "acme");
        queue(conn, &message(ann, "0")).unwrap();
        let [found] = due(conn, clock(now()), 10).unwrap()[..] else { panic!("one message") };
        let next = now() + TimeDelta::minutes(1);
        let begun = begin(conn, &found, clock(now()), next).unwrap().unwrap();
        assert_eq!((begun.attempts, begun.sealed.as_deref()), (1, Some(&[7][..])));
        assert!(begin(conn, &found, clock(now()), next).unwrap().is_none(), "somebody else was quicker");
        assert!(due(conn, clock(now()), 10).unwrap().is_empty());
        // A stale read does not count either, even when the next attempt is due.
        assert!(begin(conn, &found, clock(next), next).unwrap().is_none());
        let [again] = due(conn, clock(next), 10).unwrap()[..] else { panic!("one message") };
        assert_eq!(again.attempts, 1);
        // The clock was set back: no message waits until it has caught up.
        assert_eq!(due(conn, clock(now() - TimeDelta::hours(2)), 10).unwrap().len(), 1);

        assert!(end(conn, ann.0, found.id, next).unwrap());
        assert!(!end(conn, ann.0, found.id, next).unwrap(), "it is over once");
        assert!(begin(conn, &again, clock(next), next).unwrap().is_none());
        assert!(due(conn, clock(next + TimeDelta::days(1)), 10).unwrap().is_empty());
        assert_eq!(purge(conn, "activation", now() + TimeDelta::days(7), 10).unwrap(), 0);
        assert_eq!(purge(conn, "password_expires", now() + TimeDelta::days(8), 10).unwrap(), 0);
        assert_eq!(purge(conn, "activation", now() + TimeDelta::days(8), 10).unwrap(), 1);
    }
}
