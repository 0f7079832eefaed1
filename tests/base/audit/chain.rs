//! Detects changes to recorded events, even in the database itself.

use serde_json::{Value, json};

use super::{events, verified};
use crate::support::{Account, TestApp};

const OF_ACME: &str = "account_id = (SELECT id FROM accounts WHERE slug = 'acme')";

async fn begin() -> (TestApp, Account) {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let other = app.account("other").await;
    for name in ["ann", "bob"] {
        account.user(name).await.sign_in().await;
        other.user(name).await;
    }
    let intact = verified(&app, &account).await;
    let count = events(&app, &account).await.len();
    assert!(count >= 9, "{count}");
    assert_eq!(intact["is_intact"], true, "{intact}");
    assert_eq!((&intact["intact"], &intact["head_sequence"]), (&json!(count), &json!(count)));
    assert_eq!((&intact["first_broken"], &intact["broken"]), (&Value::Null, &Value::Null));
    (app, account)
}

#[track_caller]
fn broken(found: &Value, sequence: i64, how: &str) {
    assert_eq!(found["is_intact"], false, "{found}");
    assert_eq!((&found["first_broken"], &found["broken"]), (&json!(sequence), &json!(how)), "{found}");
    assert_eq!(found["intact"], sequence - 1, "{found}");
}

#[tokio::test]
async fn a_removal_is_found_in_the_middle_at_the_beginning_and_at_the_end() {
    for (at, how) in [(1, "gap"), (5, "gap"), (9, "cut_off")] {
        let (app, account) = begin().await;
        let last = events(&app, &account).await.len();
        let which = if at == 9 { last } else { at };
        app.tamper_with_database(&format!("DELETE FROM audit_events WHERE {OF_ACME} AND sequence = {which}"));
        broken(&verified(&app, &account).await, i64::try_from(which).unwrap(), how);
    }
    let (app, account) = begin().await;
    app.tamper_with_database(&format!("DELETE FROM audit_events WHERE {OF_ACME}"));
    broken(&verified(&app, &account).await, 1, "cut_off");
}

#[tokio::test]
async fn a_removal_with_new_numbers_for_the_rest_is_found() {
    let (app, account) = begin().await;
    app.tamper_with_database(&format!("DELETE FROM audit_events WHERE {OF_ACME} AND sequence = 3"));
    for number in 4..=9 {
        let renumber =
            format!("UPDATE audit_events SET sequence = {} WHERE {OF_ACME} AND sequence = {number}", number - 1);
        app.tamper_with_database(&renumber);
    }
    broken(&verified(&app, &account).await, 3, "altered");
}

#[tokio::test]
async fn two_that_changed_places_are_found() {
    let (app, account) = begin().await;
    for (from, to) in [(4, -1), (6, 4), (-1, 6)] {
        let set = format!("UPDATE audit_events SET sequence = {to} WHERE {OF_ACME} AND sequence = {from}");
        app.tamper_with_database(&set);
    }
    broken(&verified(&app, &account).await, 4, "altered");
}

#[tokio::test]
async fn an_insertion_is_found_even_behind_the_last() {
    let (app, account) = begin().await;
    let last = i64::try_from(events(&app, &account).await.len()).unwrap();
    let columns = "actor_kind, actor_account, actor, actor_name, action, target_kind, target, target_name, outcome, source, \
                   details, hash";
    let copy = format!(
        "INSERT INTO audit_events (account_id, sequence, occurred_at, {columns}) SELECT account_id, {}, occurred_at, {columns}
         FROM audit_events WHERE {OF_ACME} AND sequence = 2",
        last + 1,
    );
    app.tamper_with_database(&copy);
    broken(&verified(&app, &account).await, last + 1, "altered");
}

#[tokio::test]
async fn a_head_that_was_moved_back_over_removed_events_is_a_chain_again_and_its_noted_hash_is_not() {
    let (app, account) = begin().await;
    let noted = verified(&app, &account).await;
    let last = events(&app, &account).await.len();
    app.tamper_with_database(&format!("DELETE FROM audit_events WHERE {OF_ACME} AND sequence = {last}"));
    app.tamper_with_database(&format!(
        "UPDATE audit_heads SET sequence = sequence - 1, hash = (SELECT hash FROM audit_events
         WHERE audit_events.account_id = audit_heads.account_id AND sequence = {}) WHERE {OF_ACME}",
        last - 1,
    ));
    let found = verified(&app, &account).await;
    assert_eq!(found["is_intact"], true, "the chain itself cannot tell");
    assert_ne!(found["head_hash"], noted["head_hash"], "who has noted the hash can");
}

#[tokio::test]
async fn a_broken_chain_of_one_account_is_no_matter_of_another() {
    let (app, _) = begin().await;
    app.tamper_with_database(
        "UPDATE audit_events SET outcome = 'denied' WHERE sequence = 1 AND NOT (actor_kind = 'system')",
    );
    let root = app.platform_admin().await;
    let new = app.account("new").await;
    assert_eq!(verified(&app, &new).await["is_intact"], true);
    assert_eq!(root.get(&new.path("/audit-events/verify")).await.ok(200)["head_sequence"], 1);
}

mod slow {
    use super::super::{events, verified};
    use super::{OF_ACME, begin, broken};

    #[tokio::test]
    async fn an_edit_is_found_whatever_was_edited() {
        for edit in [
            "occurred_at = (SELECT max(occurred_at) FROM audit_events)",
            "actor_kind = 'operator'",
            "actor_account = NULL",
            "actor = NULL",
            "actor_name = 'mallory'",
            "action = 'user.disabled'",
            "target_kind = 'role'",
            "target = NULL",
            "target_name = 'mallory'",
            "outcome = 'denied'",
            "source = '{\"address\":\"192.0.2.1\"}'",
            "source = NULL",
            "details = '{}'",
            "details = 'no JSON at all'",
            "hash = (SELECT hash FROM audit_events AS other WHERE other.account_id = audit_events.account_id
            AND other.sequence = 2)",
        ] {
            let (app, account) = begin().await;
            app.wait(chrono::TimeDelta::seconds(1));
            account.user("carol").await;
            app.tamper_with_database(&format!("UPDATE audit_events SET {edit} WHERE {OF_ACME} AND sequence = 5"));
            broken(&verified(&app, &account).await, 5, "altered");
            // It can still be read.
            assert!(events(&app, &account).await.len() >= 9);
        }
    }
}
