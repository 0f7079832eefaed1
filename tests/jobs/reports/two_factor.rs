//! Counts the users who need a second factor, and those who have one.

use serde_json::json;

use super::{numbers, standing, two_factor};
use crate::support::TestApp;

#[tokio::test]
async fn the_report_counts_who_is_asked_enrolled_and_asleep_in_every_mode() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    assert_eq!(standing(&two_factor(&root, &account, "").await["total"]), [0; 6]);

    // Ann and Bob have devices, Cleo and Dan do not; Eve has one and is disabled, Finn has none and is.
    let mut users = Vec::new();
    for name in ["ann", "bob", "cleo", "dan", "eve", "finn"] {
        users.push(account.user(name).await);
    }
    let [ann, bob, cleo, dan, eve, finn] = &users[..] else { unreachable!() };
    account.ask_only(&[ann, bob, eve]).await;
    for user in [ann, bob, eve] {
        user.sign_in().await;
    }
    for user in [eve, finn] {
        account.act_on(user, "disable").await.empty(204);
    }
    let ids = |users: &[&crate::support::User]| users.iter().map(|user| user.id().to_owned()).collect::<Vec<_>>();
    for (policy, expected) in [
        (json!({ "mode": "disabled" }), [4, 0, 0, 0, 2, 2]),
        (json!({ "mode": "all_users" }), [4, 4, 2, 2, 0, 0]),
        (json!({ "mode": "selected_users", "user_ids": ids(&[ann, cleo, eve]) }), [4, 2, 1, 1, 1, 1]),
        (json!({ "mode": "all_users_except", "user_ids": ids(&[bob, dan, finn]) }), [4, 2, 1, 1, 1, 1]),
        (json!({ "mode": "all_users_except", "user_ids": [] }), [4, 4, 2, 2, 0, 0]),
    ] {
        account.set_policy(policy.clone()).await.ok(200);
        let report = two_factor(&root, &account, "").await;
        assert_eq!(standing(&report["total"]), expected, "{policy}");
        assert_eq!(report["mode"], policy["mode"]);
        assert_eq!(report["as_of"], json!(app.now()));
        // The users page finds the same.
        for (filter, at) in [("enrolled", 2), ("not_enrolled", 3), ("asleep", 4), ("not_asked", 5)] {
            let path = account.path(&format!("/users?status=active&two_factor={filter}"));
            let found = root.get(&path).await.ok(200)["items"].as_array().unwrap().len();
            assert_eq!(u64::try_from(found).unwrap(), expected[at], "{policy}: {filter}");
        }
    }
}

#[tokio::test]
async fn a_device_by_choice_is_enrolled_where_nobody_is_asked() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let file = r#"{"username": "ann", "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}"#;
    let call = root.session().await.call("POST", &account.path("/user-imports"));
    call.file("application/x-ndjson", file).send().await.ok(202);
    while root.get(&account.path("/users")).await.ok(200)["items"].as_array().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(standing(&two_factor(&root, &account, "").await["total"]), [1, 0, 1, 0, 0, 0]);
    account.set_mode("all_users").await;
    assert_eq!(standing(&two_factor(&root, &account, "").await["total"]), [1, 1, 1, 0, 0, 0]);
}

#[tokio::test]
async fn each_role_has_its_numbers() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let mut roles = Vec::new();
    for name in ["Support", "Sales", "Nobody's"] {
        let draft = json!({ "name": name, "permissions": [] });
        let role = root.post(&account.path("/roles"), draft).await.ok(201);
        roles.push(role["id"].as_str().unwrap().to_owned());
    }
    let (support, sales) = (&roles[0], &roles[1]);
    account.set_mode("all_users").await;
    for (name, has, enrols, disabled) in [
        ("ann", vec![support, sales], true, false),
        ("bob", vec![support], false, false),
        ("cleo", vec![support], true, true),
        ("dan", vec![sales], true, false),
        ("eve", vec![sales], true, false),
        ("finn", vec![], false, false),
    ] {
        let user = account.user(name).await;
        root.put(&account.path(&format!("/users/{}/roles", user.id())), json!({ "role_ids": has })).await.ok(200);
        if enrols {
            user.sign_in().await;
        }
        if disabled {
            account.act_on(&user, "disable").await.empty(204);
        }
    }
    let report = two_factor(&root, &account, "overdue_after_days=0").await;
    assert_eq!(standing(&report["total"]), [5, 5, 3, 2, 0, 0]);
    let by_role = report["by_role"].as_array().unwrap();
    let found: Vec<_> = by_role
        .iter()
        .map(|role| {
            (role["role"].as_str().unwrap(), standing(&role["numbers"]), numbers(&role["numbers"], ["overdue"]))
        })
        .collect();
    // The one with the most users first. Who has two roles counts in both.
    assert_eq!(found, [("Sales", [3, 3, 3, 0, 0, 0], [0]), ("Support", [2, 2, 1, 1, 0, 0], [1])]);
    assert_eq!(by_role[0]["role_id"], json!(sales));
    assert_eq!(report["more_roles"], 0);
    assert_eq!(numbers(&report["total"], ["overdue"]), [2]);
    // On a list, too.
    account.set_policy(json!({ "mode": "selected_users", "user_ids": [] })).await.ok(200);
    let report = two_factor(&root, &account, "").await;
    assert_eq!(standing(&report["by_role"][0]["numbers"]), [3, 0, 0, 0, 3, 0]);
    assert_eq!(standing(&report["by_role"][1]["numbers"]), [2, 0, 0, 0, 1, 1]);
}

#[tokio::test]
async fn accounts_do_not_count_each_others_users() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let root = app.platform_admin().await;
    account.user("ann").await;
    for name in ["bob", "cleo"] {
        other.user(name).await;
    }
    other.set_mode("all_users").await;
    assert_eq!(standing(&two_factor(&root, &account, "").await["total"]), [1, 0, 0, 0, 0, 1]);
    assert_eq!(standing(&two_factor(&root, &other, "").await["total"]), [2, 2, 0, 2, 0, 0]);
}
