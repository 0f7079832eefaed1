//! What a file can say about a user.

use serde_json::json;

use super::{CSV, NDJSON, counts, import, users};
use crate::support::TestApp;

const HASH: &str = "$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO";

#[tokio::test]
async fn ndjson_and_csv_say_the_same_of_a_user() {
    let app = TestApp::start().await;
    let (one, other) = (app.account("one").await, app.account("other").await);
    let (by_one, by_other) = (one.admin(&["user_permissions"]).await, other.admin(&["user_permissions"]).await);
    let lines = [
        json!({
            "username": "Ann", "display_name": "Ann, \"the first\"", "email": "ann@example.org", "status": "disabled",
            "permissions": ["user_permissions"], "password_hash": HASH, "password_changed_at": "2024-02-29T12:00:00Z",
        }),
        json!({ "username": "bob", "password_hash": HASH, "must_change_password": true }),
        json!({ "username": "安娜", "display_name": null, "email": "" }),
    ];
    let ndjson = lines.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>().concat();
    let csv = format!(
        "\u{feff}username,display_name,email,status,permissions,password_hash,password_changed_at,must_change_password\r\n\
         Ann,\"Ann, \"\"the first\"\"\",ann@example.org,disabled,user_permissions,{HASH},2024-02-29T12:00:00Z,\r\n\
         bob,,,,,{HASH},,true\r\n\
         \"安娜\",,,active,,,,false"
    );
    assert_eq!(counts(&import(&by_one, &one, NDJSON, ndjson).await), (3, 0, 0));
    assert_eq!(counts(&import(&by_other, &other, CSV, csv).await), (3, 0, 0));

    let (of_one, of_other) = (users(&by_one, &one).await, users(&by_other, &other).await);
    let said = |user: &serde_json::Value| {
        let names = ["username", "display_name", "email", "status", "permissions", "two_factor"];
        let mut said: Vec<_> = names.iter().map(|name| user[*name].clone()).collect();
        said.push(user["password"]["status"].clone());
        said
    };
    assert_eq!(of_one.iter().map(said).collect::<Vec<_>>(), of_other.iter().map(said).collect::<Vec<_>>());
    assert_eq!(
        said(&of_one[0]),
        [
            json!("Ann"),
            json!("Ann, \"the first\""),
            json!("ann@example.org"),
            json!("disabled"),
            json!(["user_permissions"]),
            json!({ "required": false, "status": "not_enrolled" }),
            json!("valid"),
        ]
    );
    assert_eq!(of_one[1]["password"]["status"], "change_required");
    assert_eq!((&of_one[2]["username"], &of_one[2]["password"]["status"]), (&json!("安娜"), &json!("not_set")));
}

#[tokio::test]
async fn an_empty_file_is_fine() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    for (media_type, file) in [
        (NDJSON, ""),
        (NDJSON, "\n\r\n  \n"),
        (CSV, ""),
        (CSV, "username\n"),
        (CSV, "\u{feff}"),
        ("text/csv; charset=utf-8; header=present", "username,email\r\n\r\n"),
    ] {
        assert_eq!(counts(&import(&by, &account, media_type, file).await), (0, 0, 0), "{file:?}");
    }
}
