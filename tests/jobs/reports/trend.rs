//! The trend, day by day.

use chrono::{NaiveTime, TimeDelta};
use serde_json::{Value, json};

use super::two_factor;
use crate::support::{Account, TestApp, User};

/// The days of the trend: the day, and who was asked and enrolled.
async fn trend(by: &User, account: &Account, days: u16) -> Vec<(String, Option<u64>, Option<u64>)> {
    let report = two_factor(by, account, &format!("days={days}")).await;
    let point = |point: &Value| {
        let known = point["as_of"].is_string();
        let numbers = ["users", "asked", "enrolled", "not_enrolled", "asleep"];
        assert!(numbers.iter().all(|name| point[name].is_u64() == known), "{point}");
        (point["day"].as_str().unwrap().to_owned(), point["asked"].as_u64(), point["enrolled"].as_u64())
    };
    report["trend"].as_array().unwrap().iter().map(point).collect()
}

/// Lets the rest of the day pass, and some seconds of the next.
fn until_tomorrow(app: &TestApp) {
    let tomorrow = app.now().date_naive().succ_opt().unwrap().and_time(NaiveTime::MIN).and_utc();
    app.wait(tomorrow + TimeDelta::seconds(5) - app.now());
}

fn day(app: &TestApp, back: i64) -> String {
    (app.now() - TimeDelta::days(back)).date_naive().to_string()
}

#[tokio::test]
async fn the_trend_tells_how_each_day_ended() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let users = [account.user("ann").await, account.user("bob").await, account.user("cleo").await];
    assert_eq!(trend(&root, &account, 2).await, [(day(&app, 1), None, None), (day(&app, 0), Some(0), Some(0))]);
    account.set_mode("all_users").await;
    app.service().take_two_factor_snapshots().await.unwrap();
    users[0].sign_in().await;
    until_tomorrow(&app);
    app.service().take_two_factor_snapshots().await.unwrap();
    users[1].sign_in().await;
    // What happens after midnight belongs to the next day, however often is looked.
    app.service().take_two_factor_snapshots().await.unwrap();
    until_tomorrow(&app);
    // Nobody has looked at the end of the day yet: it is as it is now.
    let expected = [
        (day(&app, 3), None, None),
        (day(&app, 2), Some(3), Some(1)),
        (day(&app, 1), Some(3), Some(2)),
        (day(&app, 0), Some(3), Some(2)),
    ];
    assert_eq!(trend(&root, &account, 4).await, expected);
    app.service().take_two_factor_snapshots().await.unwrap();
    users[2].sign_in().await;
    assert_eq!(trend(&root, &account, 4).await[..3], expected[..3]);
    assert_eq!(trend(&root, &account, 1).await, [(day(&app, 0), Some(3), Some(3))]);
    assert_eq!(trend(&root, &account, 30).await.len(), 30);
}

#[tokio::test]
async fn days_on_which_nothing_ran_are_caught_up() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    account.set_mode("all_users").await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    app.service().take_two_factor_snapshots().await.unwrap();
    ann.sign_in().await;
    // It stops, and starts again after days; it looks before anything changes.
    app.wait(TimeDelta::days(3));
    app.restart().await;
    app.service().take_two_factor_snapshots().await.unwrap();
    bob.sign_in().await;
    let expected = [
        (day(&app, 3), Some(2), Some(1)),
        (day(&app, 2), Some(2), Some(1)),
        (day(&app, 1), Some(2), Some(1)),
        (day(&app, 0), Some(2), Some(2)),
    ];
    assert_eq!(trend(&root, &account, 4).await, expected);
    let report = two_factor(&root, &account, "days=4").await;
    assert_eq!(report["trend"][0]["as_of"], report["trend"][2]["as_of"], "seen at one moment");
}

#[tokio::test]
async fn many_nodes_write_one_day_once() {
    let app = TestApp::start().await;
    for slug in ["one", "two", "three"] {
        app.account(slug).await;
    }
    let nodes: Vec<_> = (0..4).map(|_| app.service()).collect();
    let runs = nodes.iter().map(service::Service::take_two_factor_snapshots);
    let taken = futures_util::future::join_all(runs).await;
    let taken: usize = taken.into_iter().map(Result::unwrap).sum();
    assert_eq!(taken, 4, "three accounts and the platform's");
    assert_eq!(app.service().take_two_factor_snapshots().await.unwrap(), 0);
    let rows = app.look_into_database("SELECT CAST(count(*) AS TEXT) FROM two_factor_days GROUP BY account_id, day");
    assert!(rows.iter().all(|count| count == "1"), "{rows:?}");
}

#[tokio::test]
async fn old_days_are_forgotten() {
    let app = TestApp::start().await;
    app.service().take_two_factor_snapshots().await.unwrap();
    app.wait(TimeDelta::days(400));
    app.service().take_two_factor_snapshots().await.unwrap();
    let days = || app.look_into_database("SELECT CAST(count(*) AS TEXT) FROM two_factor_days");
    assert_eq!(days(), ["2"]);
    app.service().purge().await.unwrap();
    assert_eq!(days(), ["2"], "of 400 days");
    app.wait(TimeDelta::days(1));
    app.service().purge().await.unwrap();
    assert_eq!(days(), ["1"]);
}

#[tokio::test]
async fn the_window_is_bounded() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    for wrong in [
        "days=0",
        "days=367",
        "days=-1",
        "days=many",
        "days=",
        "days=1&days=2",
        "overdue_after_days=367",
        "overdue_after_days=-1",
        "day=1",
    ] {
        root.get(&account.path(&format!("/reports/two-factor?{wrong}"))).await.problem(400, "malformed_request");
    }
    for right in ["days=1", "days=366", "overdue_after_days=0", "overdue_after_days=366"] {
        let report = two_factor(&root, &account, right).await;
        assert_eq!(report["trend"].as_array().unwrap().last().unwrap()["day"], json!(day(&app, 0)));
    }
}
