//! Raw bytes on a connection, for requests that no HTTP library would send.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

/// How long a reply may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection.
pub struct Raw(TcpStream);

impl Raw {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    /// Sends bytes. False: the other side has hung up.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).is_ok()
    }

    /// Sends the head of a request with a body of `length` bytes, and waits until the service has it and asks for the body
    /// (RFC 9110 §10.1.1). From then on the request is under way.
    #[track_caller]
    pub fn begin_post(&mut self, path: &str, length: usize) {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Expect: 100-continue\r\n\r\n"
        );
        assert!(self.send(head));
        let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut answer = vec![0; go_on.len()];
        self.0.read_exact(&mut answer).unwrap();
        assert_eq!(answer, go_on);
    }

    /// All that comes until the other side hangs up.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn rest(&mut self) -> String {
        let (mut bytes, mut buffer) = (Vec::new(), [0; 8192]);
        let since = Instant::now();
        loop {
            match self.0.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
                // Hung up while something of ours was on the way.
                Err(why) if why.kind() == ErrorKind::ConnectionReset => break,
                Err(why) => panic!("{why} after {:?}: {}", since.elapsed(), String::from_utf8_lossy(&bytes)),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// What comes back for these bytes, until the other side hangs up.
#[track_caller]
pub fn exchange(address: SocketAddr, bytes: impl AsRef<[u8]>) -> String {
    let mut raw = Raw::connect(address);
    raw.send(bytes);
    raw.rest()
}

/// The statuses of the replies in `text`, in their order.
pub fn statuses_in(text: &str) -> Vec<u16> {
    let heads = text.match_indices("HTTP/1.").map(|(at, _)| &text[at..]);
    heads.filter_map(|head| head.split(' ').nth(1)?.parse().ok()).collect()
}
