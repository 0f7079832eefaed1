//! A refresh token that comes again: from a second tab, after a lost reply, or from a thief.

use chrono::TimeDelta;
use serde_json::json;

use super::refresh::is_dead;
use crate::support::{Account, Session, TestApp, User, in_parallel, statuses};

async fn signed_in(app: &TestApp) -> (Account, User, Session) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.login().await.session();
    (account, ann, session)
}

#[tokio::test]
async fn a_second_tab_gets_the_same_refresh_token() {
    let app = TestApp::start().await;
    let (_, _, first) = signed_in(&app).await;
    let one = first.refresh().await.session();
    app.wait(TimeDelta::seconds(10));
    let other = first.refresh().await.session();
    assert_eq!(one.refresh_token, other.refresh_token);
    assert_ne!(one.access_token, other.access_token, "a fresh one");
    assert_eq!(one.claims()["sid"], other.claims()["sid"]);
    // Nothing of the session has moved.
    assert_eq!(one.body["session"], other.body["session"]);
    for session in [&first, &one, &other] {
        session.me().await.ok(200);
    }
    other.refresh().await.session().refresh().await.session();
}

#[tokio::test]
async fn of_twenty_tabs_at_once_all_go_on_with_the_same_refresh_token() {
    let app = TestApp::start().await;
    let (account, ann, mut session) = signed_in(&app).await;
    for _ in 0..3 {
        let replies = in_parallel(20, |_| session.refresh()).await;
        assert_eq!(statuses(&replies), [("200".to_owned(), 20)].into());
        let sessions: Vec<_> = replies.iter().map(|reply| reply.session()).collect();
        assert!(sessions.iter().all(|it| it.refresh_token == sessions[0].refresh_token));
        session = sessions[0].clone();
        session.me().await.ok(200);
    }
    // One of all of them, and no theft.
    let by = account.admin(&["audit_read"]).await;
    for (action, count) in [("session.started", 1), ("session.refresh_reused", 0)] {
        let path = account.path(&format!("/audit-events?action={action}&target={}", ann.id()));
        assert_eq!(by.get(&path).await.ok(200)["items"].as_array().unwrap().len(), count, "{action}");
    }
}

#[tokio::test]
async fn after_ten_seconds_it_is_a_thief() {
    let app = TestApp::start().await;
    let (_, ann, first) = signed_in(&app).await;
    let other = ann.login().await.session();
    let second = first.refresh().await.session();
    app.wait(TimeDelta::seconds(10) + TimeDelta::milliseconds(1));
    first.refresh().await.problem(401, "invalid_token");
    for session in [&first, &second] {
        is_dead(session).await;
    }
    other.refresh().await.session();
}

#[tokio::test]
async fn once_the_successor_was_used_it_is_a_thief_however_soon() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    for key in [None, Some("other")] {
        let first = account.user(&format!("user {key:?}")).await.login().await.session();
        let second = first.refresh_as("first").await.session();
        let third = second.refresh().await.session();
        let again = match key {
            None => first.refresh().await,
            Some(key) => first.refresh_as(key).await,
        };
        again.problem(401, "invalid_token");
        for session in [&first, &second, &third] {
            is_dead(session).await;
        }
    }
}

/// A proxy or a thawed tab repeats a request late: whoever has gone on loses nothing by it.
#[tokio::test]
async fn the_same_request_is_no_thief_even_after_the_successor_was_used() {
    let app = TestApp::start().await;
    let (_, _, first) = signed_in(&app).await;
    let reply = first.refresh_as("k").await;
    let second = reply.session().refresh().await.session();
    app.wait(TimeDelta::seconds(119));
    assert_eq!(first.refresh_as("k").await.ok(200), reply.ok(200));
    second.me().await.ok(200);
    let third = second.refresh().await.session();
    // The refresh token in it is an old one, like any other.
    reply.session().refresh().await.problem(401, "invalid_token");
    is_dead(&third).await;
}

/// The shortest access tokens end before what is kept.
#[tokio::test]
async fn a_kept_access_token_that_has_expired_is_replaced() {
    let app = TestApp::with(|config| config.tokens.access_token_seconds = 60).await;
    let (_, _, first) = signed_in(&app).await;
    let lost = first.refresh_as("k").await.session();
    app.wait(TimeDelta::seconds(60));
    lost.me().await.problem(401, "invalid_token");
    let again = first.refresh_as("k").await.session();
    assert_eq!(again.refresh_token, lost.refresh_token);
    again.me().await.ok(200);
}

/// A token of two refreshes ago, at once: it is not the predecessor of the one that is good now.
#[tokio::test]
async fn a_grandparent_is_a_thief() {
    let app = TestApp::start().await;
    let (_, _, first) = signed_in(&app).await;
    let second = first.refresh().await.session();
    let third = second.refresh().await.session();
    // The parent is still good.
    assert_eq!(second.refresh().await.session().refresh_token, third.refresh_token);
    first.refresh().await.problem(401, "invalid_token");
    is_dead(&third).await;
}

