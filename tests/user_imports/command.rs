//! `latchkey import`

use std::{fs, path::Path, process::Output};

use serde_json::json;

use super::users;
use crate::support::{Home, User};

const HASH: &str = "$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO";

struct Ran {
    code: i32,
    printed: String,
    errors: Vec<String>,
}

fn run(home: &Home, arguments: &[&str], file: &Path) -> Ran {
    let path = file.to_str().unwrap();
    let Output { status, stdout, stderr } = home.run(&[&["import"], arguments, &[path]].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let errors = text(stderr).lines().filter(|line| !line.contains(" INFO ")).map(str::to_owned).collect();
    Ran { code: status.code().unwrap(), printed: text(stdout), errors }
}

#[tokio::test]
async fn the_operator_imports_from_the_command_line_beside_a_running_service() {
    let home = Home::new();
    let process = home.serve();
    let account = process.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("users.ndjson");
    let good = json!({ "username": "ann", "password_hash": HASH, "permissions": ["account_settings"] });
    fs::write(&file, format!("{good}\n{}\n", json!({ "username": "bob" }))).unwrap();

    let first = run(&home, &["--account", "acme"], &file);
    assert_eq!((first.code, first.errors.len()), (0, 0), "{:?}", first.errors);
    assert!(first.printed.starts_with("2 lines: 2 imported, 0 unchanged, 0 failed, in "), "{}", first.printed);
    assert!(first.printed.trim_end().ends_with(" users/s)"), "{}", first.printed);
    User::new(process.client(), "acme", "ann").try_password("correct horse battery staple").await.session();
    let found = users(&by, &account).await;
    assert_eq!(found[0]["permissions"], json!(["account_settings"]), "the operator may grant everything");

    // A second run changes nothing.
    let second = run(&home, &["--account", "acme"], &file);
    assert_eq!(second.code, 0);
    assert!(second.printed.starts_with("2 lines: 0 imported, 2 unchanged, 0 failed, in "), "{}", second.printed);

    // Bad lines are told one by one, the others are kept, and the code says so.
    let csv = directory.path().join("more.CSV");
    fs::write(&csv, "username,password_hash\ncarol,\nann,\ndave,hunter2\n").unwrap();
    let third = run(&home, &["--account", "acme"], &csv);
    assert_eq!(third.code, 2);
    assert!(third.printed.starts_with("3 lines: 1 imported, 0 unchanged, 2 failed, in "), "{}", third.printed);
    assert_eq!(third.errors.len(), 2, "{:?}", third.errors);
    assert!(third.errors[0].starts_with("line 3: conflict: "), "{:?}", third.errors);
    assert!(third.errors[1].starts_with("line 4: invalid_password_hash: "), "{:?}", third.errors);
    assert!(!third.errors[1].contains("hunter2"));
    assert_eq!(users(&by, &account).await.len(), 3);
}

#[tokio::test]
async fn what_cannot_be_imported_at_all_says_why() {
    let home = Home::new();
    home.init("root");
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    for (arguments, path, expected) in [
        (vec!["--account", "nobody"], file("a.csv", ""), "there is no account with the slug nobody"),
        (vec!["--account", "platform"], file("a.txt", ""), "does not tell its format"),
        (vec!["--account", "platform", "--format", "xml"], file("b.txt", ""), "--format has to be ndjson or csv"),
        (vec!["--account", "platform"], directory.path().join("none.csv"), "none.csv cannot be read"),
        (vec!["--account", "platform"], file("c.csv", "user\n"), "column 1 has a name that is not known"),
    ] {
        let ran = run(&home, &arguments, &path);
        assert_eq!(ran.code, 1, "{:?}", ran.errors);
        assert!(ran.errors.join("\n").contains(expected), "{expected}: {:?}", ran.errors);
    }
    let ran = run(&home, &["--account", "platform", "--format", "csv"], &file("d.txt", "username\nann\n"));
    assert_eq!(ran.code, 0, "{:?}", ran.errors);
}
