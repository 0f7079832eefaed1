//! The address to listen on, or a host name.

use std::{
    fmt, io,
    net::{SocketAddr, ToSocketAddrs as _},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, de};

/// What an operator may write.
const WANTED: &str = "an address or host name with a port, as in 127.0.0.1:8080 or localhost:8080";

/// An address with a port, or a host name with a port: then the server listens on all its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bind(Place);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Address(SocketAddr),
    Name { name: String, port: u16 },
}

/// The text is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {WANTED}")]
pub struct NotABind;

impl Bind {
    /// The port; 0: one that the system chooses.
    pub const fn port(&self) -> u16 {
        match &self.0 {
            Place::Address(address) => address.port(),
            Place::Name { port, .. } => *port,
        }
    }

    /// Sets another port.
    pub fn set_port(&mut self, new: u16) {
        match &mut self.0 {
            Place::Address(address) => address.set_port(new),
            Place::Name { port, .. } => *port = new,
        }
    }

    /// All addresses. Asks the system for those of a host name, which may take a while.
    ///
    /// # Errors
    /// The system knows no address of this name.
    pub fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        let (name, port) = match &self.0 {
            Place::Address(address) => return Ok(vec![*address]),
            Place::Name { name, port } => (name.as_str(), *port),
        };
        let mut addresses: Vec<SocketAddr> = Vec::new();
        for address in (name, port).to_socket_addrs()? {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        if addresses.is_empty() { Err(io::Error::other("the name has no address")) } else { Ok(addresses) }
    }

    /// Whether only this machine can reach it, as far as that is known without looking up a host name.
    pub fn is_loopback(&self) -> bool {
        match &self.0 {
            Place::Address(address) => address.ip().to_canonical().is_loopback(),
            Place::Name { name, .. } => name.eq_ignore_ascii_case("localhost"),
        }
    }
}

impl From<SocketAddr> for Bind {
    fn from(address: SocketAddr) -> Self {
        Self(Place::Address(address))
    }
}

impl FromStr for Bind {
    type Err = NotABind;

    fn from_str(text: &str) -> Result<Self, NotABind> {
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(address.into());
        }
        let (name, port) = text.rsplit_once(':').ok_or(NotABind)?;
        let port = Some(port).filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
        let port = port.and_then(|port| port.parse().ok()).ok_or(NotABind)?;
        // A name whose last part is a number is an address, and this one did not parse.
        let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
        let is_name = last.bytes().any(|byte| byte.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if is_name { Ok(Self(Place::Name { name: name.to_owned(), port })) } else { Err(NotABind) }
    }
}

impl fmt::Display for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Address(address) => address.fmt(f),
            Place::Name { name, port } => write!(f, "{name}:{port}"),
        }
    }
}

impl<'de> Deserialize<'de> for Bind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Bind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(WANTED)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Bind, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bind(text: &str) -> Bind {
        text.parse().unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    #[test]
    fn addresses_and_names_are_taken_with_a_port() {
        for text in ["127.0.0.1:8080", "[::1]:0", "0.0.0.0:80", "localhost:8080", "id.example.org:443", "latchkey_1:1"]
        {
            assert_eq!(bind(text).to_string(), text);
        }
        for text in ["", ":8080", "8080", "localhost", "127.0.0.1", "::1:8080", "*:8080", "http://localhost:8080"] {
            assert_eq!(text.parse::<Bind>(), Err(NotABind), "{text}");
        }
        for text in ["localhost:", "localhost:+80", "localhost:65536", "localhost: 80", "999.0.0.1:80", "a b:80"] {
            assert_eq!(text.parse::<Bind>(), Err(NotABind), "{text}");
        }
    }

    #[test]
    fn a_name_stands_for_its_addresses_on_the_same_port() {
        let addresses = bind("localhost:4711").addresses().unwrap();
        assert!(!addresses.is_empty());
        assert!(addresses.iter().all(|address| address.ip().is_loopback() && address.port() == 4711), "{addresses:?}");
        let mut moved = bind("localhost:0");
        moved.set_port(7);
        assert_eq!((moved.port(), moved.to_string().as_str()), (7, "localhost:7"));
    }

    #[test]
    fn loopback_is_told_from_what_others_can_reach() {
        for text in ["127.0.0.1:1", "127.8.8.8:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "localhost:1", "LOCALHOST:1"] {
            assert!(bind(text).is_loopback(), "{text}");
        }
        for text in ["0.0.0.0:1", "[::]:1", "192.0.2.1:1", "id.example.org:1", "localhost.example.org:1"] {
            assert!(!bind(text).is_loopback(), "{text}");
        }
    }
}
