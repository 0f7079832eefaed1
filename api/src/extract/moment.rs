//! Timestamps in query parameters.

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use kernel::Time;
use serde::{Deserialize, Deserializer, de::Error};

/// An RFC 3339 timestamp in the years 1 to 9999: both databases support those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub Time);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let moment = DateTime::parse_from_rfc3339(&text).ok().map(|moment| moment.with_timezone(&Utc).trunc_subsecs(6));
        let moment = moment.filter(|moment| (1..=9999).contains(&moment.year()));
        moment
            .map(Self)
            .ok_or_else(|| D::Error::custom("expected an RFC 3339 timestamp such as `2026-11-25T08:00:00Z`"))
    }
}
