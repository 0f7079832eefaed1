//! From an empty directory to the first user, with nothing but the binary and HTTP.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    time::{Duration, Instant},
};

use crate::support::{Home, process::pause};

#[tokio::test]
async fn an_empty_directory_is_enough() {
    let home = Home::new();
    let process = home.serve();
    process.client().call("GET", "/readyz").send().await.ok(200);
    // It says how to begin, when it has looked: after the address, for which the harness waits.
    let since = Instant::now();
    while !process.output().contains("latchkey init") {
        assert!(since.elapsed() < Duration::from_secs(10), "{}", process.output());
        pause(Duration::from_millis(5));
    }

    // Beside the running service.
    let account = process.account("acme").await;
    let ann = account.user("ann").await;
    ann.sign_in().await.me().await.ok(200);
}

#[tokio::test]
async fn what_lies_in_the_data_directory_is_for_its_owner_only() {
    let home = Home::new();
    home.init("root");
    let _process = home.serve();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&home.data()), 0o700);
    let mut names = Vec::new();
    for entry in fs::read_dir(home.data()).unwrap() {
        let path = entry.unwrap().path();
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert!(names.contains(&"master.key".to_owned()), "{names:?}");
}

#[tokio::test]
async fn data_is_there_after_a_restart() {
    let mut home = Home::new();
    let process = home.serve();
    home.keep_address_of(&process);
    let account = process.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.sign_in().await;
    drop(process);
    let _process = home.serve();
    session.me().await.ok(200);
    session.refresh().await.session();
    ann.login().await.session();
}

mod slow {
    use crate::support::{Home, User};

    #[tokio::test]
    async fn there_is_no_default_password() {
        let home = Home::new();
        let process = home.serve();
        for name in ["root", "admin", "administrator", "platform", "latchkey"] {
            let user = User::new(process.client(), "platform", name);
            for password in ["root", "admin", "administrator", "platform", "latchkey", "password", "changeme", "secret"]
            {
                user.try_password(password).await.problem(401, "invalid_credentials");
            }
        }
    }
}
