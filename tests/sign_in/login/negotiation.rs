//! `Accept` chooses the format of the QR code (RFC 9110 §12.5.1).

use crate::support::TestApp;

const JSON: &str = "application/json";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";
const TEXT: &str = "text/plain; charset=utf-8";

#[tokio::test]
async fn accept_chooses_with_weights_and_ranges() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    for (accept, expected) in [
        ("application/json", JSON),
        ("image/svg+xml", SVG),
        ("image/png", PNG),
        ("text/plain", TEXT),
        ("*/*", JSON),
        ("application/*", JSON),
        ("image/*", SVG),
        ("text/*", TEXT),
        ("IMAGE/Png", PNG),
        ("image/png;q=0.5, image/svg+xml;q=0.4", PNG),
        ("application/json;q=0.2, text/plain;q=0.9", TEXT),
        ("image/*, image/svg+xml;q=0.1", PNG),
        ("application/json;q=0, */*;q=0.1", SVG),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("text/html, image/png;q=0.001", PNG),
        ("text/plain; charset=utf-8; q=0.9, image/png; q=0.8", TEXT),
        ("image/png , image/svg+xml;q=0.9", PNG),
    ] {
        let reply = login.enrollment_as(accept).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, expected), "{accept}");
        assert_eq!(reply.header("vary"), "Accept", "{accept}");
    }
    // Several headers are one list.
    let call = login.call("GET", "/totp-enrollment").header("accept", "image/png;q=0.5").header("accept", "text/plain");
    assert_eq!(call.send().await.header("content-type"), TEXT);
    assert_eq!(login.call("GET", "/totp-enrollment").send().await.header("content-type"), JSON);

    for accept in ["text/html", "image/webp, video/*", "application/json;q=0", "*/*;q=0", "nonsense"] {
        login.enrollment_as(accept).await.problem(406, "not_acceptable");
    }
    // The credential is looked at first.
    let call = app.call("GET", "/v1/login/challenge/totp-enrollment").header("accept", "text/html");
    call.send().await.problem(401, "challenge_invalid");
}
