//! Concurrent changes: one is first, and the other sees it.

use serde_json::json;

use crate::support::{Account, Login, OTHER_PASSWORD, PASSWORD, Reply, TestApp, User, in_parallel};

const ROUNDS: usize = 12;

/// Ann, asked for a code.
async fn enrolled(app: &TestApp) -> (Account, User) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    ann.sign_in().await;
    (account, ann)
}

/// A login at the code, and a code that is right for it.
async fn begin(app: &TestApp, user: &User) -> (Login, String) {
    app.wait_for_next_code();
    (user.login().await.challenge("totp"), user.phone().code())
}

/// The reply of the code, with what comes of the session that it began, if it did.
async fn session_is_dead(reply: &Reply) {
    if reply.status == 200 {
        let session = reply.session();
        session.me().await.problem(401, "invalid_token");
        session.refresh().await.problem(401, "invalid_token");
    } else {
        reply.problem(401, "challenge_invalid");
    }
}

#[tokio::test]
async fn a_code_and_giving_up() {
    let app = TestApp::start().await;
    let (_, ann) = enrolled(&app).await;
    for _ in 0..ROUNDS {
        let (login, code) = begin(&app, &ann).await;
        let mut replies =
            in_parallel(2, async |number| if number == 0 { login.code(&code).await } else { login.abandon().await })
                .await;
        replies.sort_by_key(|reply| reply.status);
        assert!([200, 204].contains(&replies[0].status), "{replies:?}");
        replies[1].problem(401, "challenge_invalid");
    }
}

#[tokio::test]
async fn a_code_and_a_reset() {
    let app = TestApp::start().await;
    let (account, ann) = enrolled(&app).await;
    for _ in 0..ROUNDS {
        let (login, code) = begin(&app, &ann).await;
        let replies = in_parallel(2, async |number| {
            if number == 0 { (0, login.code(&code).await) } else { (1, account.act_on(&ann, "reset-two-factor").await) }
        })
        .await;
        for (number, reply) in &replies {
            if *number == 0 { session_is_dead(reply).await } else { reply.empty(204) }
        }
        ann.remember_phone(None);
        ann.login().await.challenge("totp_enrollment");
        ann.sign_in().await;
    }
}

#[tokio::test]
async fn a_code_and_the_disabling_of_the_user() {
    let app = TestApp::start().await;
    let (account, ann) = enrolled(&app).await;
    for _ in 0..ROUNDS {
        let (login, code) = begin(&app, &ann).await;
        let replies = in_parallel(2, async |number| {
            if number == 0 { (0, login.code(&code).await) } else { (1, account.act_on(&ann, "disable").await) }
        })
        .await;
        for (number, reply) in &replies {
            if *number == 0 { session_is_dead(reply).await } else { reply.empty(204) }
        }
        account.act_on(&ann, "enable").await.empty(204);
    }
}

#[tokio::test]
async fn a_password_and_the_disabling_of_the_user() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    for _ in 0..ROUNDS {
        let replies = in_parallel(2, async |number| {
            if number == 0 { (0, ann.login().await) } else { (1, account.act_on(&ann, "disable").await) }
        })
        .await;
        for (number, reply) in &replies {
            match (number, reply.status) {
                (0, 200) => reply.session().me().await.problem(401, "invalid_token"),
                (0, _) => reply.problem(401, "invalid_credentials"),
                _ => {
                    reply.empty(204);
                    continue;
                }
            };
        }
        account.act_on(&ann, "enable").await.empty(204);
    }
}

#[tokio::test]
async fn a_refresh_and_the_disabling_of_the_user() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    for _ in 0..ROUNDS {
        let session = ann.login().await.session();
        let replies = in_parallel(2, async |number| {
            if number == 0 { (0, session.refresh().await) } else { (1, account.act_on(&ann, "disable").await) }
        })
        .await;
        for (number, reply) in &replies {
            match (number, reply.status) {
                (0, 200) => reply.session().me().await.problem(401, "invalid_token"),
                (0, _) => reply.problem(401, "invalid_token"),
                _ => {
                    reply.empty(204);
                    continue;
                }
            };
        }
        account.act_on(&ann, "enable").await.empty(204);
    }
}

#[tokio::test]
async fn a_password_and_its_change() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let (mut old, mut new) = (PASSWORD, OTHER_PASSWORD);
    for _ in 0..ROUNDS {
        let session = ann.try_password(old).await.session();
        let change = json!({ "current_password": old, "new_password": new });
        let replies = in_parallel(2, async |number| {
            if number == 0 {
                (0, ann.try_password(old).await)
            } else {
                (1, session.post("/v1/me/password", change.clone()).await)
            }
        })
        .await;
        for (number, reply) in &replies {
            match (number, reply.status) {
                // First the sign-in, then the change: which ends the session that the old password has begun.
                (0, 200) => reply.session().me().await.problem(401, "invalid_token"),
                (0, _) => reply.problem(401, "invalid_credentials"),
                _ => {
                    reply.empty(204);
                    continue;
                }
            };
        }
        session.me().await.ok(200);
        (old, new) = (new, old);
    }
}

#[tokio::test]
async fn the_first_code_and_the_switch_of_the_policy() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    for number in 0..ROUNDS {
        account.set_mode("all_users").await;
        let user = account.user(&format!("user {number}")).await;
        let login = user.login().await.challenge("totp_enrollment");
        let code = login.phone().await.code();
        let replies = in_parallel(2, async |number| {
            if number == 0 {
                (0, login.confirm(&code).await)
            } else {
                (1, account.set_policy(json!({ "mode": "disabled" })).await)
            }
        })
        .await;
        for (number, reply) in &replies {
            if *number == 1 {
                reply.ok(200);
                continue;
            }
            // Enrolled with ten codes, or not enrolled at all.
            let confirmed = reply.confirmed();
            let status = if confirmed.recovery_codes.len() == 10 { "asleep" } else { "not_enrolled" };
            assert!([0, 10].contains(&confirmed.recovery_codes.len()));
            confirmed.result.session();
            assert_eq!(account.look_at(&user).await["two_factor"]["status"], status);
        }
    }
}
