//! Lists of ten thousand users.

use serde_json::{Value, json};

use crate::support::{Account, TestApp, User, in_parallel};

const MANY: usize = 10_000;

/// The ids of new users, sorted.
async fn create_users(admin: &User, account: &Account, count: usize) -> Vec<String> {
    let (session, path) = (admin.session().await, account.path("/users"));
    let create = |number: usize| {
        let request = session.call("POST", &path).json(&json!({ "username": format!("user {number}") }));
        async move { request.send().await.ok(201)["user"]["id"].as_str().unwrap().to_owned() }
    };
    let mut ids = in_parallel(count, create).await;
    ids.sort();
    ids
}

fn texts(ids: &[Value]) -> Vec<String> {
    ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_body_has_an_end() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    let ids = vec![admin.id(); 120_000];
    let policy = json!({ "mode": "selected_users", "user_ids": ids });
    admin.put(&account.path("/two-factor-policy"), policy).await.problem(413, "payload_too_large");
    let policy = json!({ "mode": "selected_users", "user_ids": ids[..100_000] });
    let policy = admin.put(&account.path("/two-factor-policy"), policy).await.ok(200);
    assert_eq!(policy["user_ids"], json!([admin.id()]), "nobody is listed twice");
}

mod slow {
    use std::time::{Duration, Instant};

    use serde_json::{Value, json};

    use super::{MANY, create_users, texts};
    use crate::support::{TestApp, all_pages};

    #[tokio::test]
    async fn ten_thousand_users_are_a_list_like_any_other() {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        let admin = account.admin(&["account_settings", "user_permissions"]).await;
        let ids = create_users(&admin, &account, MANY).await;
        let path = account.path("/two-factor-policy");
        let list = format!("{path}/users");

        for (mode, sent, kept) in [
            ("selected_users", ids.clone(), &ids[..]),
            // Each twice, in another order.
            ("all_users_except", ids.iter().rev().chain(&ids).cloned().collect(), &ids[..]),
            ("selected_users", ids[..1_001].to_vec(), &ids[..1_001]),
        ] {
            let body = json!({ "mode": mode, "user_ids": sent });
            assert!(body.to_string().len() < 1_100 || body.to_string().len() > 32 * 1_024);
            let since = Instant::now();
            let policy = admin.put(&path, body.clone()).await.ok(200);
            let preview = admin.post(&account.path("/two-factor-policy/preview?limit=1"), body).await.ok(200);
            assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
            assert_eq!((&policy["mode"], &policy["user_count"]), (&json!(mode), &json!(kept.len())));
            assert_eq!(policy.get("user_ids"), None, "too long for the reply");
            assert_eq!(preview["no_longer_asked"]["count"], 0, "what counts already changes nothing");
            assert_eq!(texts(&all_pages(&admin, &list, 100).await), kept);
        }

        // A thousand fit into the reply.
        let policy = admin.put(&path, json!({ "mode": "selected_users", "user_ids": ids[..1_000] })).await.ok(200);
        assert_eq!(texts(policy["user_ids"].as_array().unwrap()), &ids[..1_000]);
        assert_eq!(policy["user_count"], 1_000);

        // A stranger in the middle is named, and nothing has changed.
        let mut with_stranger = ids.clone();
        "01890a5d-ac96-774b-bcce-b302099a8057".clone_into(&mut with_stranger[7_000]);
        let reply = admin.put(&path, json!({ "mode": "all_users_except", "user_ids": with_stranger })).await;
        assert_eq!(reply.problem(422, "validation_failed").errors(), [("/user_ids/7000", "unknown_user")]);
        assert_eq!(admin.get(&path).await.ok(200), policy);

        // Without a list there is nothing to page through.
        admin.put(&path, json!({ "mode": "all_users" })).await.ok(200);
        assert_eq!(all_pages(&admin, &list, 100).await, [Value::Null; 0]);
    }
}
