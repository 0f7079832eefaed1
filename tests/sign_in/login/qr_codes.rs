//! A scanner reads what the JSON says, in every format and for every name.

use data_encoding::BASE64;

use crate::support::{TestApp, qr};

/// (name of the account, name of the user)
const NAMES: [(&str, &str); 10] = [
    ("Acme", "ann"),
    ("Acme Corporation", "ann smith@example.com"),
    ("R&D", "100% + more & co"),
    ("a/b?c#d", "Ann \"the\" O'Neil <ann>"),
    ("50%25", "a=b&secret=AAAA"),
    ("Почта России", "анна@пример.рф"),
    ("شركة الاختبار", "آنا"),
    ("测试公司", "安娜"),
    ("👩‍🚀 Space", "👨‍👩‍👧‍👦🏳️‍🌈"),
    ("Zoë", "e\u{301}milie"),
];

#[tokio::test]
async fn the_longest_names_are_cut_and_can_still_be_scanned() {
    let app = TestApp::start().await;
    let account = app.account_named("acme", &"公".repeat(200)).await;
    let user = account.user(&"😀".repeat(128)).await;
    account.set_mode("all_users").await;
    let login = user.login().await.challenge("totp_enrollment");
    let payload = login.enrollment().await.ok(200);
    let uri = payload["otpauth_uri"].as_str().unwrap();
    let png = BASE64.decode(payload["qr_png"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(qr::in_png(&png), uri);
    assert_eq!(qr::in_svg(payload["qr_svg"].as_str().unwrap()), uri);
    assert_eq!(qr::in_terminal(login.enrollment_as("text/plain").await.text()), uri);
    assert!(payload["account_name"].as_str().unwrap().ends_with('…'));
    login.enroll().await.1.result.session();
}

mod slow {
    use data_encoding::BASE64;
    use percent_encoding::percent_decode_str;

    use super::NAMES;
    use crate::support::{TestApp, qr};

    #[tokio::test]
    async fn all_four_forms_read_back_as_the_address_in_the_json() {
        let app = TestApp::start().await;
        for (number, (issuer, username)) in NAMES.into_iter().enumerate() {
            let account = app.account_named(&format!("account-{number}"), issuer).await;
            let user = account.user(username).await;
            account.set_mode("all_users").await;
            let login = user.login().await.challenge("totp_enrollment");
            let payload = login.enrollment_as("application/json").await.ok(200);
            let uri = payload["otpauth_uri"].as_str().unwrap();
            assert!(uri.is_ascii(), "{uri}");

            let svg = login.enrollment_as("image/svg+xml").await;
            assert_eq!((svg.status, svg.header("content-type")), (200, "image/svg+xml"));
            let png = login.enrollment_as("image/png").await;
            assert_eq!((png.status, png.header("content-type")), (200, "image/png"));
            let text = login.enrollment_as("text/plain").await;
            assert_eq!((text.status, text.header("content-type")), (200, "text/plain; charset=utf-8"));

            assert_eq!(qr::in_svg(svg.text()), uri, "SVG");
            assert_eq!(qr::in_png(&png.body), uri, "PNG");
            assert_eq!(qr::in_terminal(text.text()), uri, "text");
            assert_eq!(payload["qr_svg"], svg.text());
            assert_eq!(payload["qr_png"], BASE64.encode(&png.body));

            // What the app shows is what people call themselves.
            let (label, query) = uri.strip_prefix("otpauth://totp/").unwrap().split_once('?').unwrap();
            let (of_issuer, of_user) = label.split_once(':').unwrap();
            let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
            assert_eq!((decode(of_issuer).as_str(), decode(of_user).as_str()), (issuer, username));
            let parameters: Vec<_> = query.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
            let names: Vec<_> = parameters.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, ["secret", "issuer", "algorithm", "digits", "period"], "{uri}");
            assert_eq!(decode(parameters[1].1), issuer);
            assert_eq!((&payload["issuer"], &payload["account_name"]), (&issuer.into(), &username.into()));

            login.enroll().await.1.result.session();
        }
    }
}
