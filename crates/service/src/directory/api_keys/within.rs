//! No API key makes one that may more than itself.
//!
//! What a key may is three things: what it holds, from where it calls, and until when. The first is asked for wherever something
//! is given; here it is about the other two. A secret that was shown to a program is bound to that program's key at every
//! request (`counting.rs`). A key is not: whoever has its older secrets, or is shown another one by a person, gets what its row
//! says. So a program writes no row that says more than its own does. Otherwise whoever has stolen a key that is limited would
//! lift the limit: by a key that it made, or by the secret of another that it rotated.

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

/// Refuses to let a program make what `draft` says of the key that is `before` now, or of a new one, and grant it `granted`,
/// unless the key may only less than before, or no more than the program's own. Where its own secret was shown to another
/// program it is bound to that one's key as well. A person may. The keys that the actor acts by are locked.
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
    // Of three things none may become more for itself: a permission more is one more wherever the key calls from.
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
    /// None: from anywhere.
    networks: &'a [IpNet],
    /// `None`: for ever.
    expires_at: Option<Time>,
}

/// What goes beyond limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum More {
    Networks,
    Time,
}

impl More {
    const fn why(self) -> &'static str {
        match self {
            Self::Networks => {
                "the API key that was sent calls from its own networks only, so it makes no key that calls from others; name \
                 networks within those, or let a person do this"
            }
            Self::Time => {
                "the API key that was sent ends, so it makes no key that ends later or never; name an earlier end, or let a \
                 person do this"
            }
        }
    }
}

impl<'a> Limits<'a> {
    fn of(key: &'a ApiKey) -> Self {
        Self { networks: &key.networks, expires_at: key.expires_at }
    }

    /// What of `other` goes beyond these.
    fn exceeded_by(&self, other: &Limits<'_>) -> Option<More> {
        // Neighbours together, so that a network that lies in two of them lies in one.
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

/// The networks of a key; where none is named, all that there are. Those of IPv4 are never written as IPv6.
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
            // Next to each other, but no one network.
            (&["203.0.113.0/24"], &["203.0.113.0/24", "203.0.114.0/32"]),
        ] {
            assert!(beyond(own, wanted), "{own:?} {wanted:?}");
        }
    }
}
