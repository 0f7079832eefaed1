//! Passwords that expire.

use serde_json::json;

use super::{Policies, codes, days, moment};
use crate::support::{OTHER_PASSWORD, TestApp};

#[tokio::test]
async fn an_expired_password_is_changed_after_the_second_factor() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "expires_after_days": 90 })).await;
    let ann = policies.account.user("ann").await;
    policies.account.set_mode("all_users").await;
    ann.sign_in().await;
    app.wait(days(90));
    let login = ann.login().await.challenge("totp");
    login.new_password(OTHER_PASSWORD).await.problem(409, "wrong_step");
    let login = login.code(&ann.phone().code()).await.challenge("password_change");
    assert_eq!(codes(&login.body["password_change"]["reasons"]), ["expired"]);
    // A page that is reloaded gets the same.
    let reloaded = login.state().await.challenge("password_change");
    assert_eq!(reloaded.body["password_change"], login.body["password_change"]);
    login.call("POST", "/session").send().await.problem(409, "wrong_step");
    let refused = login.new_password(&ann.password()).await.problem(422, "password_refused");
    assert_eq!(codes(&refused["errors"]), ["reused"]);
    let session = login.new_password(OTHER_PASSWORD).await.session();
    assert_eq!(moment(&session.body["password_expires_at"]), app.now() + days(90));
}

#[tokio::test]
async fn the_state_of_the_password_is_told_before_it_expires() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.invited(json!({ "username": "ann" })).await;
    assert_eq!(policies.password_of(&ann).await["status"], "not_set");
    assert_eq!(policies.password_of(&ann).await["expires_at"], json!(null));
    ann.activate(ann.activation_code()).await.empty(204);
    assert_eq!(ann.login().await.session().body["password_expires_at"], json!(null));

    policies.set_default(json!({ "expires_after_days": 30 })).await;
    let expires_at = app.now() + days(30);
    for (wait, status) in
        [(0, "valid"), (15, "valid"), (1, "expiring"), (13, "expiring"), (1, "expired"), (9, "expired")]
    {
        app.wait(days(wait));
        let password = policies.password_of(&ann).await;
        assert_eq!((&password["status"], moment(&password["expires_at"])), (&json!(status), expires_at));
        if status != "expired" {
            let session = ann.login().await.session();
            assert_eq!(moment(&session.body["password_expires_at"]), expires_at);
            assert_eq!(moment(&session.me().await.ok(200)["password_expires_at"]), expires_at);
        }
    }
    policies.account.act_on(&ann, "require-password-change").await.empty(204);
    assert_eq!(policies.password_of(&ann).await["status"], "change_required");
    let login = ann.login().await.challenge("password_change");
    assert_eq!(codes(&login.body["password_change"]["reasons"]), ["change_required", "expired"]);
}

#[tokio::test]
async fn existing_passwords_count_from_the_day_it_was_switched_on_unless_the_account_says_otherwise() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    let changed_at = app.now();
    app.wait(days(400));
    policies.set_default(json!({ "expires_after_days": 90 })).await;
    assert_eq!(moment(&policies.password_of(&ann).await["expires_at"]), app.now() + days(90));
    ann.login().await.session();
    // A later change of the number does not move the day.
    let switched_on = app.now();
    app.wait(days(10));
    policies.set_default(json!({ "expires_after_days": 60 })).await;
    assert_eq!(moment(&policies.password_of(&ann).await["expires_at"]), switched_on + days(60));

    policies.set_default(json!({ "expires_after_days": 500, "existing_passwords": "from_last_change" })).await;
    assert_eq!(moment(&policies.password_of(&ann).await["expires_at"]), changed_at + days(500));
    policies.set_default(json!({ "expires_after_days": 90, "existing_passwords": "from_last_change" })).await;
    ann.login().await.challenge("password_change");
    policies.set_default(json!({})).await;
    ann.login().await.session();
}

#[tokio::test]
async fn a_policy_that_stops_to_expire_frees_who_stands_in_the_change_step() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "expires_after_days": 1 })).await;
    let ann = policies.account.user("ann").await;
    app.wait(days(2));
    let login = ann.login().await.challenge("password_change");
    policies.set_default(json!({})).await;
    // Nothing is dropped in silence: the new password was not taken, and is not needed.
    assert_eq!(login.new_password(OTHER_PASSWORD).await.problem(409, "wrong_step")["next"], "session");
    login.call("POST", "/session").send().await.session();
    ann.login().await.session();
}

mod slow {
    use serde_json::json;

    use super::super::{Policies, days};
    use crate::support::TestApp;

    #[tokio::test]
    async fn a_shorter_time_can_be_spread_over_days() {
        let app = TestApp::start().await;
        let policies = Policies::of(&app, "acme").await;
        policies.set_default(json!({ "expires_after_days": 365 })).await;
        let mut users = Vec::new();
        for number in 0..30 {
            users.push(policies.account.user(&format!("user-{number}")).await);
        }
        app.wait(days(200));
        policies.set_default(json!({ "expires_after_days": 90, "spread_expiry_over_days": 10 })).await;
        let mut expired = Vec::new();
        for _ in 0..=10 {
            let mut count = 0;
            for user in &users {
                count += usize::from(policies.password_of(user).await["status"] == "expired");
            }
            expired.push(count);
            app.wait(days(1));
        }
        assert_eq!((expired[0], expired[10]), (0, 30), "{expired:?}");
        // Thirty users at random over ten days: no day has half of them, but for a chance of one in a million.
        let most = expired.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(most < 15, "{expired:?}");
    }
}
