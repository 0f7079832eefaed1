//! The last holder of `user_permissions` keeps it, however it is held and however it would be lost.

use serde_json::json;

use super::{assign, role};
use crate::support::{Account, TestApp, User, in_parallel, statuses};

/// An account whose only administrator is one by a role: the user, and the id of the role.
async fn administered_by_role(app: &TestApp, slug: &str) -> (Account, User, String) {
    let account = app.account(slug).await;
    let root = app.platform_admin().await;
    let lead = role(&root, &account, "Lead", &["user_permissions"]).await;
    let ann = account.user("ann").await;
    assign(&root, &account, &ann, &[&lead]).await.ok(200);
    (account, ann, lead)
}

#[tokio::test]
async fn the_role_cannot_be_edited_deleted_or_taken_nor_its_holder_disabled_or_deleted() {
    let app = TestApp::start().await;
    let (account, ann, lead) = administered_by_role(&app, "acme").await;
    let root = app.platform_admin().await;
    let role_path = account.path(&format!("/roles/{lead}"));
    let user_path = account.path(&format!("/users/{}", ann.id()));
    let program = account.program("administrator", &["user_permissions"]).await;
    let calls = [
        ("PUT", role_path.clone(), json!({ "name": "Lead", "permissions": [] })),
        ("DELETE", role_path.clone(), json!(null)),
        ("PUT", format!("{user_path}/roles"), json!({ "role_ids": [] })),
        ("POST", format!("{user_path}/actions/disable"), json!(null)),
        ("DELETE", user_path.clone(), json!(null)),
    ];
    let session = ann.session().await;
    for (method, path, body) in &calls {
        for call in [session.call(method, path), program.call(method, path)] {
            let call = if body.is_null() { call } else { call.json(body) };
            call.send().await.problem(409, "conflict");
        }
    }
    // Nothing of it was half done.
    assert_eq!(root.get(&role_path).await.ok(200)["permissions"], json!(["user_permissions"]));
    ann.get(&account.path("/users")).await.ok(200);

    // Held directly too, the role can go; then the grant cannot.
    root.put(&format!("{user_path}/permissions"), json!({ "permissions": ["user_permissions"] })).await.ok(200);
    root.delete(&role_path).await.empty(204);
    program.put(&format!("{user_path}/permissions"), json!({ "permissions": [] })).await.problem(409, "conflict");
}

#[tokio::test]
async fn somebody_disabled_who_has_the_role_does_not_count() {
    let app = TestApp::start().await;
    let (account, ann, lead) = administered_by_role(&app, "acme").await;
    let root = app.platform_admin().await;
    let bob = account.user("bob").await;
    assign(&root, &account, &bob, &[&lead]).await.ok(200);
    account.act_on(&bob, "disable").await.empty(204);
    assign(&ann, &account, &ann, &[]).await.problem(409, "conflict");
    account.act_on(&bob, "enable").await.empty(204);
    assign(&ann, &account, &ann, &[]).await.ok(200);
}

#[tokio::test]
async fn an_account_that_has_no_administrator_yet_can_be_worked_on() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let ann = account.user("ann").await;
    let settings = role(&root, &account, "Settings", &["account_settings"]).await;
    assign(&root, &account, &ann, &[&settings]).await.ok(200);
    assign(&root, &account, &ann, &[]).await.ok(200);
    root.delete(&account.path(&format!("/roles/{settings}"))).await.empty(204);
    account.act_on(&ann, "disable").await.empty(204);
    root.delete(&account.path(&format!("/users/{}", ann.id()))).await.empty(204);
}

#[tokio::test]
async fn the_role_and_the_grant_taken_at_the_same_moment_leave_one() {
    let app = TestApp::start().await;
    for round in 0..10 {
        let (account, _ann, lead) = administered_by_role(&app, &format!("acme-{round}")).await;
        let bob = account.admin(&["user_permissions"]).await;
        let session = account.program("administrator", &["user_permissions"]).await;
        let (role_path, bob_path) =
            (account.path(&format!("/roles/{lead}")), account.path(&format!("/users/{}", bob.id())));
        let replies = in_parallel(2, |number| {
            if number == 0 {
                // By turns: the role is deleted, or emptied.
                if round % 2 == 0 {
                    session.call("DELETE", &role_path).send()
                } else {
                    session.call("PUT", &role_path).json(&json!({ "name": "Lead", "permissions": [] })).send()
                }
            } else {
                session.call("DELETE", &bob_path).send()
            }
        })
        .await;
        let refused = replies.iter().filter(|reply| reply.status == 409).count();
        assert_eq!(refused, 1, "{:?}", statuses(&replies));
    }
}

#[tokio::test]
async fn two_who_take_the_role_from_each_other_leave_one() {
    let app = TestApp::start().await;
    for round in 0..10 {
        let (account, ann, lead) = administered_by_role(&app, &format!("acme-{round}")).await;
        let root = app.platform_admin().await;
        let bob = account.user("bob").await;
        assign(&root, &account, &bob, &[&lead]).await.ok(200);
        let sessions = [ann.session().await, bob.session().await];
        let paths = [bob.id(), ann.id()].map(|id| account.path(&format!("/users/{id}/roles")));
        let take = |number: usize| sessions[number].call("PUT", &paths[number]).json(&json!({ "role_ids": [] })).send();
        let replies = in_parallel(2, take).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1, "{:?}", statuses(&replies));
    }
}
