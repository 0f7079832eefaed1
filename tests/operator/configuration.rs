//! Invalid settings prevent the start with a reason. Settings that are valid but have no effect are logged.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{PermissionsExt, symlink},
    process::{Command, Output},
};

use secrecy::ExposeSecret;

use crate::support::Home;

#[track_caller]
fn complaint(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(!home.data().join("latchkey.db").exists(), "nothing was begun");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_unknown_key_is_named() {
    for (key, expected) in
        [("SERVER__BNID", "server.bnid"), ("SERVRE__BIND", "servre"), ("THROTTLE__CODE__FREE", "throttle.code")]
    {
        let home = Home::with(&[(key, "hunter2")]);
        for command in [&["serve"][..], &["init", "--username", "root"], &["migrate"], &["doctor"]] {
            let complaint = complaint(&home, command);
            assert!(complaint.contains(&format!("{expected}: no such key")), "{complaint}");
            assert!(complaint.contains(&format!("LATCHKEY__{key}")) && !complaint.contains("hunter2"), "{complaint}");
        }
    }
}

#[test]
fn an_unknown_key_in_the_file_is_named() {
    let home = Home::new();
    fs::create_dir(home.data()).unwrap();
    let file = home.data().join("latchkey.toml");
    fs::write(&file, "[tokens]\nlifetime = 5\n").unwrap();
    let complaint = complaint(&home, &["--config", file.to_str().unwrap(), "serve"]);
    assert!(complaint.contains("tokens.lifetime: no such key") && complaint.contains("latchkey.toml"), "{complaint}");
}

#[test]
fn a_value_that_cannot_be_used_is_named_and_not_shown() {
    for (key, value, expected) in [
        ("SERVER__BIND", "hunter2", "server.bind"),
        ("SERVER__HEAD_SECONDS", "0", "server.head_seconds"),
        ("SERVER__BIND", "8080", "server.bind"),
        ("SERVER__BIND", ":8080", "server.bind"),
        ("SERVER__CORS_ORIGINS", "[\"*\"]", "server.cors_origins"),
        ("SERVER__CORS_ORIGINS", "https://*.example.org", "server.cors_origins"),
        ("SERVER__CORS_ORIGINS", "https://app.example.org/page", "server.cors_origins"),
        ("SERVER__CORS_ORIGINS", "https://hunter2@app.example.org", "server.cors_origins"),
        ("SERVER__CORS_ORIGINS", "https://a.example https://b.example", "server.cors_origins"),
        ("SERVER__TRUSTED_PROXIES", "0.0.0.0/0", "server.trusted_proxies"),
        ("SERVER__TRUSTED_PROXIES", "::/0", "server.trusted_proxies"),
        ("SERVER__TRUSTED_PROXIES", "::ffff:0:0/96", "server.trusted_proxies"),
        ("SERVER__TRUSTED_PROXIES", "10.0.0.0/8,0.0.0.0/1", "server.trusted_proxies"),
        ("SERVER__TRUSTED_PROXIES", "hunter2", "server.trusted_proxies"),
        ("SERVER__PUBLIC_URL", "https://id.example.org?hunter2", "server.public_url"),
        ("SERVER__PUBLIC_URL", "https://id.example.org#hunter2", "server.public_url"),
        ("SERVER__PUBLIC_URL", "id.example.org", "server.public_url"),
        ("SERVER__PUBLIC_URL", "", "server.public_url"),
        ("DATABASE__URL", "", "database.url"),
        ("DATABASE__URL", "sqlite:///tmp/x.db?mode=hunter2", "database.url"),
        ("DATA_DIR", "", "data_dir"),
        ("DATA_DIR", "~/hunter2", "data_dir"),
        ("TOKENS__AUDIENCE", "", "tokens.audience"),
        ("MAIL__FROM", "hunter2", "mail.from"),
        ("MAIL__ACTIVATION_URL", "https://app.example.org/#{CODE}", "mail.activation_url"),
        ("MAIL__ALLOW_PLAINTEXT", "yes", "mail.allow_plaintext"),
        ("BREACH__ENDPOINT", "https://breaches.example.org/range/", "breach.endpoint"),
        ("BREACH__ENDPOINT", "https://breaches.example.org#hunter2", "breach.endpoint"),
        ("THROTTLE__PASSWORD_OF_USER__FIRST_DELAY_SECONDS", "0", "throttle.password_of_user"),
        ("DATABASE__URL", "mysql://root:hunter2@localhost", "database.url"),
        ("PASSWORD_HASHING__MEMORY_KIB", "8", "password_hashing"),
        ("KEYS__MASTER_KEY", "hunter2", "master key"),
        ("LOG__LEVEL", "loud=very", "log.level"),
        ("LOG__LEVEL", "loud", "log.level"),
        ("LOG__LEVEL", "warning", "log.level"),
        ("LOG__LEVEL", "trace=", "log.level"),
        ("LOG__LEVEL", "info,store", "log.level"),
        ("LOG__LEVEL", "", "log.level"),
        ("LOG__FORMAT", "xml", "log.format"),
    ] {
        let home = Home::with(&[(key, value)]);
        let output = home.run(&["serve"]);
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{key}: {complaint}");
        assert!(complaint.contains(expected) && !complaint.contains("hunter2"), "{key}: {complaint}");
    }
}

#[test]
fn a_variable_with_one_underscore_before_a_section_is_refused() {
    for (wrong, right) in [
        ("LATCHKEY_SERVER__BIND", "LATCHKEY__SERVER__BIND"),
        ("LATCHKEY_DATABASE__URL", "LATCHKEY__DATABASE__URL"),
        ("LATCHKEY_THROTTLE__WORK__FREE", "LATCHKEY__THROTTLE__WORK__FREE"),
        ("latchkey__server__bind", "LATCHKEY__SERVER__BIND"),
    ] {
        let mut home = Home::new();
        home.set_variable(wrong, "hunter2");
        for command in [&["serve"][..], &["doctor"]] {
            let complaint = complaint(&home, command);
            assert!(complaint.contains(wrong) && complaint.contains(&format!("write {right}")), "{complaint}");
            assert!(!complaint.contains("hunter2"), "{complaint}");
        }
    }
}

#[test]
fn a_variable_for_a_whole_section_or_below_a_key_is_refused() {
    for (name, why) in [
        ("LOG", "log: is a section"),
        ("THROTTLE__WORK", "throttle.work: is a section"),
        ("SERVER__BIND__PORT", "server.bind: is a key and has no keys of its own"),
    ] {
        let home = Home::with(&[(name, "hunter2"), ("LOG__FORMAT", "json"), ("THROTTLE__WORK__FREE", "9")]);
        for command in [&["serve"][..], &["doctor"]] {
            let complaint = complaint(&home, command);
            assert!(complaint.contains(why) && complaint.contains(&format!("LATCHKEY__{name}")), "{complaint}");
            assert!(!complaint.contains("hunter2"), "{complaint}");
        }
    }
    let home = Home::with(&[("LOG__FORMAT", "json")]);
    fs::write(home.data().with_file_name("latchkey.toml"), "log = \"debug\"\n").unwrap();
    assert!(complaint(&home, &["serve"]).contains("log: is a section"));
}

#[test]
fn a_configuration_file_that_is_a_link_to_nowhere_is_refused() {
    let home = Home::new();
    symlink("/nowhere/latchkey.toml", home.data().with_file_name("latchkey.toml")).unwrap();
    for command in [&["serve"][..], &["init", "--username", "root"], &["migrate"], &["doctor"]] {
        let complaint = complaint(&home, command);
        assert!(complaint.contains("cannot read the configuration file latchkey.toml"), "{complaint}");
    }
}

#[test]
fn what_kubernetes_sets_is_harmless() {
    let mut home = Home::new();
    for name in [
        "LATCHKEY_PORT",
        "LATCHKEY_SERVICE_HOST",
        "LATCHKEY_SERVICE_PORT",
        "LATCHKEY_PORT_8080_TCP_ADDR",
        "LATCHKEY_SERVER_SERVICE_HOST",
        "LATCHKEY_DATABASE_PORT_5432_TCP",
    ] {
        home.set_variable(name, "tcp://10.0.0.1:8080");
    }
    let process = home.serve();
    assert!(!process.output().contains("LATCHKEY_"), "{}", process.output());
}

/// What the service says when it starts, and what the doctor says.
fn told(home: &Home) -> [String; 2] {
    let process = home.serve();
    let output = home.run(&["doctor"]);
    assert!(output.status.success(), "{output:?}");
    [process.output(), String::from_utf8(output.stdout).unwrap()]
}

#[test]
fn what_may_have_no_effect_is_told_at_the_start_and_by_the_doctor() {
    let mut home = Home::with(&[
        ("MAIL__ACTIVATION_URL", "https://app.example.org/activate"),
        ("LOGIN__FAILED_TAKES_MILLISECONDS", "0"),
        ("LOG__LEVEL", "info,stroe=debug"),
    ]);
    home.set_variable("LATCHKEY_DATABASE_URL", "postgres://ann:hunter2@localhost/latchkey");
    for said in told(&home) {
        for part in [
            "has no {code}",
            "mail.smtp_url is not: no mails are sent",
            "login.failed_takes_milliseconds is 0",
            "log.level names targets that write no lines here: stroe",
            "LATCHKEY_DATABASE_URL is not read; did you mean LATCHKEY__DATABASE__URL?",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!said.contains("hunter2") && !said.contains("server.public_url"), "{said}");
    }
}

#[test]
fn a_public_address_without_a_public_url_is_told() {
    let home = Home::with(&[("SERVER__BIND", "0.0.0.0:0")]);
    let run = |argument: &str| home.command(&[argument]).env_remove("LATCHKEY__SERVER__PUBLIC_URL").output().unwrap();
    let output = run("doctor");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("warn  configuration: server.public_url is not set"), "{said}");
    // Told before anything that may fail: no machine has this address (RFC 5737).
    let home = Home::with(&[("SERVER__BIND", "192.0.2.1:8080")]);
    let mut serve = home.command(&["serve"]);
    let said = String::from_utf8(serve.env_remove("LATCHKEY__SERVER__PUBLIC_URL").output().unwrap().stderr).unwrap();
    assert!(said.contains("server.public_url is not set"), "{said}");
}

