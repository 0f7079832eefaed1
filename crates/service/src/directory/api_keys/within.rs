//! Keeps a program from making an API key that may do more than its own.
//!
//! What a key may do depends on three things: what it holds, from where it calls, and until when. The first is checked
//! wherever something is given; this module checks the other two. A secret that was shown to a program is bound to that
//! program's key at every request (`counting.rs`). A key is not: whoever has its older secrets, or is shown another one
//! by a user, gets what its row says. So a program may write no row that allows more than its own. Otherwise a thief of
//! a limited key would lift the limit: by a key that it creates, or by the secret of another that it rotates.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use kernel::Time;
use permissions::PermissionSet;
use store::{
    Conn,
    tables::directory::api_keys::{self, ApiKey},
};

use super::draft::ParsedDraft;
use crate::base::{
    error::{Error, Result},
    model::Actor,
};

/// Refuses to let a program turn the key `before`, or a new one, into what `draft` says and grant it `granted`, unless
/// the key may then do only less than before, or no more than the program's own key. If the program's own secret was
/// shown to it by another program, it is bound to that program's key as well. Users are not restricted. Locks the keys
/// that the actor acts by.
///
/// # Errors
/// [`Error::Conflict`].
pub(super) fn must_stay_within(
    conn: &mut Conn,
    actor: &Actor,
    before: Option<&ApiKey>,
    draft: &ParsedDraft,
    granted: &PermissionSet,
) -> Result<()> {
    let Some(presented) = actor.api_key() else { return Ok(()) };
    let wanted = Limits { networks: &draft.networks, expires_at: draft.expires_at };
    // None of the three may grow by itself: an added permission is one more wherever the key calls from.
    if granted.is_empty() && before.is_some_and(|before| Limits::of(before).exceeded_by(&wanted).is_none()) {
        return Ok(());
    }
    for (account, own) in presented.recipient.into_iter().chain([(actor.account_id, presented.id)]) {
        let own = api_keys::by_id(conn, account, own)?.ok_or(Error::InvalidToken)?;
        if let Some(more) = Limits::of(&own).exceeded_by(&wanted) {
            return Err(Error::Conflict(more.why().to_owned()));
        }
    }
    Ok(())
}

/// From where and until when a key may call.
struct Limits<'a> {
    /// Empty: from anywhere.
    networks: &'a [IpNet],
    /// `None`: forever.
    expires_at: Option<Time>,
}

/// The limit that is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum More {
    Networks,
    Time,
}

impl More {
    const fn why(self) -> &'static str {
        match self {
            Self::Networks => {
                "the API key that you sent works only from its own networks, so it cannot let a key work from others; \
                 name networks within those, or let a person do this"
            }
            Self::Time => {
                "the API key that you sent expires, so it cannot let a key expire later or never; name an earlier \
                 expiry, or let a person do this"
            }
        }
    }
}

impl<'a> Limits<'a> {
    fn of(key: &'a ApiKey) -> Self {
        Self { networks: &key.networks, expires_at: key.expires_at }
    }

    /// The part of `other` that exceeds these limits.
    fn exceeded_by(&self, other: &Limits<'_>) -> Option<More> {
        // Neighbors merged, so that a network that lies in two of them lies in one.
        let networks = IpNet::aggregate(&spelled_out(self.networks));
        let lies_within = |network: &IpNet| networks.iter().any(|own| own.contains(network));
        if !spelled_out(other.networks).iter().all(lies_within) {
            return Some(More::Networks);
        }
        match (self.expires_at, other.expires_at) {
            (None, _) => None,
            (Some(own), Some(end)) if end <= own => None,
            (Some(_), _) => Some(More::Time),
        }
    }
}

/// The networks of a key; all networks where none is named. IPv4 networks are never written as IPv6.
fn spelled_out(networks: &[IpNet]) -> Vec<IpNet> {
    match networks {
        [] => vec![Ipv4Net::default().into(), Ipv6Net::default().into()],
        networks => networks.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beyond(own: &[&str], wanted: &[&str]) -> bool {
        let read = |networks: &[&str]| networks.iter().map(|text| text.parse().unwrap()).collect::<Vec<IpNet>>();
        let (own, wanted) = (read(own), read(wanted));
        let limits = |networks| Limits { networks, expires_at: None };
        limits(&own).exceeded_by(&limits(&wanted)).is_some()
    }

    #[test]
    fn what_lies_in_several_networks_together_lies_within() {
        for (own, wanted) in [
            (&[][..], &[][..]),
            (&[], &["203.0.113.0/24", "::/0"]),
            (&["0.0.0.0/0", "::/0"], &[]),
            (&["203.0.113.0/24"], &["203.0.113.0/24"]),
            (&["203.0.113.0/24"], &["203.0.113.7/32", "203.0.113.128/25"]),
            (&["203.0.112.0/24", "203.0.113.0/24"], &["203.0.112.0/23"]),
            (&["2001:db8::/33", "2001:db8:8000::/33"], &["2001:db8::/32"]),
        ] {
            assert!(!beyond(own, wanted), "{own:?} {wanted:?}");
        }
    }

    #[test]
    fn what_lies_partly_outside_goes_beyond() {
        for (own, wanted) in [
            (&["203.0.113.0/24"][..], &[][..]),
            (&["0.0.0.0/0"], &[]),
            (&["::/0"], &[]),
            (&["::/0"], &["203.0.113.0/24"]),
            (&["0.0.0.0/0"], &["2001:db8::/32"]),
            (&["203.0.113.0/24"], &["203.0.112.0/23"]),
            (&["203.0.113.0/24"], &["203.0.113.7/32", "198.51.100.7/32"]),
            (&["203.0.113.0/24", "203.0.114.0/24"], &["203.0.112.0/22"]),
            // Adjacent, but not one network.
            (&["203.0.113.0/24"], &["203.0.113.0/24", "203.0.114.0/32"]),
        ] {
            assert!(beyond(own, wanted), "{own:?} {wanted:?}");
        }
    }
}
