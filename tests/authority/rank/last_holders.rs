//! An account that had a holder of a built-in permission keeps at least one.

use serde_json::{Value, json};

use super::OURS;
use crate::support::{Account, Program, Reply, TestApp, User, in_parallel, statuses};

/// An account of somebody who holds all of ours and is the only one, and a program that was given all of ours and is no user.
async fn alone(app: &TestApp, slug: &str) -> (Account, User, Program) {
    let account = app.account(slug).await;
    let ann = account.user_with("ann", &OURS).await;
    let program = account.program("all", &OURS).await;
    (account, ann, program)
}

fn without(permission: &str) -> Vec<&'static str> {
    OURS.into_iter().filter(|ours| *ours != permission).collect()
}

#[track_caller]
fn nobody_would_hold(reply: &Reply, permission: &str) {
    let problem = reply.problem(409, "conflict");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(&format!("who holds {permission} and can sign in")), "{detail}");
}

#[tokio::test]
async fn of_each_the_last_holder_keeps_it_until_there_is_another() {
    let app = TestApp::start().await;
    let (account, ann, program) = alone(&app, "acme").await;
    let user = account.path(&format!("/users/{}", ann.id()));
    for permission in OURS {
        let less = json!({ "permissions": without(permission) });
        nobody_would_hold(&program.put(&format!("{user}/permissions"), less.clone()).await, permission);
        nobody_would_hold(&ann.put(&format!("{user}/permissions"), less.clone()).await, permission);
        // Somebody who has no password yet, or is disabled, is not another.
        let other =
            account.invited(json!({ "username": format!("with {permission}"), "permissions": [permission] })).await;
        nobody_would_hold(&program.put(&format!("{user}/permissions"), less.clone()).await, permission);
        other.activate(other.activation_code()).await.empty(204);
        account.act_on(&other, "disable").await.empty(204);
        nobody_would_hold(&program.put(&format!("{user}/permissions"), less.clone()).await, permission);
        account.act_on(&other, "enable").await.empty(204);
        program.put(&format!("{user}/permissions"), less).await.ok(200);
        // Now the other is the last.
        let other = account.path(&format!("/users/{}", other.id()));
        nobody_would_hold(
            &program.put(&format!("{other}/permissions"), json!({ "permissions": [] })).await,
            permission,
        );
        nobody_would_hold(&program.call("POST", &format!("{other}/actions/disable")).send().await, permission);
        nobody_would_hold(&program.delete(&other).await, permission);
        program.put(&format!("{user}/permissions"), json!({ "permissions": OURS })).await.ok(200);
        program.delete(&other).await.empty(204);
    }
    assert_eq!(account.look_at(&ann).await["permissions"], json!(OURS));
}

#[tokio::test]
async fn whoever_is_the_only_one_of_something_is_neither_disabled_nor_deleted() {
    let app = TestApp::start().await;
    let (account, ann, program) = alone(&app, "acme").await;
    // Everything but one thing is held by another too.
    for permission in OURS {
        let other = account.user_with(&format!("all but {permission}"), &without(permission)).await;
        let user = account.path(&format!("/users/{}", ann.id()));
        nobody_would_hold(&program.call("POST", &format!("{user}/actions/disable")).send().await, permission);
        nobody_would_hold(&program.delete(&user).await, permission);
        nobody_would_hold(&ann.delete(&user).await, permission);
        app.platform_admin().await.delete(&account.path(&format!("/users/{}", other.id()))).await.empty(204);
    }
    ann.session().await.me().await.ok(200);
}

#[tokio::test]
async fn a_role_by_which_the_last_holder_holds_it_stays_with_what_it_carries() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    account.user_with("administrator", &["user_permissions"]).await;
    let program = account.program("all", &OURS).await;
    let ann = account.user("ann").await;
    for permission in without("user_permissions") {
        let draft = json!({ "name": permission, "permissions": [permission, "user_permissions"] });
        let role = root.post(&account.path("/roles"), draft).await.ok(201)["id"].as_str().unwrap().to_owned();
        let role_path = account.path(&format!("/roles/{role}"));
        let of_ann = account.path(&format!("/users/{}/roles", ann.id()));
        root.put(&of_ann, json!({ "role_ids": [role] })).await.ok(200);
        let less = json!({ "name": permission, "permissions": ["user_permissions"] });
        nobody_would_hold(&program.put(&role_path, less.clone()).await, permission);
        nobody_would_hold(&program.delete(&role_path).await, permission);
        nobody_would_hold(&program.put(&of_ann, json!({ "role_ids": [] })).await, permission);
        nobody_would_hold(&ann.put(&of_ann, json!({ "role_ids": [] })).await, permission);
        nobody_would_hold(&ann.put(&role_path, less.clone()).await, permission);
        // Held directly too, the role can go.
        let direct = account.path(&format!("/users/{}/permissions", ann.id()));
        program.put(&direct, json!({ "permissions": [permission] })).await.ok(200);
        program.put(&role_path, less).await.ok(200);
        program.delete(&role_path).await.empty(204);
        nobody_would_hold(&program.put(&direct, json!({ "permissions": [] })).await, permission);
        root.put(&direct, json!({ "permissions": [] })).await.ok(200);
    }
}

