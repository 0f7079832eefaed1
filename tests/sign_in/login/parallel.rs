//! A thousand concurrent answers count as one.

use crate::support::{Login, TestApp, User, in_parallel, statuses};

const TRIES: usize = 1_000;

async fn enrolled(app: &TestApp) -> User {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    ann.sign_in().await;
    app.wait_for_next_code();
    ann
}

async fn begin(user: &User) -> Login {
    user.login().await.challenge("totp")
}

#[tokio::test]
async fn a_thousand_parallel_tries_of_one_code_are_one_success_as_configured_by_default_too() {
    let app = TestApp::start().await;
    let ann = enrolled(&app).await;
    let mut logins = Vec::new();
    for _ in 0..20 {
        logins.push(begin(&ann).await);
    }
    let code = ann.phone().code();
    let replies = in_parallel(TRIES, |number| logins[number % logins.len()].code(&code)).await;
    let counts = statuses(&replies);
    assert_eq!(counts["200"], 1, "{counts:?}");
    assert!(counts["401 invalid_code"] <= 10, "{counts:?}");
    let refused = ["401 invalid_code", "401 challenge_invalid", "429 too_many_requests"];
    let refused: usize = refused.iter().filter_map(|what| counts.get(*what)).sum();
    assert_eq!(refused, TRIES - 1, "{counts:?}");
}

#[tokio::test]
async fn a_thousand_parallel_tries_in_one_login_are_one_session() {
    let app = TestApp::start().await;
    let ann = enrolled(&app).await;
    let login = begin(&ann).await;
    let code = ann.phone().code();
    let replies = in_parallel(TRIES, |_| login.code(&code)).await;
    let counts = statuses(&replies);
    assert_eq!((counts["200"], counts["401 challenge_invalid"]), (1, TRIES - 1), "{counts:?}");
}

#[tokio::test]
async fn parallel_sign_ins_of_many_users_do_not_disturb_each_other() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    let mut users = Vec::new();
    for number in 0..40 {
        users.push(account.user(&format!("user {number}")).await);
    }
    in_parallel(users.len(), |number| users[number].sign_in()).await;
    app.wait_for_next_code();
    for session in in_parallel(users.len(), |number| users[number].sign_in()).await {
        session.me().await.ok(200);
    }
}

mod slow {
    use super::{TRIES, begin, enrolled};
    use crate::support::{TestApp, in_parallel, statuses};

    #[tokio::test]
    async fn a_thousand_parallel_tries_of_one_code_over_many_logins_are_one_success() {
        // So patient, and with so many logins, that every single try is looked at.
        let app = TestApp::with(|config| config.throttle.code_of_user.free = Some(100_000)).await;
        let ann = enrolled(&app).await;
        let mut logins = Vec::new();
        for _ in 0..TRIES / 4 {
            logins.push(begin(&ann).await);
        }
        let code = ann.phone().code();
        let replies = in_parallel(TRIES, |number| logins[number % logins.len()].code(&code)).await;
        let counts = statuses(&replies);
        assert_eq!(counts["200"], 1, "{counts:?}");
        // After the login that won there are up to three tries left to answer it.
        let wrong = counts["401 invalid_code"];
        let over = counts.get("401 challenge_invalid").copied().unwrap_or_default();
        assert_eq!((wrong + over, over <= 3), (TRIES - 1, true), "{counts:?}");
        // The next code works, once.
        app.wait_for_next_code();
        begin(&ann).await.code(&ann.phone().code()).await.session();
    }
}
