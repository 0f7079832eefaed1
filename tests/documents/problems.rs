//! The pages behind the `type` of a problem.

use crate::support::TestApp;

#[tokio::test]
async fn every_code_of_the_contract_has_a_page() {
    let app = TestApp::start().await;
    let document = app.call("GET", "/openapi.json").send().await.ok(200);
    let code = &document["components"]["schemas"]["Problem"]["properties"]["code"];
    let codes = code["x-extensible-enum"].as_array().unwrap();
    // Those that others rely on.
    for code in [
        "invalid_credentials",
        "invalid_token",
        "challenge_invalid",
        "invalid_code",
        "wrong_step",
        "permission_required",
        "reauthentication_required",
        "not_found",
        "conflict",
        "precondition_failed",
        "idempotency_key_reused",
        "malformed_request",
        "validation_failed",
        "password_refused",
        "too_many_requests",
        "overloaded",
        "database_unavailable",
    ] {
        assert!(codes.contains(&code.into()), "{code}");
    }
    let list = app.call("GET", "/problems").send().await;
    for code in codes {
        let (code, path) = (code.as_str().unwrap(), format!("/problems/{}", code.as_str().unwrap()));
        let plain = app.call("GET", &path).send().await;
        assert_eq!((plain.status, plain.header("content-type")), (200, "text/plain; charset=utf-8"));
        assert!(plain.text().contains(code) && plain.text().len() > 80, "{plain:?}");
        let page = app.call("GET", &path).header("accept", "text/html,*/*;q=0.1").send().await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.text().starts_with("<!doctype html>") && page.text().contains(code), "{page:?}");
        assert!(list.text().contains(code), "{list:?}");
    }
    for nothing in ["/problems/nothing", "/problems/", "/problems/%00", "/problems/NOT_FOUND", "/problems/<script>"] {
        let reply = app.call("GET", nothing).send().await;
        let problem = reply.problem(404, "not_found");
        assert!(!problem.to_string().contains("script"), "{problem:?}");
    }
}
