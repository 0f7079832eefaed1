//! A job records the same events as single actions, and an event of its own.

use serde_json::{Value, json};

use super::{path, run};
use crate::support::TestApp;

#[tokio::test]
async fn each_user_who_was_changed_is_in_the_audit_under_the_name_of_whoever_ordered_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob, cleo) = (account.user("ann").await, account.user("bob").await, account.user("cleo").await);
    account.act_on(&bob, "disable").await.empty(204);
    let users = json!([ann.id(), bob.id(), cleo.id()]);
    let job = run(&by, &account, json!({ "action": "disable", "users": users })).await;
    let of_job = |column: &str| {
        format!(
            "SELECT {column} FROM audit_events WHERE actor_name = '{}' AND \
             (action = 'user.disabled' OR action LIKE 'bulk_job.%') ORDER BY sequence",
            by.username()
        )
    };
    assert_eq!(
        app.look_into_database(&of_job("action")),
        ["bulk_job.started", "user.disabled", "user.disabled", "bulk_job.finished"]
    );
    let mut names = app.look_into_database(&of_job("coalesce(target_name, '')"));
    names.sort();
    assert_eq!(names, ["", "", "ann", "cleo"]);
    let ended = app.look_into_database(&of_job("details")).pop().unwrap();
    for fact in
        ["\"succeeded\":2", "\"unchanged\":1", "\"failed\":0", "\"status\":\"finished\"", "\"action\":\"disable\""]
    {
        assert!(ended.contains(fact), "{ended}");
    }
    by.act(&format!("{}/actions/cancel", path(&account, &job))).await.ok(200);
    assert_eq!(app.look_into_database(&of_job("action")).len(), 4, "it had ended");
}

#[tokio::test]
async fn what_a_job_writes_down_of_each_user_names_the_job_and_is_short_however_much_it_gives() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    // Somebody who stays an administrator when all others cease to be.
    account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let mut roles = Vec::new();
    for number in 0..100 {
        let draft = json!({ "name": format!("{number:03}{}", "x".repeat(97)), "permissions": [] });
        roles.push(root.post(&account.path("/roles"), draft).await.ok(201)["id"].clone());
    }
    let users = json!([ann.id(), bob.id()]);
    let all = ["account_settings", "api_keys", "audit_read", "password_management", "user_permissions"];
    let jobs = [
        (json!({ "action": "assign_roles", "role_ids": roles }), "user.roles_changed", "added", 97),
        (json!({ "action": "remove_roles", "role_ids": roles }), "user.roles_changed", "removed", 97),
        (json!({ "action": "grant_permissions", "permissions": all }), "user.permissions_changed", "granted", 2),
        (json!({ "action": "revoke_permissions", "permissions": all }), "user.permissions_changed", "revoked", 2),
    ];
    for (mut order, action, list, left_out) in jobs {
        order["users"] = users.clone();
        let job = run(&root, &account, order).await;
        let id = job["id"].as_str().unwrap();
        let query =
            format!("SELECT details FROM audit_events WHERE action = '{action}' ORDER BY sequence DESC LIMIT 2");
        let details = app.look_into_database(&query);
        assert_eq!(details.len(), 2);
        for details in details {
            assert!(details.len() < 600, "{details}");
            let details: Value = serde_json::from_str(&details).unwrap();
            assert_eq!(details["bulk_job_id"], id, "{details}");
            assert_eq!(details[list].as_array().map(Vec::len), Some(3), "{details}");
            assert_eq!(details[format!("{list}_left_out")], left_out, "{details}");
        }
        // What was given stands where the job begins.
        let started =
            "SELECT details FROM audit_events WHERE action = 'bulk_job.started' ORDER BY sequence DESC LIMIT 1";
        let started: Value = serde_json::from_str(&app.look_into_database(started)[0]).unwrap();
        let told = ["role_ids", "permissions"].iter().filter_map(|name| started[*name].as_array()).map(Vec::len);
        assert_eq!(told.sum::<usize>(), left_out + 3, "{started}");
    }
}

#[tokio::test]
async fn what_a_request_about_one_user_changed_is_told_in_full_and_names_no_job() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let ann = account.user("ann").await;
    let all = ["account_settings", "api_keys", "audit_read", "password_management", "user_permissions"];
    let path = account.path(&format!("/users/{}/permissions", ann.id()));
    root.put(&path, json!({ "permissions": all })).await.ok(200);
    let query = "SELECT details FROM audit_events WHERE action = 'user.permissions_changed'";
    let details: Value = serde_json::from_str(&app.look_into_database(query)[0]).unwrap();
    assert_eq!(details["granted"].as_array().map(Vec::len), Some(5), "{details}");
    assert!(details["bulk_job_id"].is_null() && details["granted_left_out"].is_null(), "{details}");
}
