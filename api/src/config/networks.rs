//! Networks of proxies.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{Deserializer, de::Error};

use super::list::list;

/// The widest networks that make sense: `10.0.0.0/8`, `fc00::/7`. A wider one also contains clients.
pub(super) const WIDEST_V4: u8 = 8;
pub(super) const WIDEST_V6: u8 = 7;

/// The network in which IPv6 embeds IPv4 addresses.
const MAPPED: (Ipv6Addr, u8) = (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96);

/// A list of networks in CIDR notation. A single address is a network of one.
pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = list(deserializer)?;
    let parsed = texts.iter().zip(1..).map(|(text, number): (&String, usize)| {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(canonical).map_err(|_| {
            D::Error::custom(format_args!(
                "entry {number} is not a network; write an address, with or without a prefix length, as in 10.0.0.0/8"
            ))
        })
    });
    parsed.collect()
}

/// An IPv4 network embedded in IPv6 as IPv4, because client addresses are compared in that form.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(v6) = network else { return network.trunc() };
    let bits = v6.prefix_len().checked_sub(MAPPED.1);
    match v6.network().to_ipv4_mapped().zip(bits).and_then(|(v4, bits)| Ipv4Net::new(v4, bits).ok()) {
        Some(v4) => IpNet::V4(v4).trunc(),
        None => network.trunc(),
    }
}

/// Whether trusting this network means trusting strangers: then anybody could claim any address.
pub(super) fn is_too_wide(network: &IpNet) -> bool {
    match canonical(*network) {
        IpNet::V4(v4) => v4.prefix_len() < WIDEST_V4 || v4.network() == Ipv4Addr::UNSPECIFIED,
        IpNet::V6(v6) => v6.prefix_len() < WIDEST_V6 || holds_ipv4(&v6),
    }
}

/// Whether it contains all of IPv4.
fn holds_ipv4(network: &Ipv6Net) -> bool {
    network.prefix_len() <= MAPPED.1 && network.contains(&MAPPED.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    #[test]
    fn networks_of_ipv4_are_compared_as_such() {
        for (written, meant) in [
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:192.0.2.7/128", "192.0.2.7/32"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("fc00::/7", "fc00::/7"),
            ("::1/128", "::1/128"),
        ] {
            assert_eq!(canonical(network(written)), network(meant), "{written}");
        }
    }

    #[test]
    fn nobody_trusts_everybody() {
        let all = ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "::ffff:0:0/96", "0.0.0.0/1", "128.0.0.0/1", "2000::/3"];
        for wide in all.into_iter().chain(["::/64", "::ffff:0:0/90", "0.0.0.0/8", "10.0.0.0/7"]) {
            assert!(is_too_wide(&network(wide)), "{wide}");
        }
        for meant in ["10.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128", "192.0.2.7/32", "::ffff:10.0.0.0/104"] {
            assert!(!is_too_wide(&network(meant)), "{meant}");
        }
    }
}
