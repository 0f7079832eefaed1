//! Identifies where a request comes from.

use std::net::IpAddr;

/// Where a request comes from, as far as the transport can tell.
#[derive(Clone, Debug)]
pub struct Source {
    /// The client's address.
    pub address: IpAddr,
    /// The client's own name for itself.
    pub user_agent: Option<String>,
    /// The id of the request in the log.
    pub request_id: String,
}

impl Source {
    /// What counts as one source: for IPv6 the /64 network, since one client has all of its addresses.
    pub(crate) fn network(&self) -> [u8; 16] {
        match self.address.to_canonical() {
            IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
            IpAddr::V6(address) => {
                let mut octets = address.octets();
                octets.iter_mut().skip(8).for_each(|octet| *octet = 0);
                octets
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_one_source_and_mapped_addresses_are_those_of_ipv4() {
        let network = |text: &str| {
            Source { address: text.parse().unwrap(), user_agent: None, request_id: String::new() }.network()
        };
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("192.0.2.1"), network("::ffff:192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
