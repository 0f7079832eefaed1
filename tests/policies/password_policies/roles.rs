//! Policies that are assigned to roles.

use serde_json::{Value, json};

use super::{Policies, codes};
use crate::support::{OTHER_PASSWORD, TestApp, User, in_parallel, statuses};

impl Policies {
    /// The policy that applies to somebody, and why.
    async fn told(&self, user: &User) -> (Value, String) {
        let password = self.password_of(user).await;
        (password["policy_id"].clone(), password["policy_reason"].as_str().unwrap().to_owned())
    }
}

#[tokio::test]
async fn a_user_goes_before_a_role_a_role_before_a_permission_and_this_before_the_default() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user_with("ann", &["account_settings"]).await;
    let default = policies.default().await["id"].clone();
    let create = |name: &'static str| policies.create(json!({ "name": name, "strength": "basic" }));
    let (own, by_role, by_permission) = (create("Own").await, create("Support").await, create("Settings").await);
    let support = policies.role("Help desk", &[]).await;
    policies.give(&ann, &[&support]).await;
    assert_eq!(policies.told(&ann).await.0, default);

    // The numbers compare roles with roles and permissions with permissions, not one with the other.
    policies.assign(&by_permission, json!({ "permissions": ["account_settings"], "priority": 1 })).await.ok(200);
    policies.assign(&by_role, json!({ "role_ids": [support], "priority": 900 })).await.ok(200);
    let (policy, reason) = policies.told(&ann).await;
    assert_eq!(policy, by_role);
    assert_eq!(
        reason,
        "This policy applies because it is assigned to the role “Help desk”; the policy “Settings”, assigned to the \
         permission “account_settings”, comes after it: a role goes before a permission."
    );
    assert_eq!(ann.get("/v1/me").await.ok(200)["user"]["password"]["policy_reason"], reason);

    policies.assign(&own, json!({ "user_ids": [ann.id()] })).await.ok(200);
    let (policy, reason) = policies.told(&ann).await;
    assert_eq!(policy, own);
    assert!(reason.contains("“Support”, assigned to the role “Help desk”, comes after it"), "{reason}");
}

#[tokio::test]
async fn among_roles_the_smaller_priority_goes_first_then_the_name() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    let create = |name: &'static str| policies.create(json!({ "name": name, "strength": "basic" }));
    let (zulu, alpha) = (create("Zulu").await, create("Alpha").await);
    let (sales, support) = (policies.role("Sales", &[]).await, policies.role("Support", &[]).await);
    policies.give(&ann, &[&sales, &support]).await;
    policies.assign(&zulu, json!({ "role_ids": [sales], "priority": 10 })).await.ok(200);
    policies.assign(&alpha, json!({ "role_ids": [support], "priority": 20 })).await.ok(200);
    let (policy, reason) = policies.told(&ann).await;
    assert_eq!(policy, zulu);
    assert!(reason.ends_with("comes after it: priority 10 goes before priority 20."), "{reason}");
    policies.assign(&zulu, json!({ "role_ids": [sales], "priority": 20 })).await.ok(200);
    let (policy, reason) = policies.told(&ann).await;
    assert_eq!(policy, alpha);
    assert!(reason.ends_with("with equal priority the order of the names decides."), "{reason}");
    // One policy by two roles.
    policies.assign(&zulu, json!({})).await.ok(200);
    policies.assign(&alpha, json!({ "role_ids": [support, sales, support] })).await.ok(200);
    assert_eq!(policies.told(&ann).await.0, alpha);
}

#[tokio::test]
async fn a_role_taken_or_deleted_takes_its_policy_along_at_once() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    let default = policies.default().await["id"].clone();
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    let path = policies.path(&format!("/{staff}/assignments"));
    for way in ["taken", "unassigned", "deleted"] {
        let role = policies.role(way, &[]).await;
        policies.give(&ann, &[&role]).await;
        policies.assign(&staff, json!({ "role_ids": [role] })).await.ok(200);
        assert_eq!(policies.told(&ann).await.0, staff);
        let listed = policies.root.get(&path).await;
        assert_eq!(listed.ok(200)["role_ids"], json!([role]));
        match way {
            "taken" => policies.give(&ann, &[]).await,
            "unassigned" => assert_eq!(policies.assign(&staff, json!({})).await.status, 200),
            _ => {
                policies.root.delete(&policies.account.path(&format!("/roles/{role}"))).await.empty(204);
                let left = policies.root.get(&path).await;
                assert_eq!(left.ok(200)["role_ids"], json!([]));
                assert_ne!(left.header("etag"), listed.header("etag"), "it looks otherwise, so it has another tag");
            }
        }
        assert_eq!(policies.told(&ann).await.0, default, "{way}");
    }
}

#[tokio::test]
async fn what_a_role_asks_counts_at_each_step_of_a_login() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    let strict = policies
        .create(json!({
            "name": "Strict", "strength": "custom", "custom_strength": { "min_length": 40 },
            "apply_to_existing": "at_next_login",
        }))
        .await;
    let role = policies.role("Treasury", &[]).await;
    policies.assign(&strict, json!({ "role_ids": [role] })).await.ok(200);
    ann.login().await.session();
    policies.give(&ann, &[&role]).await;
    let login = ann.login().await.challenge("password_change");
    let refused = login.new_password(OTHER_PASSWORD).await.problem(422, "password_refused");
    assert_eq!(codes(&refused["errors"]), ["too_short"]);
    // The role is gone in mid-login, and with it the reason.
    policies.give(&ann, &[]).await;
    assert_eq!(login.state().await.ok(200)["next"], "session");
    login.call("POST", "/session").send().await.session();
}

