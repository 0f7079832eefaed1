//! `latchkey import`

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

use super::{numbered, users};
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
    // A busy machine makes it say for what it waits.
    let is_error = |line: &&str| !line.contains(" INFO ") && !line.contains(" not ready yet: ");
    let errors = text(stderr).lines().filter(is_error).map(str::to_owned).collect();
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
        (vec!["--account", "platform", "--format", "xml"], file("b.txt", ""), "--format must be ndjson or csv"),
        (vec!["--account", "platform"], directory.path().join("none.csv"), "none.csv cannot be read"),
        (vec!["--account", "platform"], file("c.csv", "user\n"), "column 1 has an unknown name"),
    ] {
        let ran = run(&home, &arguments, &path);
        assert_eq!(ran.code, 1, "{:?}", ran.errors);
        assert!(ran.errors.join("\n").contains(expected), "{expected}: {:?}", ran.errors);
    }
    let ran = run(&home, &["--account", "platform", "--format", "csv"], &file("d.txt", "username\nann\n"));
    assert_eq!(ran.code, 0, "{:?}", ran.errors);
}

#[tokio::test]
async fn scripts_get_an_object_for_each_bad_line_and_one_for_the_count() {
    let home = Home::new();
    home.init("root");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("users.ndjson");
    fs::write(&file, "{\"username\":\"ann\"}\nhunter2\n{\"username\":\"bob\"}\n{\"username\":\"ANN\"}\n").unwrap();
    let ran = run(&home, &["--account", "platform", "--json"], &file);
    assert_eq!((ran.code, ran.errors.len()), (2, 0), "{:?}", ran.errors);
    let objects: Vec<Value> = ran.printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = objects.iter().map(|object| (object["line"].clone(), object["code"].clone())).collect();
    assert_eq!(told[..2], [(json!(2), json!("malformed")), (json!(4), json!("conflict"))], "{objects:?}");
    let [_, _, count] = objects.as_slice() else { panic!("{objects:?}") };
    for (name, expected) in [("lines", 4), ("imported", 2), ("unchanged", 0), ("failed", 2)] {
        assert_eq!(count[name], expected, "{count}");
    }
    assert!(count["milliseconds"].is_u64() && count["users_per_second"].is_u64(), "{count}");
    fs::write(&file, "{\"username\":\"ann\"}\n").unwrap();
    assert_eq!(run(&home, &["--account", "platform", "--json"], &file).code, 0);
}

#[tokio::test]
async fn who_watches_on_a_terminal_sees_a_bar_that_fills_up() {
    let home = Home::new();
    home.init("root");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("users.ndjson");
    fs::write(&file, format!("{}x\n", numbered("user", 0..5_000))).unwrap();
    let import = home.command(&["import", "--account", "platform", file.to_str().unwrap()]);
    // `script` gives it a terminal of its own.
    let line = format!("'{}'", import.get_program().to_str().unwrap());
    let line = import.get_args().fold(line, |line, argument| format!("{line} '{}'", argument.to_str().unwrap()));
    let mut script = Command::new("script");
    script
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .current_dir(import.get_current_dir().unwrap());
    for (name, value) in import.get_envs() {
        script.env(name, value.unwrap());
    }
    let Output { status, stdout, .. } = script.stdin(Stdio::null()).output().unwrap();
    let seen = String::from_utf8(stdout).unwrap();
    assert_eq!(status.code(), Some(2), "{seen}");
    let bars: Vec<_> = seen.split("\r\x1b[2K").filter(|text| text.starts_with('[')).collect();
    assert!(!bars.is_empty() && bars.iter().all(|bar| bar.contains(" %  ") && bar.contains(" users/s")), "{seen:?}");
    assert!(seen.contains("\r\x1b[2Kline 5001: malformed: "), "{seen:?}");
    assert!(seen.contains("\r\x1b[2K5001 lines: 5000 imported, 0 unchanged, 1 failed, in "), "{seen:?}");
}

mod slow {
    use std::{
        fs,
        process::Stdio,
        time::{Duration, Instant},
    };

    use serde_json::Value;

    use super::super::numbered;
    use super::run;
    use crate::support::{Home, process::pause};

    #[tokio::test]
    async fn a_run_that_was_killed_is_finished_by_the_next_one() {
        let home = Home::new();
        let process = home.serve();
        let account = process.account("acme").await;
        let by = account.admin(&["user_permissions"]).await;
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("users.ndjson");
        fs::write(&file, numbered("user", 0..20_000)).unwrap();
        let arguments = ["import", "--account", "acme", file.to_str().unwrap()];
        let mut first = home.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let since = Instant::now();
        while by.get(&account.path("/users?q=user-1999")).await.ok(200)["items"].as_array().unwrap().is_empty() {
            assert!(since.elapsed() < Duration::from_secs(60), "the first thousands are imported");
            pause(Duration::from_millis(5));
        }
        first.kill().unwrap();
        first.wait().unwrap();

        let second = run(&home, &["--account", "acme", "--json"], &file);
        let count: Value = serde_json::from_str(second.printed.trim()).unwrap();
        let [lines, imported, unchanged, failed] =
            ["lines", "imported", "unchanged", "failed"].map(|name| count[name].as_u64().unwrap());
        assert_eq!((lines, imported + unchanged, failed), (20_000, 20_000, 0), "{count}");
        assert!(unchanged >= 2_000, "{count}");
        let last = by.get(&account.path("/users?q=user-19999")).await.ok(200);
        assert_eq!(last["items"].as_array().unwrap().len(), 1);
    }
}