#[tokio::test]
async fn a_lost_reply_can_be_asked_for_again_with_the_same_key() {
    let app = TestApp::start().await;
    let (_, _, first) = signed_in(&app).await;
    let lost = first.refresh_as("k1").await;
    for wait in [0, 60, 59] {
        app.wait(TimeDelta::seconds(wait));
        assert_eq!(first.refresh_as("k1").await.ok(200), lost.ok(200), "the same reply");
    }
    // Without the key, and with another, it is somebody else by now.
    let second = first.refresh_as("k1").await.session();
    let third = second.refresh_as("k1").await.session();
    assert_ne!(third.refresh_token, second.refresh_token, "the key belongs to one refresh token");
    app.wait(TimeDelta::seconds(11));
    second.refresh_as("k2").await.problem(401, "invalid_token");
    is_dead(&third).await;
}

#[tokio::test]
async fn after_two_minutes_a_key_is_forgotten() {
    let app = TestApp::start().await;
    let (_, _, first) = signed_in(&app).await;
    let second = first.refresh_as("k").await.session();
    app.wait(TimeDelta::minutes(2));
    first.refresh_as("k").await.problem(401, "invalid_token");
    is_dead(&second).await;
}

/// A key that comes with another request is a mistake of the client, and costs nobody the session.
#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let app = TestApp::start().await;
    let (_, _, first) = signed_in(&app).await;
    let second = first.refresh_as("k").await.session();
    let body = format!("{{ \"refresh_token\" : {} }}", json!(first.refresh_token));
    let other = app.call("POST", "/v1/token/refresh").header("idempotency-key", "k").bytes(body);
    other.send().await.problem(422, "idempotency_key_reused");
    second.refresh().await.session();
}

/// Whatever ends a session ends what could be asked for again.
#[tokio::test]
async fn nothing_comes_again_after_the_end_of_the_session() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    for end in ["logout", "disable", "revoke-sessions", "reset-two-factor", "theft", "password", "idle"] {
        let user = account.user(&format!("user {end}")).await;
        let first = user.login().await.session();
        let second = first.refresh_as("k").await.session();
        match end {
            "logout" => second.logout().await.empty(204),
            "theft" => {
                let third = second.refresh().await.session();
                first.refresh().await.problem(401, "invalid_token");
                is_dead(&third).await;
            }
            "password" => {
                let other = user.login().await.session();
                let passwords = json!({
                    "current_password": user.password(), "new_password": crate::support::OTHER_PASSWORD,
                });
                other.post("/v1/me/password", passwords).await.empty(204);
            }
            "idle" => app.wait(TimeDelta::days(7)),
            action => account.act_on(&user, action).await.empty(204),
        }
        first.refresh_as("k").await.problem(401, "invalid_token");
        first.refresh().await.problem(401, "invalid_token");
        second.refresh().await.problem(401, "invalid_token");
    }
}

/// The sealed copy goes with the session, and what is kept goes with the next maintenance.
#[tokio::test]
async fn the_database_keeps_no_successor_longer_than_it_is_good() {
    let app = TestApp::start().await;
    let (_, _, first) = signed_in(&app).await;
    let sealed = || {
        let query = "SELECT CAST(count(*) AS TEXT) FROM sessions WHERE sealed_successor IS NOT NULL
                     UNION ALL SELECT CAST(count(*) AS TEXT) FROM one_time_replies";
        app.look_into_database(query)
    };
    let second = first.refresh_as("k").await.session();
    let third = second.refresh().await.session();
    assert_eq!(sealed(), ["1", "1"]);
    third.logout().await.empty(204);
    app.wait(TimeDelta::minutes(2) + TimeDelta::milliseconds(1));
    app.service().purge().await.unwrap();
    assert_eq!(sealed(), ["0", "0"]);
}

#[tokio::test]
async fn a_repeat_prolongs_nothing_and_shows_the_permissions_of_now() {
    let app = TestApp::start().await;
    let (account, ann, first) = signed_in(&app).await;
    app.wait(TimeDelta::days(6));
    let second = first.refresh().await.session();
    app.wait(TimeDelta::seconds(9));
    let path = account.path(&format!("/users/{}/permissions", ann.id()));
    app.platform_admin().await.put(&path, json!({ "permissions": ["account_settings"] })).await.ok(200);
    let again = first.refresh().await.session();
    assert_eq!(again.body["session"], second.body["session"]);
    assert_eq!(again.claims()["permissions"], json!(["account_settings"]));
}

/// Two nodes: the second request may reach the other one.
#[tokio::test]
async fn the_second_tab_may_reach_another_process_after_a_restart() {
    let mut app = TestApp::start().await;
    let (_, _, first) = signed_in(&app).await;
    let lost = first.refresh_as("k").await.ok(200);
    app.restart().await;
    assert_eq!(first.refresh_as("k").await.ok(200), lost);
    assert_eq!(first.refresh().await.session().refresh_token, lost["refresh_token"].as_str().unwrap());
}

/// Repeats are counted with the other refreshes of the session: nobody fills a database with them.
#[tokio::test]
async fn who_repeats_without_end_is_told_to_wait() {
    let app = TestApp::with(|config| config.throttle.work.free = Some(3)).await;
    let (_, _, first) = signed_in(&app).await;
    first.refresh_as("k").await.ok(200);
    first.refresh_as("k").await.ok(200);
    first.refresh().await.ok(200);
    for reply in [first.refresh_as("k").await, first.refresh().await] {
        reply.problem(429, "too_many_requests");
    }
    app.wait(TimeDelta::seconds(1));
    first.refresh_as("k").await.session().refresh().await.problem(429, "too_many_requests");
    app.wait(TimeDelta::seconds(2));
    first.refresh_as("k").await.session().me().await.ok(200);
}