#[tokio::test]
async fn roles_of_another_account_are_refused_by_name() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let others = Policies::of(&app, "other").await;
    let (own, foreign) = (policies.role("Support", &[]).await, others.role("Support", &[]).await);
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    let nobody = "01997f60-11d2-7a3b-8f04-6d2c9be0a7c4";
    let draft = json!({ "role_ids": [own, foreign, nobody, "x", "a\u{0}b"] });
    let refused = policies.assign(&staff, draft).await.problem(422, "validation_failed");
    let expected =
        ["/role_ids/1", "/role_ids/2", "/role_ids/3", "/role_ids/4"].map(|pointer| (pointer, "unknown_role"));
    assert_eq!(refused.errors(), expected);
    let many = json!({ "role_ids": vec![own.as_str(); 101] });
    let refused = policies.assign(&staff, many).await.problem(422, "validation_failed");
    assert_eq!(refused.errors()[0].0, "/role_ids");
    let path = policies.path(&format!("/{staff}/assignments"));
    assert_eq!(policies.root.get(&path).await.ok(200)["role_ids"], json!([]), "nothing of it was done");
    // Nor does a stranger's policy take this role.
    let theirs = others.create(json!({ "name": "Staff", "strength": "basic" })).await;
    others.assign(&theirs, json!({ "role_ids": [own] })).await.problem(422, "validation_failed");
}

#[tokio::test]
async fn a_preview_counts_who_has_the_role() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let (ann, bob) = (policies.account.user("ann").await, policies.account.user("bob").await);
    policies.account.user("carol").await;
    let role = policies.role("Support", &[]).await;
    policies.give(&ann, &[&role]).await;
    policies.give(&bob, &[&role]).await;
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    policies.assign(&staff, json!({ "role_ids": [role] })).await.ok(200);
    app.wait(super::days(100));
    let draft = json!({
        "name": "Staff", "strength": "modern", "expires_after_days": 90, "existing_passwords": "from_last_change",
        "apply_to_existing": "at_next_login",
    });
    let path = policies.path(&format!("/{staff}/preview"));
    let preview = policies.root.post(&path, draft).await.ok(200);
    let counts =
        ["applies_to", "expire_at_once", "checked_at_next_login"].map(|field| preview[field].as_u64().unwrap());
    assert_eq!(counts, [2, 2, 2]);
}

#[tokio::test]
async fn of_two_administrators_who_assign_to_roles_at_once_one_is_told() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    let mut roles = Vec::new();
    for number in 0..6 {
        roles.push(policies.role(&format!("Role {number}"), &[]).await);
    }
    let path = policies.path(&format!("/{staff}/assignments"));
    let session = policies.root.session().await;
    let tag = session.get(&path).await.header("etag").to_owned();
    let replies = in_parallel(6, |number| {
        let body = json!({ "role_ids": [roles[number]] });
        session.call("PUT", &path).header("if-match", &tag).json(&body).send()
    })
    .await;
    assert_eq!(statuses(&replies), [("200".to_owned(), 1), ("412 precondition_failed".to_owned(), 5)].into());
    let won = replies.iter().find(|reply| reply.status == 200).unwrap();
    assert_eq!(session.get(&path).await.ok(200), won.ok(200));
    // Without a tag the last one counts, and nothing is half done.
    let replies = in_parallel(24, |number| {
        let body = json!({ "role_ids": [roles[number % 6]] });
        let (role, delete) = (policies.account.path(&format!("/roles/{}", roles[5])), number == 12);
        let call = if delete { session.call("DELETE", &role) } else { session.call("PUT", &path).json(&body) };
        call.send()
    })
    .await;
    assert!(replies.iter().all(|reply| [200, 204, 422].contains(&reply.status)), "{:?}", statuses(&replies));
    let left = session.get(&path).await.ok(200)["role_ids"].as_array().unwrap().clone();
    assert!(left.len() <= 1 && !left.contains(&json!(roles[5])), "{left:?}");
}

#[tokio::test]
async fn the_policies_of_an_account_are_assigned_to_a_bounded_number_of_roles_and_permissions() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let (many, other) = (
        policies.create(json!({ "name": "Many", "strength": "basic" })).await,
        policies.create(json!({ "name": "Other", "strength": "basic" })).await,
    );
    let mut roles = Vec::new();
    for number in 0..99 {
        roles.push(policies.role(&format!("Role {number}"), &[]).await);
    }
    let all = json!({ "role_ids": roles, "permissions": ["account_settings"] });
    policies.assign(&many, all).await.ok(200);
    let one_more = json!({ "permissions": ["user_permissions"] });
    policies.assign(&other, one_more.clone()).await.problem(409, "conflict");
    let none: [&str; 0] = [];
    assert_eq!(
        policies.root.get(&policies.path(&format!("/{other}/assignments"))).await.ok(200)["permissions"],
        json!(none)
    );
    policies.assign(&many, json!({ "role_ids": roles })).await.ok(200);
    policies.assign(&other, one_more).await.ok(200);
}
