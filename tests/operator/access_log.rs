//! Logs one line per request: what was requested, by whom, from where, and the result.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Home, Process, process::pause};

/// The line about the request with this id. It is written before the reply is, and gathered by another thread.
fn line(process: &Process, request_id: &str) -> String {
    let since = Instant::now();
    loop {
        let output = process.output();
        if let Some(line) = output.lines().find(|line| line.contains(request_id) && line.contains("request ")) {
            return line.to_owned();
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{request_id}: {output}");
        pause(Duration::from_millis(5));
    }
}

fn json_line(process: &Process, request_id: &str) -> Value {
    serde_json::from_str(&line(process, request_id)).unwrap()
}

#[tokio::test]
async fn a_line_says_route_status_time_source_and_who_asked() {
    let home = Home::with(&[("LOG__FORMAT", "json")]);
    let process = home.serve();
    let account = process.account("acme").await;
    let session = account.user("ann").await.sign_in().await;
    session.call("GET", "/v1/me").header("x-request-id", "line-1").send().await.ok(200);
    let line = json_line(&process, "line-1");
    assert_eq!(line["target"], "access");
    assert_eq!((&line["method"], &line["route"], &line["status"]), (&json!("GET"), &json!("/v1/me"), &json!(200)));
    assert_eq!((&line["source"], &line["request_id"]), (&json!("127.0.0.1"), &json!("line-1")));
    assert_eq!(line["user_id"], session.body["user"]["id"]);
    assert!(line["took_us"].is_u64() && line["timestamp"].is_string(), "{line}");
    assert!(line.get("code").is_none() && line.get("api_key_id").is_none(), "{line}");
}

#[tokio::test]
async fn a_line_says_the_code_of_a_problem_and_the_template_of_the_path() {
    let home = Home::with(&[("LOG__FORMAT", "json")]);
    let process = home.serve();
    let account = process.account("acme").await;
    let session = account.user("ann").await.sign_in().await;
    let path = account.path("/users?q=geheim");
    session.call("GET", &path).header("x-request-id", "line-1").send().await.problem(403, "permission_required");
    let line = json_line(&process, "line-1");
    assert_eq!((&line["code"], &line["status"]), (&json!("permission_required"), &json!(403)));
    assert_eq!(line["route"], "/v1/accounts/{account_id}/users");
    assert_eq!(line["user_id"], session.body["user"]["id"]);

    let client = process.client();
    for (id, method, path, status, code, route) in [
        ("line-2", "GET", "/v1/me", 401, "invalid_token", "/v1/me"),
        ("line-3", "GET", "/nowhere/geheim", 404, "not_found", "-"),
        ("line-4", "DELETE", "/v1/login", 405, "method_not_allowed", "/v1/login"),
    ] {
        client.call(method, path).header("x-request-id", id).send().await.problem(status, code);
        let line = json_line(&process, id);
        assert_eq!((&line["code"], &line["status"], &line["route"]), (&json!(code), &json!(status), &json!(route)));
        assert!(line.get("user_id").is_none(), "{line}");
    }
    client.call("POST", "/v1/login").header("x-request-id", "line-5").bytes("{").send().await;
    assert_eq!(json_line(&process, "line-5")["code"], "malformed_request");
    assert!(!process.output().contains("geheim"), "no query and no path as it was sent");
}

#[tokio::test]
async fn a_line_names_the_api_key() {
    let home = Home::with(&[("LOG__FORMAT", "json")]);
    let process = home.serve();
    let account = process.account("acme").await;
    let program = account.program("importer", &["user_permissions"]).await;
    program.call("GET", &account.path("/users")).header("x-request-id", "line-1").send().await.ok(200);
    let line = json_line(&process, "line-1");
    assert_eq!(line["api_key_id"], program.body["key"]["id"]);
    assert!(line.get("user_id").is_none(), "{line}");
}

#[tokio::test]
async fn lines_for_people_say_the_same() {
    let home = Home::with(&[("LOG__FORMAT", "text")]);
    let process = home.serve();
    let session = process.account("acme").await.user("ann").await.sign_in().await;
    session.call("GET", "/v1/me").header("x-request-id", "line-1").send().await.ok(200);
    let line = line(&process, "line-1");
    let user = session.body["user"]["id"].as_str().unwrap();
    for part in ["GET", "/v1/me", "status=200", "took_us=", "127.0.0.1", user] {
        assert!(line.contains(part), "{part}: {line}");
    }
    process.client().call("GET", "/v1/me").header("x-request-id", "line-2").send().await.problem(401, "invalid_token");
    assert!(self::line(&process, "line-2").contains("invalid_token"));
}

#[tokio::test]
async fn the_source_is_the_one_that_a_trusted_proxy_names() {
    let ask = async |process: &Process, id: &str| {
        let call = process.client().call("GET", "/v1/me").header("x-request-id", id);
        call.header("x-forwarded-for", "198.51.100.7").send().await.problem(401, "invalid_token");
        json_line(process, id)["source"].clone()
    };
    // As IPv6 writes it.
    let proxies = "::ffff:127.0.0.0/104, 192.0.2.0/24";
    let process = Home::with(&[("LOG__FORMAT", "json"), ("SERVER__TRUSTED_PROXIES", proxies)]).serve();
    assert_eq!(ask(&process, "line-1").await, "198.51.100.7");
    assert!(!process.output().contains("is ignored"), "{}", process.output());
    let process = Home::with(&[("LOG__FORMAT", "json")]).serve();
    assert_eq!(ask(&process, "line-1").await, "127.0.0.1");
}

#[tokio::test]
async fn a_proxy_that_is_not_believed_is_told_and_the_log_is_not_flooded() {
    let process = Home::new().serve();
    for number in 0..20 {
        let call = process.client().call("GET", "/v1/me").header("x-request-id", &format!("line-{number}-end"));
        call.header("x-forwarded-for", "198.51.100.7").send().await.problem(401, "invalid_token");
    }
    line(&process, "line-19-end");
    let output = process.output();
    let told: Vec<_> = output.lines().filter(|line| line.contains("is ignored")).collect();
    assert!(!told.is_empty() && told.len() < 20, "{output}");
    assert!(told[0].contains("127.0.0.1") && told[0].contains("server.trusted_proxies"), "{told:?}");
    assert!(!told[0].contains("198.51.100.7"), "what a stranger says is not repeated: {told:?}");
}
