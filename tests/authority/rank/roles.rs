//! Roles with more permissions, and roles of users above the caller.

use serde_json::{Value, json};

use super::{APPLICATION, OURS, Story};
use crate::support::{Reply, User};

impl Story {
    async fn replace(&self, by: &User, role: &str, name: &str, permissions: &[&str]) -> Reply {
        let draft = json!({ "name": name, "permissions": permissions });
        by.put(&self.account.path(&format!("/roles/{role}")), draft).await
    }

    async fn delete(&self, by: &User, role: &str) -> Reply {
        by.delete(&self.account.path(&format!("/roles/{role}"))).await
    }

    async fn read_role(&self, role: &str) -> Value {
        self.root.get(&self.account.path(&format!("/roles/{role}"))).await.ok(200)
    }
}

#[tokio::test]
async fn a_role_that_carries_more_is_not_renamed_changed_emptied_deleted_assigned_or_taken_away() {
    let story = Story::begin().await;
    let strong = story.role("Strong", &["user_permissions", "account_settings"]).await;
    let (bob, ann) = (story.account.user("bob").await, story.account.user("ann").await);
    story.give(&bob, &[&strong]).await;
    let before = story.read_role(&strong).await;
    let (by, both) = (&story.helper, &["user_permissions", "account_settings"][..]);
    for (name, permissions) in [
        ("Renamed", both),
        ("Strong", &["user_permissions"]),
        ("Strong", &["account_settings"]),
        ("Strong", &[]),
        ("Strong", &["user_permissions", "account_settings", APPLICATION]),
        ("Strong", both),
    ] {
        let problem = story.replace(by, &strong, name, permissions).await.problem(403, "permission_required");
        assert_eq!(problem["permission"], "account_settings");
        assert_eq!(
            problem["detail"],
            "This role carries account_settings, so only somebody who can grant it may do this."
        );
    }
    story.delete(by, &strong).await.problem(403, "permission_required");
    by.put(&story.of(&ann, "/roles"), json!({ "role_ids": [strong] })).await.problem(403, "permission_required");
    by.put(&story.of(by, "/roles"), json!({ "role_ids": [strong] })).await.problem(403, "permission_required");
    by.put(&story.of(&bob, "/roles"), json!({ "role_ids": [] })).await.problem(403, "permission_required");
    assert_eq!(story.read_role(&strong).await, before);

    // Who could grant it may do all of that.
    story.replace(&story.full, &strong, "Renamed", &["account_settings"]).await.ok(200);
    story.full.put(&story.of(&bob, "/roles"), json!({ "role_ids": [] })).await.ok(200);
    story.delete(&story.full, &strong).await.empty(204);
}

#[tokio::test]
async fn a_role_is_not_changed_by_somebody_below_one_who_has_it() {
    let story = Story::begin().await;
    let lead = story.role("Lead", &["user_permissions", APPLICATION]).await;
    let settings = story.role("Settings", &["account_settings"]).await;
    let (direct, by_role) =
        (story.account.user_with("direct", &["audit_read"]).await, story.account.user("by role").await);
    for (above, roles, named) in [
        (&direct, &[lead.as_str()][..], "audit_read"),
        (&by_role, &[lead.as_str(), settings.as_str()], "account_settings"),
    ] {
        story.give(above, roles).await;
        for _ in ["active", "disabled"] {
            for permissions in [&[][..], &["user_permissions"], &[APPLICATION]] {
                let reply = story.replace(&story.helper, &lead, "Lead", permissions).await;
                let problem = reply.problem(403, "permission_required");
                assert_eq!(problem["permission"], named);
                let detail =
                    format!("Somebody who has this role holds {named}, so only somebody who can grant it may do this.");
                assert_eq!(problem["detail"], detail.as_str());
            }
            story.delete(&story.helper, &lead).await.problem(403, "permission_required");
            // Its name changes nothing of what anybody holds.
            let both = &["user_permissions", APPLICATION];
            story.replace(&story.helper, &lead, "Leaders", both).await.ok(200);
            story.replace(&story.helper, &lead, "Lead", both).await.ok(200);
            story.account.act_on(above, "disable").await.empty(204);
        }
        story.give(above, &[]).await;
    }
    // Nobody above has it any more.
    story.replace(&story.helper, &lead, "Lead", &[APPLICATION]).await.ok(200);
    story.delete(&story.helper, &lead).await.empty(204);
}

#[tokio::test]
async fn a_help_desk_manages_the_roles_of_customers_and_equals_those_of_each_other() {
    let story = Story::begin().await;
    let customer = story.account.user_with("customer", &[APPLICATION]).await;
    let approvers = story.role("Approvers", &[APPLICATION]).await;
    story.helper.put(&story.of(&customer, "/roles"), json!({ "role_ids": [approvers] })).await.ok(200);
    story.replace(&story.helper, &approvers, "Nobody", &[]).await.ok(200);
    story.replace(&story.helper, &approvers, "Approvers", &[APPLICATION]).await.ok(200);
    story.delete(&story.helper, &approvers).await.empty(204);

    let all = story.role("All", &OURS).await;
    let equal = story.account.user("equal").await;
    story.give(&equal, &[&all]).await;
    story.replace(&story.full, &all, "All", &OURS[1..]).await.ok(200);
    story.delete(&story.root, &all).await.empty(204);
}

#[tokio::test]
async fn a_key_reaches_as_far_as_it_was_given() {
    let story = Story::begin().await;
    let strong = story.role("Strong", &["account_settings"]).await;
    let weak = story.role("Weak", &["user_permissions"]).await;
    story.give(&story.full, &[&weak]).await;
    let key = json!({ "name": "weak", "permissions": ["user_permissions"] });
    let key = story.account.program_of(&story.full, key).await;
    let path = |role: &str| story.account.path(&format!("/roles/{role}"));
    let emptied = json!({ "name": "Emptied", "permissions": [] });
    key.put(&path(&strong), emptied.clone()).await.problem(403, "permission_required");
    key.delete(&path(&strong)).await.problem(403, "permission_required");
    // Even of who answers for it.
    key.put(&path(&weak), emptied).await.problem(403, "permission_required");
    key.delete(&path(&weak)).await.problem(403, "permission_required");
}
