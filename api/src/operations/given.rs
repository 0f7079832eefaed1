//! A member that may be left out, but is not null.
//!
//! Where a member narrows down whom a request is about, null must not read like absent: a variable that was never set would
//! make the request about more people than were meant.

use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};

/// With `#[serde(default, deserialize_with = "given")]`: null is refused like any other value of a wrong type.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// That a member is there, whatever its value.
#[derive(Debug, Serialize)]
pub struct Present;

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}
