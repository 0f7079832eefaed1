//! Bad lines are reported by line number; good ones are imported.

use super::{CSV, NDJSON, counts, errors, import, users};
use crate::support::TestApp;

#[tokio::test]
async fn every_bad_line_is_reported_by_number_with_its_reason_and_good_ones_are_kept() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    account.user("taken").await;
    let long = format!(r#"{{"username":"{}"}}"#, "x".repeat(70_000));
    let lines: Vec<(&[u8], &str)> = vec![
        (br#"{"username":"good-1"}"#, ""),
        (b"", "-"),
        (br#"{"username":"#, "malformed"),
        (br#"{"username":"a","pasword_hash":"x"}"#, "malformed"),
        (br#"["a"]"#, "malformed"),
        (br#"{"email":"a@example.org"}"#, "required"),
        (b"{\"username\":\"a\xff\"}", "not_utf8"),
        (b"{\"username\":\"a\0\"}", "malformed"),
        (br#"{"username":"a\u0000b"}"#, "invalid"),
        (br#"{"username":"a","email":"nobody"}"#, "invalid"),
        (br#"{"username":"a","display_name":"a\nb"}"#, "invalid"),
        (br#"{"username":"a","status":"asleep"}"#, "invalid"),
        (br#"{"username":"a","permissions":["everything"]}"#, "unknown_permission"),
        (br#"{"username":"a","password_hash":"$1$salt$md5crypt"}"#, "invalid_password_hash"),
        (
            br#"{"username":"a","password_hash":"$argon2id$v=19$m=9999999,t=2,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"}"#,
            "invalid_password_hash",
        ),
        (br#"{"username":"a","totp_secret":"MZXW6"}"#, "invalid_totp"),
        (br#"{"username":"a","totp_migration":"otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQ"}"#, "invalid_totp"),
        (br#"{"username":"Taken"}"#, "conflict"),
        (long.as_bytes(), "line_too_long"),
        (br#"{"username":"good-2"}"#, ""),
        (br#"{"username":"GOOD-2"}"#, "conflict"),
    ];
    let file = lines.iter().map(|(line, _)| [line, &b"\n"[..]].concat()).collect::<Vec<_>>().concat();
    let done = import(&by, &account, NDJSON, file).await;
    let expected: Vec<_> = (1..)
        .zip(&lines)
        .filter(|(_, (_, code))| !["", "-"].contains(code))
        .map(|(number, (_, code))| (number, (*code).to_owned()))
        .collect();
    let errors = errors(&by, &account, &done).await;
    assert_eq!(errors.iter().map(|(line, code, _)| (*line, code.clone())).collect::<Vec<_>>(), expected, "{errors:?}");
    assert_eq!(counts(&done), (2, 0, u64::try_from(expected.len()).unwrap()));
    let names: Vec<_> = users(&by, &account).await.iter().map(|user| user["username"].clone()).collect();
    assert_eq!(names, ["good-1", "good-2", "taken"]);
    // Reasons are for people, and repeat nothing of what was sent.
    let message = |line: u64| errors.iter().find(|error| error.0 == line).unwrap().2.as_str();
    assert_eq!(
        message(15),
        "the password hash costs too much to check: Argon2 with m over 262144, m times t over 1048576, or p over 64"
    );
    assert_eq!(message(16), "totp_secret: the secret must have 10 to 64 bytes, not 3");
    assert_eq!(message(17), "totp_migration: only time-based codes (TOTP) are supported");
    for (_, _, message) in &errors {
        assert!(!message.contains("md5crypt") && !message.contains("MZXW6") && !message.contains("GEZDG"), "{message}");
    }
}

#[tokio::test]
async fn records_of_csv_may_go_over_lines_and_are_told_by_their_first() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let file = "username,display_name\n\
                \"ann\",\"Ann\nExample\"\n\
                bob,Bob,more\n\
                carol\"x,\n\
                \"dave\"x,\n\
                \n\
                \"eve\",Eve\n\
                frank,\"never closed\n\
                grace,Grace\n";
    let done = import(&by, &account, CSV, file).await;
    let errors = errors(&by, &account, &done).await;
    let told: Vec<_> = errors.iter().map(|(line, code, message)| (*line, code.as_str(), message.as_str())).collect();
    assert_eq!(
        told,
        [
            (2, "invalid", "display_name: must have 1 to 200 characters and no control or invisible characters"),
            (4, "malformed", "the number of fields is 3, but the header names 2"),
            (
                5,
                "malformed",
                "this is not a CSV record: a quote is inside a field that does not begin with one (byte 6)"
            ),
            (6, "malformed", "this is not a CSV record: text follows a closing quote (byte 6)"),
            (9, "malformed", "this is not a CSV record: a quote is not closed (byte 7)"),
        ]
    );
    assert_eq!(counts(&done), (1, 0, 5));
    assert_eq!(users(&by, &account).await[0]["username"], "eve");
}

#[tokio::test]
async fn errors_are_paged() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let file: String = (0..750).map(|number| if number % 3 == 0 { "x\n" } else { "{\"username\":\"\"}\n" }).collect();
    let done = import(&by, &account, NDJSON, file).await;
    assert_eq!(counts(&done), (0, 0, 750));
    let lines: Vec<_> = errors(&by, &account, &done).await.into_iter().map(|(line, ..)| line).collect();
    assert_eq!(lines, (1..=750).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_name_that_looks_like_another_one_or_hides_something_is_an_error_of_its_line() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    account.user("paypal").await;
    // The first has a Cyrillic "а" in it, as has the second "scope"; the last but one hides a zero-width space.
    let file = "{\"username\":\"p\u{430}ypal\"}\n\
                {\"username\":\"scope\"}\n\
                {\"username\":\"sc\u{43e}pe\"}\n\
                {\"username\":\"a\u{200b}b\"}\n\
                {\"username\":\"carol\",\"display_name\":\"Carol Example\"}\n";
    let done = import(&by, &account, NDJSON, file).await;
    let told = errors(&by, &account, &done).await;
    let codes: Vec<_> = told.iter().map(|(line, code, _)| (*line, code.as_str())).collect();
    assert_eq!(codes, [(1, "conflict"), (3, "conflict"), (4, "invalid")], "{told:?}");
    assert!(told[0].2.contains("looks the same"), "{told:?}");
    assert_eq!(counts(&done), (2, 0, 3));
    // Who was imported is searched for like everybody else, and keeps look-alikes away.
    let found = by.get(&account.path("/users?q=exam")).await.ok(200);
    assert_eq!(found["items"][0]["username"], "carol");
    let taken = by.post(&account.path("/users"), serde_json::json!({ "username": "c\u{430}rol" })).await;
    taken.problem(409, "conflict");
    // The file once more: who is there is unchanged, and the look-alikes are errors as before.
    assert_eq!(counts(&import(&by, &account, NDJSON, file).await), (0, 2, 3));
}
