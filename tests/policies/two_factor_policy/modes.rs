//! The four modes, read and written.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_new_account_asks_nobody() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    let reply = admin.get(&account.path("/two-factor-policy")).await;
    let policy = reply.ok(200);
    assert_eq!(
        (&policy["mode"], &policy["user_ids"], &policy["user_count"]),
        (&json!("disabled"), &json!([]), &json!(0))
    );
    assert!(!reply.header("etag").is_empty());
}

#[tokio::test]
async fn each_mode_asks_whom_it_says() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings", "user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let path = account.path("/two-factor-policy");
    let mut tags = vec![admin.get(&path).await.header("etag").to_owned()];
    for (policy, asked) in [
        (json!({ "mode": "all_users" }), [true, true]),
        (json!({ "mode": "selected_users", "user_ids": [ann.id()] }), [true, false]),
        (json!({ "mode": "all_users_except", "user_ids": [ann.id()] }), [false, true]),
        (json!({ "mode": "selected_users", "user_ids": [] }), [false, false]),
        (json!({ "mode": "all_users_except", "user_ids": [] }), [true, true]),
        (json!({ "mode": "disabled" }), [false, false]),
    ] {
        app.wait_for_next_code();
        let reply = admin.put(&path, policy.clone()).await;
        let now = reply.ok(200);
        assert_eq!(now["mode"], policy["mode"]);
        assert_eq!(now["user_ids"], *policy.get("user_ids").unwrap_or(&json!([])), "{policy}");
        assert_eq!(now["user_count"], now["user_ids"].as_array().unwrap().len(), "{policy}");
        assert_eq!(now["updated_at"], app.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        let read = admin.get(&path).await;
        assert_eq!((read.ok(200), read.header("etag")), (now, reply.header("etag")));
        tags.push(reply.header("etag").to_owned());

        for (user, asked) in [(&ann, asked[0]), (&bob, asked[1])] {
            let login = user.login().await;
            if asked {
                login.challenge("totp_enrollment");
            } else {
                login.session();
            }
            assert_eq!(account.look_at(user).await["two_factor"]["required"], asked, "{policy}");
        }
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 7, "every change has a tag of its own: {tags:?}");
}

#[tokio::test]
async fn an_administrator_can_pick_also_oneself() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    let policy = json!({ "mode": "selected_users", "user_ids": [admin.id()] });
    admin.put(&account.path("/two-factor-policy"), policy).await.ok(200);
    admin.login().await.challenge("totp_enrollment");
    assert_eq!(admin.sign_in().await.body["session"]["amr"], json!(["pwd", "otp", "mfa"]));
}

#[tokio::test]
async fn a_list_comes_with_the_modes_that_have_one_and_with_no_other() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    account.set_mode("all_users").await;
    let path = account.path("/two-factor-policy");
    let before = admin.get(&path).await.ok(200);
    for (policy, expected) in [
        (json!({ "mode": "selected_users" }), ("/user_ids", "required")),
        (json!({ "mode": "all_users_except" }), ("/user_ids", "required")),
        (json!({ "mode": "selected_users", "user_ids": null }), ("/user_ids", "required")),
        (json!({ "mode": "disabled", "user_ids": [] }), ("/user_ids", "not_allowed")),
        (json!({ "mode": "all_users", "user_ids": [admin.id()] }), ("/user_ids", "not_allowed")),
    ] {
        for path in [path.clone(), account.path("/two-factor-policy/preview")] {
            let method = if path.ends_with("preview") { "POST" } else { "PUT" };
            let reply = admin.session().await.call(method, &path).json(&policy).send().await;
            assert_eq!(reply.problem(422, "validation_failed").errors(), [expected], "{policy}");
        }
    }
    for mode in ["ALL_USERS", "everybody", ""] {
        let reply = admin.put(&path, json!({ "mode": mode })).await;
        assert_eq!(reply.problem(422, "validation_failed").errors()[0].0, "/mode", "{mode}");
    }
    for unknown in [json!({ "mode": "disabled", "users": [] }), json!({ "mode": "disabled", "userIds": [] })] {
        admin.put(&path, unknown).await.problem(400, "malformed_request");
    }
    assert_eq!(admin.get(&path).await.ok(200), before, "nothing has changed");
}
