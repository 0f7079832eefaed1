//! Drains and stops on request.

use std::{
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::support::{
    Home, Process,
    process::pause,
    raw::{Raw, exchange, statuses_in},
};

/// Waits until nobody new is let in.
fn closed(process: &Process) {
    let since = Instant::now();
    while TcpStream::connect(process.address()).is_ok() {
        assert!(since.elapsed() < Duration::from_secs(30), "nobody new is let in");
        pause(Duration::from_millis(20));
    }
}

#[test]
fn an_idle_service_stops_at_once_with_success() {
    let home = Home::new();
    let mut process = home.serve();
    let since = Instant::now();
    process.terminate();
    let status = process.wait();
    assert_eq!(status.code(), Some(0), "{status:?}: {}", process.output());
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    home.is_in_one_file();
}

/// Begins a request, tells the process to stop, and finishes the request.
fn drains(stop: impl Fn(&Process)) {
    let mut process = Home::new().serve();
    let body = r#"{"account":"a","username":"b","password":"c"}"#;
    let mut raw = Raw::connect(process.address());
    raw.begin_post("/v1/login", body.len());
    assert!(raw.send(&body[..10]));
    stop(&process);
    closed(&process);
    assert!(process.is_alive(), "it waits for the rest");
    assert!(raw.send(&body[10..]));
    assert_eq!(statuses_in(&raw.rest()), [401]);
    process.wait_for_success();
}

#[test]
fn a_request_under_way_is_answered() {
    drains(Process::terminate);
}

#[test]
fn a_terminal_that_goes_is_a_reason_to_stop_in_order() {
    drains(Process::hang_up);
}

#[test]
fn who_was_told_to_ignore_the_terminal_does_so() {
    let mut process = Home::new().serve_by("/usr/bin/nohup");
    process.hang_up();
    let reply = exchange(process.address(), "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!(statuses_in(&reply), [200]);
    assert!(process.is_alive());
    process.terminate();
    process.wait_for_success();
}

#[test]
fn who_never_ends_is_not_waited_for_forever() {
    let home = Home::with(&[("SERVER__SHUTDOWN_SECONDS", "1")]);
    let mut process = home.serve();
    let mut raw = Raw::connect(process.address());
    raw.begin_post("/v1/login", 99);
    let since = Instant::now();
    process.terminate();
    process.wait_for_success();
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut process = Home::new().serve();
    let mut raw = Raw::connect(process.address());
    raw.begin_post("/v1/login", 99);
    process.terminate();
    closed(&process);
    assert!(process.is_alive());
    let since = Instant::now();
    process.terminate();
    process.wait();
    assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
}

mod slow {
    use crate::support::{Home, in_parallel};

    #[tokio::test]
    async fn a_service_that_was_used_leaves_its_database_in_one_file() {
        for _ in 0..3 {
            let home = Home::new();
            let mut process = home.serve();
            let account = process.account("acme").await;
            let admin = account.admin(&["user_permissions"]).await;
            let path = account.path("/users");
            in_parallel(10, |_| admin.get(&path)).await;
            process.terminate();
            process.wait_for_success();
            home.is_in_one_file();
        }
    }
}
