//! Requests that no legitimate client sends. Each gets a clear error or is disconnected, and the service keeps running.

use std::net::SocketAddr;

use crate::support::{
    Home, Process,
    raw::{Raw, exchange, statuses_in},
};

/// The status of the one reply to these bytes.
#[track_caller]
fn status(address: SocketAddr, bytes: impl AsRef<[u8]>) -> u16 {
    let reply = exchange(address, bytes);
    let statuses = statuses_in(&reply);
    assert_eq!(statuses.len(), 1, "{reply}");
    statuses[0]
}

#[track_caller]
fn lives(process: &mut Process) {
    assert!(process.is_alive());
    assert_eq!(status(process.address(), "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 200);
    assert!(!process.output().contains("panicked"), "{}", process.output());
}

#[test]
fn heads_without_end() {
    let mut process = Home::new().serve();
    let address = process.address();
    let head = |line: &str| format!("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{line}\r\n\r\n");
    assert_eq!(status(address, head(&format!("X-A: {}", "a".repeat(40_000)))), 431);
    let path = format!("GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "a".repeat(20_000));
    assert_eq!(status(address, path), 414);
    for too_much in [
        head(&format!("X-A: {}", "a".repeat(1_000_000))),
        head(&format!("{}: a", "X".repeat(1_000_000))),
        head(&vec!["X-A: a"; 200].join("\r\n")),
        head(&(0..10_000).map(|number| format!("X-{number}: a")).collect::<Vec<_>>().join("\r\n")),
        format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(1_000_000)),
    ] {
        let statuses = statuses_in(&exchange(address, &too_much));
        assert!(statuses.iter().all(|status| (400..500).contains(status)), "{statuses:?} for {too_much:.100}");
    }
    assert_eq!(
        status(address, head(&vec!["X-A: a"; 60].join("\r\n"))),
        200,
        "what is much but not too much is answered"
    );
    lives(&mut process);
}

#[test]
fn a_body_of_ten_megabytes() {
    let mut process = Home::with(&[("SERVER__HEAD_SECONDS", "1")]).serve();
    let address = process.address();
    let head = |length: &str| {
        let close = "Host: x\r\nConnection: close\r\nContent-Type: application/json";
        format!("POST /v1/login HTTP/1.1\r\n{close}\r\n{length}\r\n\r\n")
    };
    let (declared, chunked) = (head("Content-Length: 10485760"), head("Transfer-Encoding: chunked"));
    for (head, part) in [(&declared, "a".repeat(65_536)), (&chunked, format!("10000\r\n{}\r\n", "a".repeat(65_536)))] {
        let mut raw = Raw::connect(address);
        assert!(raw.send(head));
        // It may hang up before the end, and with that before its reply is read.
        let _sent_all = (0..160).all(|_| raw.send(&part));
        let statuses = statuses_in(&raw.rest());
        assert!(statuses.iter().all(|status| (400..500).contains(status)), "{statuses:?}");
    }
    // Who waits for the reply gets it.
    let reply = exchange(address, declared);
    assert_eq!(statuses_in(&reply), [413], "{reply}");
    lives(&mut process);
}

#[test]
fn bytes_that_are_no_text() {
    let mut process = Home::with(&[("SERVER__HEAD_SECONDS", "1")]).serve();
    let address = process.address();
    let close = b"Host: x\r\nConnection: close\r\n";
    let with = |line: &[u8], headers: &[u8]| [line, b"\r\n", close, headers, b"\r\n"].concat();
    for path in [&b"/v1/\xff\xfe"[..], b"/\xc3\x28", b"/v1/accounts/\xf0\x9f\x94\x91"] {
        let line = [b"GET ", path, b" HTTP/1.1"].concat();
        let got = status(address, with(&line, b""));
        assert!(matches!(got, 400 | 401 | 404), "{got} for {path:?}");
    }
    for path in [
        "/v1/%ff",
        "/v1/accounts/%ff%fe",
        "/%00",
        "/v1/%",
        "/v1/%zz",
        "/docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/docs/../../etc/passwd",
        "//healthz",
        "/healthz/",
    ] {
        let got = status(address, with(format!("GET {path} HTTP/1.1").as_bytes(), b""));
        assert!(matches!(got, 400 | 401 | 404), "{got} for {path}");
    }
    let get = b"GET /v1/me HTTP/1.1";
    assert_eq!(status(address, with(get, b"Authorization: Bearer \xff\xfe\r\n")), 401);
    assert_eq!(status(address, with(get, b"Authorization: \xff\r\n")), 401);
    assert_eq!(
        status(address, with(b"GET /healthz HTTP/1.1", b"X-Request-Id: \xff\r\nAccept: \xff\r\nUser-Agent: \xff\r\n")),
        200
    );
    assert_eq!(status(address, with(b"POST /v1/login HTTP/1.1", b"Content-Type: \xff\r\nContent-Length: 2\r\n")), 415);
    let body = [
        &with(b"POST /v1/login HTTP/1.1", b"Content-Type: application/json\r\nContent-Length: 4\r\n")[..],
        b"\"\xff\xfe\"",
    ]
    .concat();
    assert_eq!(status(address, body), 400);
    lives(&mut process);
}

#[test]
fn what_is_no_http() {
    let mut process = Home::new().serve();
    let address = process.address();
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client\r\n\r\n"[..],
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
        b"HELO mail.example.org\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\r\n X-Folded: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let reply = exchange(address, garbage);
        let statuses = statuses_in(&reply);
        assert!(statuses.iter().all(|status| (400..600).contains(status)), "{statuses:?} for {garbage:?}");
        assert!(!statuses.contains(&500), "{reply}");
    }
    lives(&mut process);
}

#[test]
fn lengths_that_contradict_each_other() {
    let mut process = Home::new().serve();
    let address = process.address();
    let post = |headers: &str, body: &str| {
        format!("POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{body}")
    };
    let hidden = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    for (headers, body) in [
        ("Content-Length: 4\r\nTransfer-Encoding: chunked", hidden),
        ("Transfer-Encoding: chunked\r\nContent-Length: 4", hidden),
        ("Content-Length: 4\r\nContent-Length: 5", hidden),
        ("Content-Length: -1", hidden),
        ("Content-Length: +4", hidden),
        ("Content-Length: 99999999999999999999999", hidden),
        ("Transfer-Encoding: identity, chunked, chunked", hidden),
        ("Transfer-Encoding: chunked", "zz\r\n\r\n"),
        ("Transfer-Encoding: chunked", "ffffffffffffffffff\r\n\r\n"),
    ] {
        let reply = exchange(address, post(headers, body));
        assert!(!statuses_in(&reply).contains(&200), "the hidden request was answered: {headers}: {reply}");
    }
    lives(&mut process);
}

#[test]
fn old_http_and_many_requests_in_one_breath() {
    let mut process = Home::new().serve();
    let address = process.address();
    assert_eq!(status(address, "GET /healthz HTTP/1.0\r\n\r\n"), 200);
    assert_eq!(status(address, "HEAD /healthz HTTP/1.0\r\n\r\n"), 200);
    assert_eq!(status(address, "GET /v1/me HTTP/1.0\r\n\r\n"), 401);

    let mut breath = String::new();
    for number in 0..50 {
        let path = ["/healthz", "/v1/me", "/nowhere"][number % 3];
        breath.extend(["GET ", path, " HTTP/1.1\r\nHost: x\r\n\r\n"]);
    }
    breath.push_str("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let expected: Vec<u16> = (0..50).map(|number| [200, 401, 404][number % 3]).chain([200]).collect();
    assert_eq!(statuses_in(&exchange(address, breath)), expected, "each is answered, in their order");
    lives(&mut process);
}

#[test]
fn who_hangs_up_in_the_middle_hurts_nobody() {
    let mut process = Home::new().serve();
    let body = r#"{"account":"a","username":"b","password":"c"}"#;
    let request = format!(
        "POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for end in (1..request.len()).step_by(7).chain([request.len()]) {
        Raw::connect(process.address()).send(&request[..end]);
    }
    lives(&mut process);
}
