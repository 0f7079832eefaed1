//! TLS between the service and PostgreSQL, as configured by libpq's `sslmode` and `sslrootcert` in the URL.

use std::path::PathBuf;

use crate::support::{Home, postgres::Server};

/// A server that takes encrypted connections only and shows a certificate for this name, and the file with that certificate.
fn server_for(name: &str) -> (Server, PathBuf) {
    let mut server = Server::start();
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let certificate = server.write("server.crt", &cert.pem());
    server.write("server.key", &signing_key.serialize_pem());
    server.run("postgres", "ALTER SYSTEM SET ssl = on");
    // The socket is how the test asks; over TCP only what is encrypted gets in.
    server.write("pg_hba.conf", "local all all trust\nhostssl all all 127.0.0.1/32 trust\n");
    // What was written counts from the next start on.
    server.stop();
    server.resume();
    (server, certificate)
}

fn home(server: &Server, settings: &str) -> Home {
    let url = format!("postgres://latchkey@localhost:{}/postgres?hostaddr=127.0.0.1&{settings}", server.port());
    Home::at(&url, &[("KEYS__MASTER_KEY", &"A".repeat(43))])
}

#[track_caller]
fn is_refused(home: &Home, says: &str) {
    for arguments in [["serve"], ["doctor"]] {
        let output = home.run(&arguments);
        let text = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?} does not say {says:?}: {text}");
    }
}

#[test]
#[ignore = "needs PostgreSQL"]
fn with_verify_full_every_connection_is_encrypted() {
    let (server, certificate) = server_for("localhost");
    let mut home = home(&server, &format!("sslmode=verify-full&sslrootcert={}", certificate.display()));
    let serving = home.serve();
    home.keep_address_of(&serving);
    let encrypted = "SELECT ssl::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                     WHERE client_addr IS NOT NULL";
    let connections = server.ask("postgres", encrypted);
    assert!(!connections.is_empty() && connections.iter().all(|ssl| ssl == "true"), "{connections:?}");
}

#[test]
#[ignore = "needs PostgreSQL"]
fn with_verify_full_a_server_that_is_somebody_else_is_refused() {
    let (server, certificate) = server_for("elsewhere.example");
    let verified = |root: &str| format!("sslmode=verify-full&sslrootcert={root}");
    is_refused(&home(&server, &verified(certificate.to_str().unwrap())), "does not match host name \"localhost\"");
    let stranger = tempfile::NamedTempFile::new().unwrap();
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(stranger.path(), other.cert.pem()).unwrap();
    is_refused(&home(&server, &verified(stranger.path().to_str().unwrap())), "certificate verify failed");
    is_refused(&home(&server, "sslmode=disable"), "no encryption");
    drop(home(&server, "sslmode=require").serve());
}