#[tokio::test]
async fn what_an_account_never_had_is_not_demanded() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let program = account.program("all", &OURS).await;
    let ann = account.user("ann").await;
    let user = account.path(&format!("/users/{}", ann.id()));
    // The first who holds anything, who has no password yet, and nobody who holds anything but that.
    let invited = account.invited(json!({ "username": "invited", "permissions": ["user_permissions"] })).await;
    program.call("POST", &format!("{user}/actions/disable")).send().await.empty(204);
    program.call("POST", &format!("{user}/actions/enable")).send().await.empty(204);
    program.delete(&user).await.empty(204);
    let user = account.path(&format!("/users/{}", invited.id()));
    let more = json!({ "permissions": ["user_permissions", "audit_read"] });
    program.put(&format!("{user}/permissions"), more).await.ok(200);
    nobody_would_hold(&program.delete(&user).await, "user_permissions");
    let root = app.platform_admin().await;
    root.put(&format!("{user}/permissions"), json!({ "permissions": [] })).await.ok(200);
    program.delete(&user).await.empty(204);
}

#[tokio::test]
async fn the_platform_may_take_the_last_of_everything() {
    let app = TestApp::start().await;
    let (account, ann, _) = alone(&app, "acme").await;
    let root = app.platform_admin().await;
    let user = account.path(&format!("/users/{}", ann.id()));
    root.put(&format!("{user}/permissions"), json!({ "permissions": [] })).await.ok(200);
    root.put(&format!("{user}/permissions"), json!({ "permissions": OURS })).await.ok(200);
    root.act(&format!("{user}/actions/disable")).await.empty(204);
    root.act(&format!("{user}/actions/enable")).await.empty(204);
    let draft = json!({ "name": "All", "permissions": OURS });
    let role = root.post(&account.path("/roles"), draft).await.ok(201)["id"].as_str().unwrap().to_owned();
    root.put(&format!("{user}/permissions"), json!({ "permissions": [] })).await.ok(200);
    root.put(&format!("{user}/roles"), json!({ "role_ids": [role] })).await.ok(200);
    let role = account.path(&format!("/roles/{role}"));
    root.put(&role, json!({ "name": "All", "permissions": [] })).await.ok(200);
    root.put(&role, json!({ "name": "All", "permissions": OURS })).await.ok(200);
    root.delete(&role).await.empty(204);
    root.delete(&user).await.empty(204);
}

#[tokio::test]
async fn a_job_of_the_account_leaves_one_of_each_and_one_of_the_platform_none() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.user_with("by", &OURS).await;
    let root = app.platform_admin().await;
    for number in 0..2 {
        account.user_with(&format!("auditor-{number}"), &["audit_read"]).await;
    }
    let less = json!({ "permissions": without("audit_read") });
    let revoke = |by: &User| {
        let (by, account) = (by.clone(), account.clone());
        async move {
            let job =
                json!({ "action": "revoke_permissions", "permissions": ["audit_read"], "filter": { "q": "auditor" } });
            crate::jobs::bulk_jobs::run(&by, &account, job).await
        }
    };
    // One who orders it holds it too: everybody else may lose it.
    let done = revoke(&by).await;
    assert_eq!((&done["succeeded"], &done["failed"]), (&json!(2), &json!(0)), "{done}");
    let own = account.path(&format!("/users/{}/permissions", by.id()));
    by.put(&own, less.clone()).await.problem(409, "conflict");
    let job = json!({ "action": "revoke_permissions", "permissions": ["audit_read"], "users": [by.id()] });
    let done = crate::jobs::bulk_jobs::run(&by, &account, job.clone()).await;
    assert_eq!((&done["succeeded"], &done["failed"]), (&json!(0), &json!(1)), "{done}");
    let done = crate::jobs::bulk_jobs::run(&root, &account, job).await;
    assert_eq!((&done["succeeded"], &done["failed"]), (&json!(1), &json!(0)), "{done}");
    assert_eq!(account.look_at(&by).await["permissions"], less["permissions"]);
}

#[tokio::test]
async fn two_who_give_it_up_at_the_same_moment_leave_one() {
    let app = TestApp::start().await;
    for round in 0..10 {
        let account = app.account(&format!("acme-{round}")).await;
        let both = ["user_permissions", "audit_read"];
        account.user_with("administrator", &["user_permissions"]).await;
        let (ann, bob) = (account.user_with("ann", &both).await, account.user_with("bob", &both).await);
        let sessions = [ann.session().await, bob.session().await];
        let paths = [&ann, &bob].map(|user| account.path(&format!("/users/{}", user.id())));
        let replies = in_parallel(2, |number| {
            // By turns: both change what they hold, or one of them leaves.
            if round % 2 == 0 || number == 0 {
                let less: Value = json!({ "permissions": ["user_permissions"] });
                sessions[number].call("PUT", &format!("{}/permissions", paths[number])).json(&less).send()
            } else {
                sessions[number].call("DELETE", &paths[number]).send()
            }
        })
        .await;
        let refused = replies.iter().filter(|reply| reply.status == 409).count();
        assert_eq!(refused, 1, "{:?}", statuses(&replies));
        nobody_would_hold(replies.iter().find(|reply| reply.status == 409).unwrap(), "audit_read");
    }
}
