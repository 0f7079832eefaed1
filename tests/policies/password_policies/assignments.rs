//! Which policy applies to whom, and why.

use serde_json::json;

use super::{Policies, codes};
use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp};

#[tokio::test]
async fn what_is_assigned_to_the_user_goes_before_permissions_and_these_before_the_default() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user_with("ann", &["account_settings", "user_permissions"]).await;
    // Somebody has to stay who can grant.
    policies.account.user_with("bob", &["user_permissions"]).await;
    let default = policies.default().await["id"].clone();
    let told = || async {
        let password = policies.password_of(&ann).await;
        (password["policy_id"].clone(), password["policy_reason"].as_str().unwrap().to_owned())
    };
    let (policy, reason) = told().await;
    assert_eq!(policy, default);
    assert!(reason.starts_with("This policy applies because it is the account's default"), "{reason}");

    let create = |name: &'static str| policies.create(json!({ "name": name, "strength": "basic" }));
    let (late, early, own) = (create("Late").await, create("Early").await, create("Own").await);
    policies.assign(&late, json!({ "permissions": ["account_settings"], "priority": 20 })).await.ok(200);
    let (policy, reason) = told().await;
    assert_eq!(policy, late);
    assert_eq!(reason, "This policy applies because it is assigned to the permission “account_settings”.");

    policies.assign(&early, json!({ "permissions": ["user_permissions"], "priority": 10 })).await.ok(200);
    let (policy, reason) = told().await;
    assert_eq!(policy, early);
    assert!(reason.contains("priority 10 goes before priority 20"), "{reason}");

    policies.assign(&own, json!({ "user_ids": [ann.id()], "priority": 1000 })).await.ok(200);
    let (policy, reason) = told().await;
    assert_eq!(policy, own);
    assert!(reason.contains("assigned to the user; the policy “Early”"), "{reason}");
    // Lists tell the same, and so does the user's own page.
    let listed = policies.root.get(&policies.account.path("/users")).await.ok(200);
    let ids = listed["items"].as_array().unwrap().iter().map(|user| user["password"]["policy_id"].clone());
    assert_eq!(ids.filter(|id| *id == own).count(), 1);
    assert_eq!(ann.get("/v1/me").await.ok(200)["user"]["password"]["policy_reason"], reason);

    // What is taken away does not count any more: the policy, the assignment, the permission.
    policies.delete(&own).await.empty(204);
    assert_eq!(told().await.0, early);
    policies.assign(&early, json!({})).await.ok(200);
    assert_eq!(told().await.0, late);
    let permissions = policies.account.path(&format!("/users/{}/permissions", ann.id()));
    policies.root.put(&permissions, json!({ "permissions": [] })).await.ok(200);
    assert_eq!(told().await.0, default);
}

#[tokio::test]
async fn a_permission_that_comes_by_a_role_counts_like_one_that_was_granted() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let account = &policies.account;
    let ann = account.user("ann").await;
    let new = json!({ "name": "crm.invoices.approve", "description": "Approves invoices." });
    policies.root.post("/v1/permissions", new).await.ok(201);
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    policies.assign(&staff, json!({ "permissions": ["crm.invoices.approve"] })).await.ok(200);
    let default = policies.default().await["id"].clone();
    let applied = || async { policies.password_of(&ann).await["policy_id"].clone() };
    assert_eq!(applied().await, default);

    let role = json!({ "name": "Approvers", "permissions": ["crm.invoices.approve"] });
    let role = policies.root.post(&account.path("/roles"), role).await.ok(201)["id"].clone();
    let roles = account.path(&format!("/users/{}/roles", ann.id()));
    policies.root.put(&roles, json!({ "role_ids": [role] })).await.ok(200);
    assert_eq!(applied().await, staff);
    assert_eq!(ann.get("/v1/me").await.ok(200)["user"]["password"]["policy_id"], staff);

    // A permission that leaves the catalogue reaches nobody any more, and one that is not there cannot be assigned.
    policies.root.delete("/v1/permissions/crm.invoices.approve").await.empty(204);
    assert_eq!(applied().await, default);
    let left = policies.root.get(&policies.path(&format!("/{staff}/assignments"))).await.ok(200);
    assert_eq!(left["permissions"], json!([]));
    let refused = policies.assign(&staff, json!({ "permissions": ["crm.invoices.approve"] })).await;
    assert_eq!(refused.problem(422, "validation_failed").errors(), [("/permissions", "unknown_permission")]);
}

