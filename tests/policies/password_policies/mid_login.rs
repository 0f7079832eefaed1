//! The policy changes between the password and the session. No step after the first has the password: what can no
//! longer be known about it requires another sign-in, and is never assumed to be fine.

use serde_json::{Value, json};

use super::Policies;
use crate::support::{Login, PASSWORD, Reply, TestApp, User};

/// Policies that all find fault with [`PASSWORD`], each for another reason.
fn demanding() -> Vec<(&'static str, Value)> {
    let custom = |rule: &str, least: u8| {
        let mut strength = json!({ "min_length": 8 });
        strength[rule] = json!(least);
        json!({ "strength": "custom", "apply_to_existing": "at_next_login", "custom_strength": strength })
    };
    vec![
        ("too_short", custom("min_length", 60)),
        ("too_short", custom("min_length", 40)),
        ("needs_digit", custom("min_digits", 3)),
        ("needs_uppercase", custom("min_uppercase", 3)),
        ("needs_special", custom("min_specials", 8)),
        (
            "contains_context_word",
            json!({ "strength": "basic", "apply_to_existing": "at_next_login", "forbidden_words": ["lantern"] }),
        ),
        (
            "contains_context_word",
            json!({ "strength": "basic", "apply_to_existing": "at_next_login", "forbidden_words": ["moor"] }),
        ),
    ]
}

fn lax() -> Value {
    json!({ "strength": "basic", "apply_to_existing": "at_next_change" })
}

/// Asks for the session and whatever else the login offers; none of it may give one.
#[track_caller]
fn no_session(what: &str, replies: &[Reply]) {
    for reply in replies {
        assert!([401, 409, 422].contains(&reply.status), "{what}: {reply:?}");
    }
}

async fn tries(login: &Login) -> Vec<Reply> {
    vec![login.call("POST", "/session").send().await, login.code("123456").await]
}

/// Ann, who has a device, under a policy that finds no fault with her password.
async fn enrolled(app: &TestApp) -> (Policies, User) {
    let policies = Policies::of(app, "acme").await;
    policies.set_default(lax()).await;
    let ann = policies.account.user("ann").await;
    policies.account.set_mode("all_users").await;
    ann.sign_in().await;
    (policies, ann)
}

/// The login is over, and a new one is asked for another password.
async fn signs_in_again(login: &Login, user: &User) {
    login.state().await.problem(401, "challenge_invalid");
    login.call("POST", "/session").send().await.problem(401, "challenge_invalid");
    user.login().await.challenge("password_change");
}

#[tokio::test]
async fn whichever_way_another_policy_comes_to_apply_the_password_is_asked_again() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    let mut all = demanding();
    let mut other = all.remove(2).1;
    other["name"] = json!("Digits");
    let other = policies.create(other).await;
    let mut third = all.remove(2).1;
    third["name"] = json!("Capitals");
    let third = policies.create(third).await;
    policies.set_default(all.remove(0).1).await;

    // Assigned to the user, and taken away again.
    let login = ann.login().await.challenge("password_change");
    policies.assign(&other, json!({ "user_ids": [ann.id()] })).await.ok(200);
    signs_in_again(&login, &ann).await;
    let login = ann.login().await.challenge("password_change");
    policies.assign(&other, json!({ "user_ids": [] })).await.ok(200);
    signs_in_again(&login, &ann).await;

    // By other roles.
    let (support, sales) = (policies.role("Support", &[]).await, policies.role("Sales", &[]).await);
    policies.assign(&other, json!({ "role_ids": [support] })).await.ok(200);
    policies.assign(&third, json!({ "role_ids": [sales] })).await.ok(200);
    policies.give(&ann, &[&support]).await;
    let login = ann.login().await.challenge("password_change");
    policies.give(&ann, &[&sales]).await;
    signs_in_again(&login, &ann).await;
    let login = ann.login().await.challenge("password_change");
    policies.delete(&third).await.empty(204);
    signs_in_again(&login, &ann).await;
}

#[tokio::test]
async fn a_password_that_carries_more_when_the_second_factor_goes_is_asked_again() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(lax()).await;
    let ann = policies.account.user("ann").await;
    // Enough beside a second factor, not enough alone.
    let change = json!({ "current_password": PASSWORD, "new_password": "wet kettles" });
    ann.session().await.post("/v1/me/password", change).await.empty(204);
    ann.remember_password("wet kettles");
    policies.account.set_mode("all_users").await;
    ann.sign_in().await;
    policies.set_default(json!({ "strength": "modern", "apply_to_existing": "at_next_login" })).await;
    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp");
    policies.account.set_mode("disabled").await;
    no_session("the factor is not asked any more", &tries(&login).await);
    signs_in_again(&login, &ann).await;
}

