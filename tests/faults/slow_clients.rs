//! Clients that take their time are cut off.

use std::time::{Duration, Instant};

use crate::support::{
    Home,
    process::pause,
    raw::{Raw, exchange, statuses_in},
};

/// Sends one byte after the other until the other side hangs up; what came, and after how long.
fn trickle(raw: &mut Raw, bytes: &str) -> (String, Duration) {
    let since = Instant::now();
    for byte in bytes.bytes() {
        if !raw.send([byte]) || since.elapsed() > Duration::from_secs(20) {
            break;
        }
        pause(Duration::from_millis(250));
    }
    (raw.rest(), since.elapsed())
}

#[test]
fn a_head_that_comes_byte_by_byte() {
    let home = Home::with(&[("SERVER__HEAD_SECONDS", "1")]);
    let process = home.serve();
    let mut raw = Raw::connect(process.address());
    let (reply, took) =
        trickle(&mut raw, &format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: {}\r\n\r\n", "a".repeat(200)));
    assert!(matches!(statuses_in(&reply)[..], [] | [408]), "{reply}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_body_that_comes_byte_by_byte() {
    let home = Home::with(&[("SERVER__BODY_SECONDS", "1"), ("SERVER__HEAD_SECONDS", "1")]);
    let process = home.serve();
    let mut raw = Raw::connect(process.address());
    raw.send("POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n");
    let (reply, took) = trickle(&mut raw, &" ".repeat(199));
    assert_eq!(statuses_in(&reply), [408], "{reply}");
    assert!(reply.contains("request_timeout"), "{reply}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_connection_on_which_nothing_is_asked() {
    let home = Home::with(&[("SERVER__HEAD_SECONDS", "1"), ("SERVER__KEEP_ALIVE_SECONDS", "1")]);
    let process = home.serve();
    let since = Instant::now();
    let mut silent = Raw::connect(process.address());
    let mut idle = Raw::connect(process.address());
    idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(statuses_in(&idle.rest()), [200]);
    assert!(matches!(statuses_in(&silent.rest())[..], [] | [408]));
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
}

#[test]
fn a_body_that_is_refused_and_never_comes() {
    let home = Home::with(&[
        ("SERVER__HEAD_SECONDS", "1"),
        ("SERVER__BODY_SECONDS", "1"),
        ("SERVER__KEEP_ALIVE_SECONDS", "1"),
    ]);
    let process = home.serve();
    let since = Instant::now();
    let mut raw = Raw::connect(process.address());
    raw.send(
        "POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n",
    );
    assert_eq!(statuses_in(&raw.rest()), [413]);
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
}

#[test]
fn many_slow_ones_do_not_keep_others_out() {
    let process = Home::new().serve();
    let _slow: Vec<_> = (0..500)
        .map(|_| {
            let mut raw = Raw::connect(process.address());
            raw.send(
                "POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{",
            );
            raw
        })
        .collect();
    let since = Instant::now();
    for _ in 0..20 {
        let reply = exchange(process.address(), "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert_eq!(statuses_in(&reply), [200], "{reply}");
    }
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
}
