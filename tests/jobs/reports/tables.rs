//! Reports as tables (RFC 4180), and their formats.

use serde_json::{Value, json};

use super::{report_as, two_factor};
use crate::support::TestApp;

/// A table, read strictly: lines end with CRLF, and all have as many cells as the header.
fn read(text: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let (mut quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => rows.last_mut().unwrap().last_mut().unwrap().push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => rows.last_mut().unwrap().push(String::new()),
            '\r' if !quoted => {
                assert_eq!(chars.next(), Some('\n'), "a line ends with CRLF");
                rows.push(vec![String::new()]);
            }
            '\n' if !quoted => panic!("a line ends with LF alone"),
            c => rows.last_mut().unwrap().last_mut().unwrap().push(c),
        }
    }
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last line ends too");
    assert!(!quoted && rows.iter().all(|row| row.len() == rows[0].len()), "{text}");
    rows
}

/// The cells of a line, by the header.
fn by_name(rows: &[Vec<String>]) -> Vec<Value> {
    let (header, rows) = rows.split_first().unwrap();
    rows.iter().map(|row| header.iter().cloned().zip(row.iter().map(|cell| json!(cell))).collect()).collect()
}

/// A JSON value as it stands in a cell.
fn cell(value: &Value) -> Value {
    match value {
        Value::Null => json!(""),
        Value::Number(number) => json!(number.to_string()),
        other => other.clone(),
    }
}

#[tokio::test]
async fn the_table_says_what_the_json_says() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let role = root.post(&account.path("/roles"), json!({ "name": "Support", "permissions": [] })).await.ok(201);
    let ann = account.user("ann").await;
    account.user("bob").await;
    root.put(&account.path(&format!("/users/{}/roles", ann.id())), json!({ "role_ids": [role["id"]] })).await.ok(200);
    account.set_mode("all_users").await;
    ann.sign_in().await;

    let report = two_factor(&root, &account, "days=3").await;
    let reply = report_as(&root, &account, "two-factor?days=3", "text/csv").await;
    assert_eq!((reply.status, reply.header("vary")), (200, "Accept"));
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"two-factor.csv\"");
    let rows = by_name(&read(reply.text()));
    assert_eq!(rows.len(), 1 + 1 + 3);
    let check = |row: &Value, section: &str, numbers: &Value| {
        assert_eq!(row["section"], section);
        for (name, number) in numbers.as_object().unwrap().iter().filter(|(name, _)| *name != "as_of") {
            assert_eq!(row[name], cell(number), "{name}: {row}");
        }
    };
    check(&rows[0], "total", &report["total"]);
    check(&rows[1], "role", &report["by_role"][0]["numbers"]);
    assert_eq!((&rows[1]["role"], &rows[1]["role_id"]), (&json!("Support"), &role["id"]));
    for (row, point) in rows[2..].iter().zip(report["trend"].as_array().unwrap()) {
        check(row, "day", point);
    }

    let report = root.get(&account.path("/reports/passwords")).await.ok(200);
    let reply = report_as(&root, &account, "passwords", "text/csv").await;
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"passwords.csv\"");
    let rows = by_name(&read(reply.text()));
    check(&rows[0], "total", &report["total"]);
    check(&rows[1], "policy", &report["by_policy"][0]["numbers"]);
    assert_eq!((rows.len(), &rows[1]["policy"]), (2, &json!("Basic")));
}

#[tokio::test]
async fn each_form_has_a_path_of_its_own_for_clients_that_cannot_choose() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    for (path, accept, own) in [
        ("passwords", "text/csv", "passwords/export"),
        ("two-factor?days=3", "text/csv", "two-factor/export?days=3"),
        ("two-factor?days=3", "image/svg+xml", "two-factor/chart?days=3"),
    ] {
        let chosen = report_as(&root, &account, path, accept).await;
        assert_eq!((chosen.status, chosen.header("vary")), (200, "Accept"));
        // What such clients send, if they send one at all, is what they know of errors, too.
        for accept in ["*/*", accept, "text/csv, application/problem+json", "application/json"] {
            let reply = report_as(&root, &account, own, accept).await;
            assert_eq!((reply.status, reply.text()), (200, chosen.text()), "{own} {accept}");
            assert_eq!(reply.header("content-type"), chosen.header("content-type"));
        }
    }
    for own in ["two-factor/export?days=0", "two-factor/chart?days=367", "two-factor/export?dayz=3"] {
        root.get(&account.path(&format!("/reports/{own}"))).await.problem(400, "malformed_request");
    }
}

#[tokio::test]
async fn names_are_neither_formulas_nor_cells_of_their_own() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let ann = account.user("ann").await;
    let names = ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1:A9)", "a \"quoted\", role", "plain"];
    let mut roles = Vec::new();
    for name in names {
        let role = root.post(&account.path("/roles"), json!({ "name": name, "permissions": [] })).await.ok(201);
        roles.push(role["id"].clone());
    }
    root.put(&account.path(&format!("/users/{}/roles", ann.id())), json!({ "role_ids": roles })).await.ok(200);
    let policy = json!({ "name": "=1+1", "strength": "basic", "is_default": true });
    root.post(&account.path("/password-policies"), policy).await.ok(201);

    let reply = report_as(&root, &account, "two-factor", "text/csv").await;
    let rows = by_name(&read(reply.text()));
    let found: Vec<_> = rows.iter().filter(|row| row["section"] == "role").map(|row| row["role"].clone()).collect();
    let safe = |name: &str| if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name.to_owned() };
    let mut sorted = names;
    sorted.sort_unstable();
    assert_eq!(found, sorted.map(|name| json!(safe(name))));
    let rows = by_name(&read(report_as(&root, &account, "passwords", "text/csv").await.text()));
    assert_eq!(rows[1]["policy"], "'=1+1");
    // JSON is read by programs: names are as they are.
    let report = two_factor(&root, &account, "").await;
    assert_eq!(report["by_role"][0]["role"], sorted[0]);
}

const CSV: &str = "text/csv; charset=utf-8; header=present";

#[tokio::test]
async fn accept_chooses_the_form() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    for (report, accept, expected) in [
        ("two-factor", "application/json", "application/json"),
        ("two-factor", "*/*", "application/json"),
        ("two-factor", "text/csv", CSV),
        ("two-factor", "text/*", CSV),
        ("two-factor", "image/svg+xml", "image/svg+xml"),
        ("two-factor", "image/*", "image/svg+xml"),
        ("two-factor", "text/html, text/csv;q=0.9, */*;q=0.1", CSV),
        ("passwords", "application/json", "application/json"),
        ("passwords", "text/csv, application/json;q=0.9", CSV),
        ("passwords", "image/svg+xml, */*;q=0.1", "application/json"),
    ] {
        let reply = report_as(&root, &account, report, accept).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, expected), "{report}: {accept}");
        assert_eq!(reply.header("vary"), "Accept", "{report}: {accept}");
    }
    for (report, accept) in [
        ("two-factor", "text/html"),
        ("two-factor", "image/png"),
        ("two-factor", "application/json;q=0"),
        ("passwords", "image/svg+xml"),
    ] {
        let problem = report_as(&root, &account, report, accept).await.problem(406, "not_acceptable");
        assert!(problem["detail"].as_str().unwrap().contains("text/csv"), "{problem:?}");
    }
}
