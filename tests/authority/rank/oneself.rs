//! Nobody is above themselves; but an API key is not the user responsible for it.

use serde_json::json;

use super::{OURS, Story};

#[tokio::test]
async fn an_administrator_acts_upon_oneself_as_before() {
    let story = Story::begin().await;
    for who in [&story.helper, &story.full] {
        who.patch(&story.of(who, ""), json!({ "display_name": "Myself", "email": "me@example.org" })).await.ok(200);
        who.act(&story.of(who, "/actions/unlock")).await.empty(204);
        who.act(&story.of(who, "/actions/require-password-change")).await.empty(204);
        who.act(&story.of(who, "/actions/send-activation")).await.ok(200);
        who.act(&story.of(who, "/actions/revoke-sessions")).await.empty(204);
    }
}

#[tokio::test]
async fn a_key_does_not_act_upon_who_answers_for_it_unless_it_could_grant_what_they_hold() {
    let story = Story::begin().await;
    let weak = json!({ "name": "weak", "permissions": ["user_permissions"] });
    let weak = story.account.program_of(&story.full, weak).await;
    let strong = story.account.program_of(&story.full, json!({ "name": "strong", "permissions": OURS })).await;
    let path = story.of(&story.full, "/actions/send-activation");
    let problem = weak.post(&path, json!({})).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "account_settings");
    strong.post(&path, json!({})).await.ok(200);
}

#[tokio::test]
async fn who_was_demoted_is_below_at_once_and_who_was_promoted_is_not_any_more() {
    let story = Story::begin().await;
    let bob = story.account.user_with("bob", &["audit_read"]).await;
    let path = story.of(&bob, "");
    let rename = |number: u8| json!({ "display_name": format!("Bob {number}") });
    let session = story.helper.session().await;
    let patch = |number| session.call("PATCH", &path).json(&rename(number)).send();
    patch(1).await.problem(403, "permission_required");
    story.grant(&story.helper, &["user_permissions", "audit_read"]).await;
    patch(2).await.ok(200);
    story.grant(&story.helper, &["user_permissions"]).await;
    patch(3).await.problem(403, "permission_required");
    // By a role on either side.
    let auditors = story.role("Auditors", &["audit_read"]).await;
    story.give(&story.helper, &[&auditors]).await;
    patch(4).await.ok(200);
    let settings = story.role("Settings", &[]).await;
    story.give(&bob, &[&settings]).await;
    patch(5).await.ok(200);
    let more = json!({ "name": "Settings", "permissions": ["account_settings"] });
    story.root.put(&story.account.path(&format!("/roles/{settings}")), more).await.ok(200);
    patch(6).await.problem(403, "permission_required");
}
