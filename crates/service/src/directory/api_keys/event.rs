//! The audit details of a key's limits.

use ::audit::Event;
use store::tables::directory::api_keys::ApiKey;

/// Adds the networks and the expiry of the key, and what they were before.
pub(super) fn limits(event: Event, before: Option<&ApiKey>, key: &ApiKey) -> Event {
    let end = |key: &ApiKey| key.expires_at.map(|end| end.to_rfc3339());
    let networks = key.networks.iter().map(ToString::to_string);
    match before {
        None => event.with_list("networks", networks).with("expires_at", end(key)),
        Some(before) if before.networks == key.networks => event.with_change("expires_at", end(before), end(key)),
        Some(before) => event
            .with_list("networks_before", before.networks.iter().map(ToString::to_string))
            .with_list("networks", networks)
            .with_change("expires_at", end(before), end(key)),
    }
}