#[test]
fn a_public_url_that_leads_nowhere_is_told() {
    for url in ["http://0.0.0.0:8080", "https://[::]"] {
        let home = Home::with(&[("SERVER__PUBLIC_URL", url)]);
        for said in told(&home) {
            assert!(said.contains("server.public_url holds a wildcard address"), "{said}");
        }
    }
}

#[tokio::test]
async fn origins_are_compared_as_browsers_send_them() {
    let home = Home::with(&[("SERVER__CORS_ORIGINS", "HTTPS://App.Example.org:443/,https://b.example:8443")]);
    let process = home.serve();
    for (origin, is_let_in) in [
        ("https://app.example.org", true),
        ("https://b.example:8443", true),
        ("https://b.example", false),
        ("https://app.example.org.evil.example", false),
    ] {
        let call = process.client().call("OPTIONS", "/v1/login").header("origin", origin);
        let call = call.header("access-control-request-method", "POST");
        let reply = call.try_send().await.unwrap();
        assert_eq!(reply.header("access-control-allow-origin"), if is_let_in { origin } else { "" }, "{origin}");
    }
}

#[test]
fn a_part_that_is_named_in_the_log_level_leaves_the_others_as_they_are() {
    for level in ["store=debug", "INFO", " info , store = Debug "] {
        // The harness waits for a line at `info`.
        drop(Home::with(&[("LOG__LEVEL", level)]).serve());
    }
}

