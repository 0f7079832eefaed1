//! Users whose enrollment is overdue.

use chrono::TimeDelta;
use serde_json::json;

use super::{numbers, two_factor};
use crate::support::{Account, TestApp, User};

async fn overdue(by: &User, account: &Account, days: u16) -> u64 {
    let [overdue] =
        numbers(&two_factor(by, account, &format!("overdue_after_days={days}")).await["total"], ["overdue"]);
    overdue
}

fn days(number: i64) -> TimeDelta {
    TimeDelta::days(number)
}

#[tokio::test]
async fn time_begins_with_the_policy_or_with_the_user() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let ann = account.user("ann").await;
    account.user("bob").await;
    app.wait(days(100));
    assert_eq!(overdue(&root, &account, 0).await, 0, "nobody is asked");
    account.set_mode("all_users").await;
    app.wait(days(10) - TimeDelta::milliseconds(1));
    account.user("late").await;
    assert_eq!(overdue(&root, &account, 10).await, 0, "ten days are not over");
    app.wait(TimeDelta::milliseconds(1));
    assert_eq!(overdue(&root, &account, 10).await, 2);
    app.wait(days(10) - TimeDelta::milliseconds(2));
    assert_eq!(overdue(&root, &account, 10).await, 2, "who came late has as much time");
    app.wait(TimeDelta::milliseconds(1));
    assert_eq!(overdue(&root, &account, 10).await, 3);
    ann.sign_in().await;
    assert_eq!(overdue(&root, &account, 10).await, 2, "who enrols is not overdue");
    account.set_mode("disabled").await;
    assert_eq!(overdue(&root, &account, 10).await, 0);
    account.set_mode("all_users").await;
    assert_eq!(overdue(&root, &account, 10).await, 0, "asked again, time begins again");
}

#[tokio::test]
async fn who_is_put_on_the_list_later_has_time_from_then_on() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let (ann, bob, cleo) = (account.user("ann").await, account.user("bob").await, account.user("cleo").await);
    account.ask_only(&[&ann]).await;
    app.wait(days(10));
    account.ask_only(&[&ann, &bob]).await;
    assert_eq!([overdue(&root, &account, 10).await, overdue(&root, &account, 0).await], [1, 2]);
    // Everybody but Cleo: Ann and Bob go on as they are.
    app.wait(days(5));
    let but_cleo = json!({ "mode": "all_users_except", "user_ids": [cleo.id()] });
    account.set_policy(but_cleo).await.ok(200);
    assert_eq!([overdue(&root, &account, 15).await, overdue(&root, &account, 5).await], [1, 2]);
    // Now Cleo too, and nobody else anew.
    app.wait(days(5));
    account.set_mode("all_users").await;
    assert_eq!([overdue(&root, &account, 1).await, overdue(&root, &account, 0).await], [2, 3]);
    app.wait(days(1));
    assert_eq!([overdue(&root, &account, 2).await, overdue(&root, &account, 1).await], [2, 3]);
}

#[tokio::test]
async fn a_reset_device_gives_time_again() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    account.set_mode("all_users").await;
    ann.sign_in().await;
    app.wait(days(30));
    assert_eq!(overdue(&root, &account, 7).await, 1);
    account.act_on(&ann, "reset-two-factor").await.empty(204);
    // Who has no device gains nothing by it.
    account.act_on(&bob, "reset-two-factor").await.empty(204);
    assert_eq!(overdue(&root, &account, 7).await, 1);
    app.wait(days(6));
    account.act_on(&ann, "reset-two-factor").await.empty(204);
    app.wait(days(1));
    assert_eq!(overdue(&root, &account, 7).await, 2, "nor does who is reset twice");
    let report = two_factor(&root, &account, "overdue_after_days=8").await;
    assert_eq!(report["overdue_after_days"], 8);
    assert_eq!(numbers(&report["total"], ["overdue", "not_enrolled"]), [1, 2]);
}

#[tokio::test]
async fn disabled_users_are_never_overdue() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    account.ask_only(&[&ann]).await;
    account.ask_only(&[&ann, &bob]).await;
    app.wait(days(1));
    assert_eq!(overdue(&root, &account, 1).await, 2);
    for (user, left) in [(&ann, 1), (&bob, 0)] {
        account.act_on(user, "disable").await.empty(204);
        assert_eq!(overdue(&root, &account, 1).await, left);
    }
}
