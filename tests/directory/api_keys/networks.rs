//! The networks from which an API key may be used.

use serde_json::{Value, json};

use super::users;
use crate::support::{Account, Program, Reply, TestApp};

async fn start() -> (TestApp, Account) {
    let app = TestApp::with(|config| config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).await;
    let account = app.account("acme").await;
    (app, account)
}

fn draft(name: &str, networks: &Value) -> Value {
    json!({ "name": name, "permissions": ["user_permissions", "api_keys"], "networks": networks })
}

async fn from(address: &str, program: &Program, account: &Account) -> Reply {
    program.call("GET", &users(account)).header("x-forwarded-for", address).send().await
}

#[tokio::test]
async fn a_key_works_from_its_networks_only() {
    let (app, account) = start().await;
    let root = app.platform_admin().await;
    let networks = json!(["203.0.113.0/24", "198.51.100.7", "2001:db8:7::/48"]);
    let program = account.program_of(&root, draft("Import", &networks)).await;
    let kept = json!(["198.51.100.7/32", "203.0.113.0/24", "2001:db8:7::/48"]);
    assert_eq!(program.body["key"]["networks"], kept);
    for near in ["203.0.113.0", "203.0.113.255", "198.51.100.7", "2001:db8:7::1", "::ffff:203.0.113.9"] {
        from(near, &program, &account).await.ok(200);
    }
    for far in ["203.0.112.255", "203.0.114.0", "198.51.100.6", "2001:db8:8::1", "::1"] {
        from(far, &program, &account).await.problem(401, "invalid_token");
    }
    // Without the header the proxy itself asks.
    program.get(&users(&account)).await.problem(401, "invalid_token");
    // What stands left of the proxy's own entry may be made up.
    from("203.0.113.1, 192.0.2.1", &program, &account).await.problem(401, "invalid_token");
    from("192.0.2.1, 203.0.113.1", &program, &account).await.ok(200);
}

#[tokio::test]
async fn new_networks_count_from_the_next_request_on() {
    let (app, account) = start().await;
    let root = app.platform_admin().await;
    let program = account.program_of(&root, draft("Import", &json!([]))).await;
    from("192.0.2.1", &program, &account).await.ok(200);
    root.put(&program.path(""), draft("Import", &json!(["203.0.113.0/24"]))).await.ok(200);
    from("192.0.2.1", &program, &account).await.problem(401, "invalid_token");
    from("203.0.113.1", &program, &account).await.ok(200);
}

#[tokio::test]
async fn what_a_key_makes_is_used_from_nowhere_else() {
    let (app, account) = start().await;
    let root = app.platform_admin().await;
    let maker = account.program_of(&root, draft("maker", &json!(["203.0.113.0/24"]))).await;
    let call = maker.call("POST", &account.path("/api-keys")).header("x-forwarded-for", "203.0.113.1");
    let made = maker.with_body(call.json(&draft("made", &json!(["203.0.113.0/24"]))).send().await.ok(201));
    // Whatever its own networks are, who made it knows its secret.
    root.put(&made.path(""), draft("made", &json!([]))).await.ok(200);
    from("203.0.113.2", &made, &account).await.ok(200);
    from("192.0.2.1", &made, &account).await.problem(401, "invalid_token");
}
