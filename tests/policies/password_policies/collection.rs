//! Creates, lists and deletes policies.

use serde_json::json;

use super::Policies;
use crate::support::TestApp;

#[tokio::test]
async fn a_new_account_has_one_policy_which_changes_nothing() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let all = policies.all().await;
    assert_eq!(all.len(), 1);
    let policy = &all[0];
    for (field, value) in [
        ("name", json!("Basic")),
        ("is_default", json!(true)),
        ("strength", json!("basic")),
        ("expires_after_days", json!(null)),
        ("existing_passwords", json!("from_switch_on")),
        ("spread_expiry_over_days", json!(0)),
        ("remember_last", json!(0)),
        ("apply_to_existing", json!("at_next_change")),
        ("forbidden_words", json!([])),
    ] {
        assert_eq!(policy[field], value, "{field}");
    }
    assert!(policy.get("custom_strength").is_none());
    // So has the platform's own account.
    let platform = policies.root.get("/v1/me").await.ok(200);
    let id = platform["account"]["id"].as_str().unwrap();
    let of_platform = policies.root.get(&format!("/v1/accounts/{id}/password-policies")).await.ok(200);
    assert_eq!(of_platform["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_policy_is_created_read_replaced_and_deleted() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let admin = policies.account.admin(&["password_management"]).await;
    let draft = json!({
        "name": "  Staff ", "strength": "custom", "expires_after_days": 90, "remember_last": 5,
        "custom_strength": { "min_length": 12, "min_digits": 2 }, "existing_passwords": "from_last_change",
        "spread_expiry_over_days": 14, "apply_to_existing": "at_next_login", "forbidden_words": ["Rocket", "Anvil GmbH"],
    });
    let reply = admin.post(&policies.path(""), draft).await;
    let created = reply.ok(201);
    let path = policies.path(&format!("/{}", created["id"].as_str().unwrap()));
    assert_eq!(reply.header("location"), path);
    assert_eq!(reply.header("etag"), "\"v1\"");
    assert_eq!(created["name"], "Staff");
    assert_eq!(created["is_default"], false);
    assert_eq!(
        created["custom_strength"],
        json!({ "min_length": 12, "min_uppercase": 0, "min_lowercase": 0, "min_digits": 2, "min_specials": 0 })
    );
    assert_eq!(created["forbidden_words"], json!(["Rocket", "Anvil GmbH"]));
    let read = admin.get(&path).await;
    assert_eq!((read.ok(200), read.header("etag")), (created, "\"v1\""));

    let replaced = admin.put(&path, json!({ "name": "Staff", "strength": "modern" })).await;
    assert_eq!(replaced.header("etag"), "\"v2\"");
    let replaced = replaced.ok(200);
    assert_eq!((&replaced["strength"], &replaced["remember_last"]), (&json!("modern"), &json!(0)));
    assert_eq!((&replaced["expires_after_days"], &replaced["forbidden_words"]), (&json!(null), &json!([])));
    assert!(replaced.get("custom_strength").is_none());
    assert_eq!(admin.get(&path).await.ok(200), replaced);

    let delete = || async { admin.session().await.call("DELETE", &path).send().await };
    delete().await.empty(204);
    admin.get(&path).await.problem(404, "not_found");
    delete().await.problem(404, "not_found");
    assert_eq!(policies.all().await.len(), 1);
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let draft = |name: &str| json!({ "name": name, "strength": "basic" });
    let staff = policies.create(draft("Staff")).await;
    policies.root.post(&policies.path(""), draft("Staff")).await.problem(409, "conflict");
    policies.replace(&staff, draft("Basic")).await.problem(409, "conflict");
    policies.replace(&staff, draft("Staff")).await.ok(200);
    // Other accounts have names of their own.
    Policies::of(&app, "other").await.create(draft("Staff")).await;
}

#[tokio::test]
async fn a_created_policy_is_created_once_for_its_idempotency_key() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let session = policies.root.session().await;
    let post = |name: &str| {
        let body = json!({ "name": name, "strength": "basic" });
        session.call("POST", &policies.path("")).header("idempotency-key", "k1").json(&body).send()
    };
    let first = post("Staff").await.ok(201);
    assert_eq!(post("Staff").await.ok(201), first);
    post("Others").await.problem(422, "idempotency_key_reused");
    assert_eq!(policies.all().await.len(), 2);
}

#[tokio::test]
async fn policies_of_another_account_do_not_exist() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let other = Policies::of(&app, "other").await;
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    let below = other.path(&format!("/{staff}"));
    let policy = json!({ "name": "Staff", "strength": "basic" });
    other.root.get(&below).await.problem(404, "not_found");
    other.replace(&staff, policy.clone()).await.problem(404, "not_found");
    other.delete(&staff).await.problem(404, "not_found");
    other.assign(&staff, json!({})).await.problem(404, "not_found");
    other.root.get(&format!("{below}/assignments")).await.problem(404, "not_found");
    other.root.post(&format!("{below}/preview"), policy).await.problem(404, "not_found");
    other.root.post(&format!("{below}/check"), json!({ "password": "x" })).await.problem(404, "not_found");
}

#[tokio::test]
async fn the_presets_are_for_everybody_with_a_session() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    app.call("GET", "/v1/password-policy-presets").send().await.problem(401, "invalid_token");
    let presets = ann.get("/v1/password-policy-presets").await.ok(200);
    let found: Vec<_> = presets["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let number = |field: &str| it[field].as_u64().unwrap();
            assert!(it["description"].as_str().unwrap().ends_with('.'));
            let lengths = (number("min_length"), number("min_length_with_second_factor"));
            (
                it["strength"].as_str().unwrap(),
                lengths,
                number("min_uppercase"),
                number("min_digits"),
                number("min_specials"),
            )
        })
        .collect();
    let expected = [
        ("basic", (8, 8), 0, 0, 0),
        ("medium", (8, 8), 1, 1, 0),
        ("advanced", (8, 8), 1, 1, 1),
        ("modern", (15, 8), 0, 0, 0),
    ];
    assert_eq!(found, expected);
}

mod slow {
    use serde_json::json;

    use super::super::Policies;
    use crate::support::{TestApp, all_pages};

    #[tokio::test]
    async fn the_list_comes_in_pages_and_has_a_bound() {
        let app = TestApp::start().await;
        let policies = Policies::of(&app, "acme").await;
        for number in 1..100 {
            policies.create(json!({ "name": format!("Policy {number}"), "strength": "basic" })).await;
        }
        let pages = all_pages(&policies.root, &policies.path(""), 7).await;
        let names: std::collections::BTreeSet<_> =
            pages.iter().map(|policy| policy["name"].as_str().unwrap()).collect();
        assert_eq!((pages.len(), names.len()), (100, 100));
        let one_more = json!({ "name": "One more", "strength": "basic" });
        policies.root.post(&policies.path(""), one_more).await.problem(409, "conflict");
    }
}
