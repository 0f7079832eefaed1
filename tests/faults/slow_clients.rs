//! Disconnects slow clients.

use std::{
    thread,
    time::{Duration, Instant},
};

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
fn a_body_that_is_refused_and_never_ends() {
    let seconds = ["SERVER__HEAD_SECONDS", "SERVER__BODY_SECONDS", "SERVER__KEEP_ALIVE_SECONDS"].map(|key| (key, "1"));
    let process = Home::with(&seconds).serve();
    let big = format!("10000\r\n{}\r\n", "a".repeat(65_536));
    let cases = [
        ("/v1/login", "Content-Length: 10485760", "{", 413),
        ("/v1/login", "Content-Length: 100", "{", 408),
        ("/v1/login", "Transfer-Encoding: chunked", &big.repeat(2), 413),
        ("/v1/login", "Transfer-Encoding: chunked", "5\r\n{", 408),
        ("/v1/accounts", "Content-Length: 100", "{", 401),
        ("/v1/accounts", "Transfer-Encoding: chunked", &big, 401),
        ("/nowhere", "Content-Length: 100", "{", 404),
        ("/nowhere", "Transfer-Encoding: chunked", "5\r\n{", 404),
        ("/healthz", "Transfer-Encoding: chunked", "5\r\n{", 405),
        ("/v1/login", "Content-Type: text/plain\r\nTransfer-Encoding: chunked", "5\r\n{", 415),
    ];
    let ask = |(path, length, body, status): (&str, &str, &str, u16)| {
        let since = Instant::now();
        let kind = if length.contains("text/plain") { "" } else { "Content-Type: application/json\r\n" };
        let reply =
            exchange(process.address(), format!("POST {path} HTTP/1.1\r\nHost: x\r\n{kind}{length}\r\n\r\n{body}"));
        assert_eq!(statuses_in(&reply), [status], "{path} {length}: {reply}");
        assert!(since.elapsed() < Duration::from_secs(10), "{path} {length}: {:?}", since.elapsed());
    };
    thread::scope(|scope| cases.map(|case| scope.spawn(move || ask(case))).map(|asked| asked.join().unwrap()));
}

#[test]
fn a_chunked_body_that_ends_is_a_body_like_any_other() {
    let process = Home::new().serve();
    let body = r#"{"account":"a","username":"b","password":"c"}"#;
    let chunk = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let head = "POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    let refused = "POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";
    let last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let breath = format!("{head}\r\n{chunk}{refused}\r\n{chunk}{head}\r\n{chunk}{last}");
    assert_eq!(statuses_in(&exchange(process.address(), breath)), [401, 404, 401, 200]);
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
    assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
}
