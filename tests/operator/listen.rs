//! Where the service listens.

use std::net::TcpStream;

use crate::support::{Home, raw};

#[test]
fn a_name_stands_for_all_its_addresses() {
    let home = Home::with(&[("SERVER__BIND", "localhost:0")]);
    let process = home.serve();
    let port = process.address().port();
    let output = process.output();
    for address in ["127.0.0.1", "[::1]"] {
        let place = format!("http://{address}:{port}");
        // Not every machine has both.
        if output.contains(&place) {
            assert!(TcpStream::connect(place.trim_start_matches("http://")).is_ok(), "{place}: {output}");
        }
    }
    let reply =
        raw::exchange(process.address(), "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_eq!(raw::statuses_in(&reply), [200]);
}

#[test]
fn a_name_without_an_address_is_named() {
    let home = Home::with(&[("SERVER__BIND", "no-such-name.invalid:0")]);
    let output = home.run(&["serve"]);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("cannot listen on no-such-name.invalid:0"), "{complaint}");
    home.is_in_one_file();
}
