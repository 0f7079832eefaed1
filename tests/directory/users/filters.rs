//! The filters of the users page, one by one.

use serde_json::{Value, json};

use crate::support::{Account, TestApp, User};

async fn found(admin: &User, account: &Account, filter: &str) -> Vec<String> {
    let page = admin.get(&account.path(&format!("/users?sort=username&limit=100&{filter}"))).await.ok(200);
    let names = page["items"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap());
    names.filter(|name| !name.starts_with("administrator")).map(str::to_owned).collect()
}

#[tokio::test]
async fn by_the_second_factor_in_every_mode() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let [ann, bob, cleo, dan] =
        [account.user("ann").await, account.user("bob").await, account.user("cleo").await, account.user("dan").await];
    // Ann and Bob have devices.
    account.ask_only(&[&ann, &bob]).await;
    for user in [&ann, &bob] {
        user.sign_in().await;
    }
    let list = |users: &[&User]| users.iter().map(|user| user.id().to_owned()).collect::<Vec<_>>();
    for (policy, [not_asked, not_enrolled, enrolled, asleep]) in [
        (json!({ "mode": "disabled" }), [&["cleo", "dan"][..], &[], &[], &["ann", "bob"]]),
        (json!({ "mode": "all_users" }), [&[], &["cleo", "dan"], &["ann", "bob"], &[]]),
        (
            json!({ "mode": "selected_users", "user_ids": list(&[&ann, &cleo]) }),
            [&["dan"], &["cleo"], &["ann"], &["bob"]],
        ),
        (
            json!({ "mode": "all_users_except", "user_ids": list(&[&bob, &dan]) }),
            [&["dan"], &["cleo"], &["ann"], &["bob"]],
        ),
    ] {
        account.set_policy(policy.clone()).await.ok(200);
        for (state, expected) in
            [("not_asked", not_asked), ("not_enrolled", not_enrolled), ("enrolled", enrolled), ("asleep", asleep)]
        {
            let who = found(&app.platform_admin().await, &account, &format!("two_factor={state}")).await;
            assert_eq!(who, expected, "{policy}: {state}");
        }
    }
    assert_eq!(dan.username(), "dan");
    admin.get(&account.path("/users?two_factor=maybe")).await.problem(400, "malformed_request");
}

#[tokio::test]
async fn by_the_password_and_by_the_status() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    account.user("valid").await;
    let (must, off) = (account.user("must change").await, account.user("off").await);
    account.invited(json!({ "username": "invited" })).await;
    account.act_on(&must, "require-password-change").await.empty(204);
    account.act_on(&off, "disable").await.empty(204);
    for (filter, expected) in [
        ("password=valid", &["off", "valid"][..]),
        ("password=change_required", &["must change"]),
        ("password=not_set", &["invited"]),
        ("status=disabled", &["off"]),
        ("status=active", &["invited", "must change", "valid"]),
        ("status=active&password=valid", &["valid"]),
        ("status=disabled&password=not_set", &[]),
    ] {
        assert_eq!(found(&admin, &account, filter).await, expected, "{filter}");
        let by_time = admin.get(&account.path(&format!("/users?{filter}"))).await.ok(200);
        let count = by_time["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|user| !user["username"].as_str().unwrap().starts_with("administrator"));
        assert_eq!(count.count(), expected.len(), "{filter}, oldest first");
    }
    admin.get(&account.path("/users?password=fine")).await.problem(400, "malformed_request");
}

#[tokio::test]
async fn by_having_to_wait_after_wrong_passwords_or_codes() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let (ann, bob, _cleo) = (account.user("ann").await, account.user("bob").await, account.user("cleo").await);
    account.ask_only(&[&bob]).await;
    bob.sign_in().await;
    let locked = |user: &Value| !user["locked_until"].is_null();
    assert_eq!(found(&admin, &account, "locked=true").await, [""; 0]);

    let mut tries = 0;
    while ann.try_password("wrong").await.status != 429 {
        tries += 1;
        assert!(tries < 100, "wrong passwords are throttled");
    }
    assert_eq!(found(&admin, &account, "locked=true").await, ["ann"]);
    assert_eq!(found(&admin, &account, "locked=false").await, ["bob", "cleo"]);
    assert!(locked(&account.look_at(&ann).await) && !locked(&account.look_at(&bob).await));

    'wrong: for _ in 0..100 {
        let reply = bob.login().await;
        if reply.status == 429 {
            break;
        }
        let login = reply.challenge("totp");
        for _ in 0..5 {
            if login.code(&bob.phone().wrong_code()).await.status == 429 {
                break 'wrong;
            }
        }
    }
    assert_eq!(found(&admin, &account, "locked=true").await, ["ann", "bob"]);

    account.act_on(&ann, "unlock").await.empty(204);
    assert_eq!(found(&admin, &account, "locked=true").await, ["bob"]);
    // It ends by itself.
    app.wait(chrono::TimeDelta::hours(25));
    assert_eq!(found(&admin, &account, "locked=true").await, [""; 0]);
    admin.get(&account.path("/users?locked=yes")).await.problem(400, "malformed_request");
}

#[tokio::test]
async fn by_permission_and_by_role_wherever_the_permission_is_from() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings"]).await;
    account.user_with("direct", &["account_settings"]).await;
    let by_role = account.user("by role").await;
    let both = account.user_with("both", &["account_settings"]).await;
    account.user("nobody").await;
    let role = json!({ "name": "Settings", "permissions": ["account_settings"] });
    let role = admin.post(&account.path("/roles"), role).await.ok(201)["id"].as_str().unwrap().to_owned();
    for user in [&by_role, &both] {
        let path = account.path(&format!("/users/{}/roles", user.id()));
        admin.put(&path, json!({ "role_ids": [role] })).await.ok(200);
    }
    for (filter, expected) in [
        ("permission=account_settings".to_owned(), &["both", "by role", "direct"][..]),
        ("permission=password_management".to_owned(), &[]),
        (format!("role={role}"), &["both", "by role"]),
        (format!("role={}", by_role.id()), &[]),
    ] {
        assert_eq!(found(&admin, &account, &filter).await, expected, "{filter}");
    }
    for wrong in ["permission=root", "permission=", "role=Settings"] {
        admin.get(&account.path(&format!("/users?{wrong}"))).await.problem(400, "malformed_request");
    }
}