#[tokio::test]
async fn a_policy_counts_for_those_to_whom_it_is_assigned() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let staff = policies.create(json!({ "name": "Staff", "strength": "advanced" })).await;
    let admin = policies.account.invited(json!({ "username": "adm", "permissions": ["account_settings"] })).await;
    let ann = policies.account.invited(json!({ "username": "ann" })).await;
    policies.assign(&staff, json!({ "permissions": ["account_settings"] })).await.ok(200);
    for user in [&admin, &ann] {
        user.remember_password("all lower case words");
    }
    let refused = admin.activate(admin.activation_code()).await.problem(422, "password_refused");
    assert_eq!(codes(&refused["errors"]), ["needs_uppercase", "needs_digit"]);
    ann.activate(ann.activation_code()).await.empty(204);
    admin.remember_password(PASSWORD);
    admin.activate(admin.activation_code()).await.empty(204);
}

#[tokio::test]
async fn assignments_are_read_as_they_were_written() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let (ann, bob) = (policies.account.user("ann").await, policies.account.user("bob").await);
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    let path = policies.path(&format!("/{staff}/assignments"));
    let nothing = json!({ "user_ids": [], "role_ids": [], "permissions": [], "priority": 100 });
    assert_eq!(policies.root.get(&path).await.ok(200), nothing);
    let draft = json!({
        "user_ids": [bob.id(), ann.id(), bob.id()], "permissions": ["user_permissions", "account_settings"], "priority": 7,
    });
    let mut ids = [ann.id(), bob.id()];
    ids.sort_unstable();
    let expected = json!({
        "user_ids": ids, "role_ids": [], "permissions": ["account_settings", "user_permissions"], "priority": 7,
    });
    assert_eq!(policies.assign(&staff, draft).await.ok(200), expected);
    assert_eq!(policies.root.get(&path).await.ok(200), expected);
    // A change of the policy leaves them alone.
    policies.replace(&staff, json!({ "name": "Staff", "strength": "modern" })).await.ok(200);
    assert_eq!(policies.root.get(&path).await.ok(200), expected);
    assert_eq!(policies.assign(&staff, json!({})).await.ok(200), nothing);
}

#[tokio::test]
async fn strangers_are_refused_by_name() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    let stranger = app.account("other").await.user("eve").await;
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    let nobody = "01997f60-11d2-7a3b-8f04-6d2c9be0a7c4";
    let draft = json!({ "user_ids": [ann.id(), stranger.id(), nobody] });
    let refused = policies.assign(&staff, draft).await.problem(422, "validation_failed");
    assert_eq!(refused.errors(), [("/user_ids/1", "unknown_user"), ("/user_ids/2", "unknown_user")]);
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains(stranger.id()));
    let refused = policies.assign(&staff, json!({ "user_ids": ["ann"] })).await.problem(422, "validation_failed");
    assert_eq!(refused.errors(), [("/user_ids/0", "invalid_id")]);
    let draft = json!({ "permissions": ["account_settings", "all"] });
    let refused = policies.assign(&staff, draft).await.problem(422, "validation_failed");
    assert_eq!(refused.errors(), [("/permissions/1", "unknown_permission")]);
    for priority in [-1, 1001, 70_000] {
        let refused = policies.assign(&staff, json!({ "priority": priority })).await.problem(422, "validation_failed");
        assert_eq!(refused.errors(), [("/priority", "out_of_range")]);
    }
    let path = policies.path(&format!("/{staff}/assignments"));
    assert_eq!(policies.root.get(&path).await.ok(200)["user_ids"], json!([]), "nothing of it was done");
}

#[tokio::test]
async fn a_deleted_policy_leaves_those_in_its_change_step_to_what_applies_then() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    let strict = json!({
        "name": "Strict", "strength": "custom", "custom_strength": { "min_length": 40 }, "apply_to_existing": "at_next_login",
    });
    let strict = policies.create(strict).await;
    policies.assign(&strict, json!({ "user_ids": [ann.id()] })).await.ok(200);
    // One who has to change for the policy alone, and one whom an administrator has asked as well.
    let free = ann.login().await.challenge("password_change");
    free.new_password(OTHER_PASSWORD).await.problem(422, "password_refused");
    policies.delete(&strict).await.empty(204);
    assert_eq!(free.state().await.ok(200)["next"], "session");
    free.call("POST", "/session").send().await.session();

    policies.account.act_on(&ann, "require-password-change").await.empty(204);
    let bound = ann.login().await.challenge("password_change");
    bound.new_password(OTHER_PASSWORD).await.session();
}