#[tokio::test]
async fn a_policy_that_begins_to_check_in_mid_login_is_not_satisfied_by_a_code() {
    let app = TestApp::start().await;
    let (policies, ann) = enrolled(&app).await;
    for (_, strict) in demanding() {
        policies.set_default(lax()).await;
        app.wait_for_next_code();
        let login = ann.login().await.challenge("totp");
        policies.set_default(strict).await;
        login.code(&ann.phone().code()).await.problem(401, "challenge_invalid");
        signs_in_again_with_code(&app, &login, &ann).await;
    }
}

async fn signs_in_again_with_code(app: &TestApp, login: &Login, user: &User) {
    login.state().await.problem(401, "challenge_invalid");
    app.wait_for_next_code();
    user.login().await.challenge("totp").code(&user.phone().code()).await.challenge("password_change");
}

#[tokio::test]
async fn an_expired_password_is_not_good_because_it_does_not_expire_any_more() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    let expiring = json!({ "strength": "basic", "apply_to_existing": "at_next_login", "expires_after_days": 1 });
    for (_, strict) in demanding() {
        policies.set_default(expiring.clone()).await;
        app.wait(chrono::TimeDelta::days(2));
        let login = ann.login().await.challenge("password_change");
        policies.set_default(strict).await;
        no_session("expired before", &tries(&login).await);
    }
    // Where nobody checks passwords it is good again.
    policies.set_default(expiring).await;
    app.wait(chrono::TimeDelta::days(2));
    let login = ann.login().await.challenge("password_change");
    policies.set_default(lax()).await;
    login.call("POST", "/session").send().await.session();
}

/// Names are what a password is measured against too.
#[tokio::test]
async fn a_user_who_is_named_like_the_password_in_mid_login_signs_in_again() {
    let app = TestApp::start().await;
    let (policies, ann) = enrolled(&app).await;
    policies.set_default(json!({ "strength": "basic", "apply_to_existing": "at_next_login" })).await;
    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp");
    let path = policies.account.path(&format!("/users/{}", ann.id()));
    policies.root.patch(&path, json!({ "display_name": PASSWORD })).await.ok(200);
    login.code(&ann.phone().code()).await.problem(401, "challenge_invalid");
    signs_in_again_with_code(&app, &login, &ann).await;
}

/// What does not touch passwords ends no login.
#[tokio::test]
async fn a_login_goes_on_when_something_else_changes() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(lax()).await;
    let ann = policies.account.user("ann").await;
    policies.account.set_mode("all_users").await;
    policies.set_default(json!({ "strength": "basic", "apply_to_existing": "at_next_login" })).await;
    let first = ann.login().await.challenge("totp_enrollment");
    let second = ann.login().await.challenge("totp_enrollment");
    first.enroll().await.1.result.session();
    // The other page scans nothing any more, and goes on with a code.
    policies.give(&ann, &[&policies.role("Support", &[]).await]).await;
    // Another policy, by which the password is judged the same.
    let same =
        json!({ "name": "Staff", "strength": "basic", "apply_to_existing": "at_next_login", "remember_last": 5 });
    let same = policies.create(same).await;
    policies.assign(&same, json!({ "user_ids": [ann.id()], "priority": 7 })).await.ok(200);
    second.state().await.challenge("totp");
}

mod slow {
    use super::super::{Policies, codes};
    use super::{demanding, no_session, tries};
    use crate::support::TestApp;

    #[tokio::test]
    async fn between_any_two_policies_that_refuse_a_password_there_is_no_way_in_with_it() {
        let app = TestApp::start().await;
        let policies = Policies::of(&app, "acme").await;
        let ann = policies.account.user("ann").await;
        for (at, (reason, before)) in demanding().into_iter().enumerate() {
            for (then, (other_reason, after)) in demanding().into_iter().enumerate() {
                policies.set_default(before.clone()).await;
                let login = ann.login().await.challenge("password_change");
                assert_eq!(codes(&login.body["password_change"]["reasons"]), [reason]);
                policies.set_default(after).await;
                no_session(&format!("{at} to {then}"), &tries(&login).await);
                let fresh = ann.login().await.challenge("password_change");
                assert_eq!(codes(&fresh.body["password_change"]["reasons"]), [other_reason]);
            }
        }
    }
}