/// A command whose database is named by a file and nothing else.
fn by_file(home: &Home, path: &str, arguments: &[&str]) -> Output {
    let mut command: Command = home.command(arguments);
    command.env_remove("LATCHKEY__DATABASE__URL").env("LATCHKEY__DATABASE__URL_FILE", path).output().unwrap()
}

#[test]
fn the_url_of_the_database_may_lie_in_a_file() {
    let home = Home::new();
    let path = home.data().with_file_name("database-url");
    let file = path.to_str().unwrap();
    let sqlite = format!("sqlite://{}", home.data().with_file_name("elsewhere.db").display());
    let url = home.database_url().map_or(sqlite, |url| url.expose_secret().to_owned());
    fs::write(&path, format!("{url}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let output = by_file(&home, file, &["init", "--username", "root"]);
    assert!(output.status.success(), "{output:?}");
    assert!(!home.data().join("latchkey.db").exists(), "it is the database that the file names");
    let output = by_file(&home, file, &["doctor"]);
    assert!(output.status.success(), "{output:?}");

    let mut both = home.command(&["doctor"]);
    both.env("LATCHKEY__DATABASE__URL", &url).env("LATCHKEY__DATABASE__URL_FILE", file);
    let complaint = String::from_utf8(both.output().unwrap().stderr).unwrap();
    assert!(complaint.contains("database.url: cannot be combined with database.url_file"), "{complaint}");

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let output = by_file(&home, file, &["serve"]);
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("chmod 600"), "{output:?}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    for wrong in ["", "\n", "mysql://ann:hunter2@localhost/x"] {
        fs::write(&path, wrong).unwrap();
        let output = by_file(&home, file, &["serve"]);
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{complaint}");
        assert!(complaint.contains("database.url_file: ") && !complaint.contains("hunter2"), "{complaint}");
    }
    let output = by_file(&home, "/nowhere/url", &["serve"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("database.url_file: /nowhere/url"), "{output:?}");
}

#[test]
fn hashes_that_cost_nothing_cannot_be_configured() {
    let home = Home::with(&[("PASSWORD_HASHING__WEAK_FOR_TESTS", "true")]);
    assert!(complaint(&home, &["serve"]).contains("weak_for_tests: no such key"));
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let home = Home::with(&[("SERVER__BIND", &address)]);
    let output = home.run(&["serve"]);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains(&format!("cannot listen on {address}")), "{complaint}");
}

#[test]
fn what_is_no_command_is_refused() {
    for arguments in [&["sreve"][..], &[], &["serve", "--port", "1"]] {
        let output = Home::new().run(arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}

mod on_sqlite {
    use super::told;
    use crate::support::Home;

    #[test]
    fn a_pooler_of_a_file_is_told() {
        let mut home = Home::on_sqlite();
        home.set("DATABASE__POOLER", "true");
        for said in told(&home) {
            assert!(said.contains("database.pooler is set, but the database is SQLite"), "{said}");
        }
    }
}
