//! Bulk jobs respect rank: a job does nothing that its creator could not do directly.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{APPLICATION, Caller, Story};
use crate::support::{Reply, User, process::pause};

impl Story {
    /// Orders a job, waits for its end, and gives what became of each user: the outcome, and the code of a failure.
    async fn run(&self, by: &Caller, order: &Value) -> Vec<(String, String)> {
        let reply: Reply = by.call("POST", &self.account.path("/users:bulk")).await.json(order).send().await;
        let job = reply.ok(202);
        let path = self.account.path(&format!("/bulk-jobs/{}", job["id"].as_str().unwrap()));
        let since = Instant::now();
        while self.root.get(&path).await.ok(200)["finished_at"].is_null() {
            assert!(since.elapsed() < Duration::from_secs(60), "{job}");
            pause(Duration::from_millis(2));
        }
        let outcomes = self.root.get(&format!("{path}/outcomes")).await.ok(200);
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let mut became = Vec::new();
        for item in outcomes["items"].as_array().unwrap() {
            if item["code"] == "permission_required" {
                let why = item["message"].as_str().unwrap();
                assert!(why.contains("holds account_settings"), "{item}");
            }
            became.push((text(&item["username"]), format!("{} {}", text(&item["outcome"]), text(&item["code"]))));
        }
        became
    }

    /// A job about these users. `role`: one that they have.
    fn order(action: &str, users: &[&User], role: &str) -> Value {
        let users: Vec<_> = users.iter().map(|user| user.id()).collect();
        let mut order = json!({ "action": action, "users": users });
        if action.ends_with("_roles") {
            order["role_ids"] = json!([role]);
        }
        if action.ends_with("_permissions") {
            order["permissions"] = json!([APPLICATION]);
        }
        order
    }
}

/// Every action that the document has.
async fn actions(story: &Story) -> Vec<String> {
    let document = story.app.call("GET", "/openapi.json").send().await.json();
    let names = document["components"]["schemas"]["BulkActionName"]["enum"].as_array().unwrap();
    assert!(names.len() >= 12, "{names:?}");
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn equals_and_the_platform_order_what_they_could_do_by_hand() {
    let story = Story::begin().await;
    for (number, action) in actions(&story).await.into_iter().enumerate() {
        for (kind, by) in [("equal", &story.full), ("platform", &story.root)] {
            let name = |who: &str| format!("{who} {number} {kind}");
            let role = story.role(&name("role"), &[APPLICATION]).await;
            let other = story.account.user_with(&name("other"), &["account_settings", "audit_read"]).await;
            let became = story.run(&Caller::Person(by.clone()), &Story::order(&action, &[&other], &role)).await;
            assert!(!became[0].1.starts_with("failed"), "{action} by the {kind}: {became:?}");
        }
    }
}

mod slow {
    use serde_json::json;

    use super::super::{APPLICATION, Caller, Story};
    use super::actions;

    #[tokio::test]
    async fn every_action_leaves_those_above_as_they_are_and_is_done_to_the_others() {
        let story = Story::begin().await;
        let weak = json!({ "name": "weak", "permissions": ["user_permissions"] });
        let weak = story.account.program_of(&story.full, weak).await;
        for (number, action) in actions(&story).await.into_iter().enumerate() {
            for (kind, by) in [("person", Caller::Person(story.helper.clone())), ("key", Caller::Program(weak.clone()))]
            {
                let name = |who: &str| format!("{who} {number} {kind}");
                let role = story.role(&name("role"), &[APPLICATION]).await;
                let above = story.account.user_with(&name("above"), &["account_settings"]).await;
                let customer = story.account.user(&name("customer")).await;
                if action.starts_with("remove") {
                    story.give(&above, &[&role]).await;
                    story.give(&customer, &[&role]).await;
                }
                let session = above.session().await;
                let before = story.look_at(&above).await;
                let mut became = story.run(&by, &Story::order(&action, &[&above, &customer], &role)).await;
                became.sort();
                let of_above = became.iter().find(|(who, _)| *who == above.username()).unwrap();
                assert_eq!(of_above.1, "failed permission_required", "{action} by a {kind}");
                let of_customer = became.iter().find(|(who, _)| *who == customer.username()).unwrap();
                assert!(!of_customer.1.starts_with("failed"), "{action} by a {kind}: {of_customer:?}");
                assert_eq!(story.look_at(&above).await, before, "{action} by a {kind}");
                session.me().await.ok(200);
            }
        }
    }
}
