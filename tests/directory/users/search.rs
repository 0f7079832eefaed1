//! Searches users by parts of their names.

use serde_json::{Value, json};

use crate::support::{Account, TestApp, User};

/// The usernames that a query finds, in the order of names.
async fn found(admin: &User, account: &Account, query: &str) -> Vec<String> {
    let page = admin.get(&account.path(&format!("/users?sort=username&limit=100&{query}"))).await.ok(200);
    assert_eq!(page["next_cursor"], Value::Null);
    page["items"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

async fn q(admin: &User, account: &Account, text: &str) -> Vec<String> {
    let encoded = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    found(admin, account, &format!("q={encoded}")).await
}

#[tokio::test]
async fn a_beginning_or_a_middle_of_any_name_or_address_finds_without_regard_to_case() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let admin = account.admin(&["user_permissions"]).await;
    for (username, display_name, email) in [
        ("kmueller", "Ann-Kathrin Müller", "ann@example.org"),
        ("boris", "Boris Annenkov", "b.a@example.org"),
        ("johanna", "Jo", "jo@sub.example.com"),
        ("王安娜", "王 安娜", "wang@example.cn"),
        ("100%_sure", "O'Brien \\ Co", "co@example.org"),
    ] {
        let new = json!({ "username": username, "display_name": display_name, "email": email });
        account.invited(new.clone()).await;
        other.invited(new).await;
    }
    for (text, expected) in [
        ("ann", &["boris", "johanna", "kmueller"][..]),
        ("ANN", &["boris", "johanna", "kmueller"]),
        ("Ann-K", &["kmueller"]),
        ("müller", &["kmueller"]),
        ("MU\u{308}LLER", &["kmueller"]),
        ("mueller", &["kmueller"]),
        ("uell", &["kmueller"]),
        ("annenkov", &["boris"]),
        ("@sub.", &["johanna"]),
        ("example.org", &["100%_sure", "boris", "kmueller"]),
        // Of one and two characters: the beginning of a word.
        ("k", &["kmueller"]),
        ("jo", &["johanna"]),
        ("an", &["boris", "kmueller"]),
        ("su", &["100%_sure", "johanna"]),
        ("安", &["王安娜"]),
        ("安娜", &["王安娜"]),
        // Nothing in it is a pattern.
        ("0%_", &["100%_sure"]),
        ("%_s", &["100%_sure"]),
        ("___", &[]),
        ("%%%", &[]),
        ("o'b", &["100%_sure"]),
        ("n \\ c", &["100%_sure"]),
        ("\"an*", &[]),
        ("ann OR boris", &[]),
        // Nothing goes from one name into the next.
        ("kmuellerann", &[]),
        ("nobody", &[]),
    ] {
        assert_eq!(q(&admin, &account, text).await, expected, "{text}");
    }
    assert_eq!(q(&admin, &account, "  ").await.len(), 6, "nothing asked for: everybody");
    let path = |query: &str| account.path(&format!("/users?q={query}"));
    admin.get(&path(&"x".repeat(101))).await.problem(400, "malformed_request");
    admin.get(&path("a%00b")).await.problem(400, "malformed_request");
}

#[tokio::test]
async fn a_search_knows_of_a_new_name_and_of_a_user_who_is_gone_at_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.invited(json!({ "username": "ann", "email": "first@example.org" })).await;
    let path = account.path(&format!("/users/{}", ann.id()));
    assert_eq!(q(&admin, &account, "first").await, ["ann"]);
    admin.patch(&path, json!({ "email": "second@example.org", "username": "anne" })).await.ok(200);
    assert_eq!(q(&admin, &account, "first").await, [""; 0]);
    assert_eq!(q(&admin, &account, "second").await, ["anne"]);
    admin.delete(&path).await.empty(204);
    assert_eq!(q(&admin, &account, "second").await, [""; 0]);
}

#[tokio::test]
async fn search_filters_and_order_go_together_page_by_page() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings"]).await;
    for number in 0..9 {
        let permissions = if number % 3 == 0 { json!(["account_settings"]) } else { json!([]) };
        let user = account.invited(json!({ "username": format!("ann {number}"), "permissions": permissions })).await;
        if number == 6 {
            account.act_on(&user, "disable").await.empty(204);
        }
    }
    account.invited(json!({ "username": "bob", "permissions": ["account_settings"] })).await;
    let filters = "q=ann&permission=account_settings&status=active&password=not_set&locked=false&two_factor=not_asked";
    assert_eq!(found(&admin, &account, filters).await, ["ann 0", "ann 3"]);
    let mut path = account.path(&format!("/users?{filters}&sort=-username&limit=1"));
    for (name, last) in [("ann 3", false), ("ann 0", true)] {
        let reply = admin.get(&path).await;
        let page = reply.ok(200);
        assert_eq!(page["items"][0]["username"], name);
        assert_eq!(page["next_cursor"].is_null(), last);
        let link = reply.header("link").to_owned();
        assert_eq!(link.is_empty(), last);
        if !last {
            path = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\"")).unwrap().to_owned();
        }
    }
}
