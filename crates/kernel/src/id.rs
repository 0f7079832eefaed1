//! Typed ids.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::{Random, Time};

/// A `UUIDv7` (RFC 9562 §5.7) of a `T`: an `Id<Account>` cannot be used as an `Id<User>`.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

/// The text is not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a UUID in the form 8-4-4-4-12")
    }
}

impl std::error::Error for InvalidId {}

impl<T> Id<T> {
    /// A new id whose order follows `now` (to the millisecond) and whose other 74 bits are random.
    pub fn generate(now: Time, random: &mut impl Random) -> Self {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random.bytes()).into_uuid())
    }

    /// The smallest id that can be generated at `now`: all that were generated in an earlier millisecond are smaller.
    pub fn smallest_of(now: Time) -> Self {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
    }

    /// The id with this value.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The value without its type.
    pub const fn as_uuid(self) -> Uuid {
        self.0
    }

    /// The 16 bytes of the value.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = InvalidId;

    /// Accepts the hyphenated form only, so that one id has one spelling (except for case).
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if text.len() != uuid::fmt::Hyphenated::LENGTH {
            return Err(InvalidId);
        }
        Uuid::try_parse(text).map(Self::from_uuid).map_err(|_| InvalidId)
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

    use chrono::DateTime;

    use super::*;
    use crate::OsRandom;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let at = |millis| Id::<()>::generate(DateTime::from_timestamp_millis(millis).unwrap(), &mut OsRandom);
        assert!(at(1_700_000_000_000) < at(1_700_000_000_001));
        assert_eq!(at(5).as_uuid().get_version_num(), 7);
        let smallest = Id::<()>::smallest_of(DateTime::from_timestamp_millis(1_700_000_000_000).unwrap());
        assert!(at(1_699_999_999_999) < smallest && smallest <= at(1_700_000_000_000));
    }

    #[test]
    fn only_the_hyphenated_form_is_read() {
        let id = Id::<()>::generate(DateTime::from_timestamp_millis(9).unwrap(), &mut OsRandom);
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in ["", "x", &id.as_uuid().simple().to_string(), &format!("{{{id}}}"), &format!("urn:uuid:{id}")] {
            assert_eq!(bad.parse::<Id<()>>(), Err(InvalidId), "{bad}");
        }
        assert_eq!(InvalidId.to_string(), "not a UUID in the form 8-4-4-4-12");
    }

    #[test]
    fn two_ids_are_two_in_a_set_and_in_print() {
        let [one, other] = [1, 2].map(|number| Id::<()>::from_uuid(Uuid::from_u128(number)));
        assert_ne!(one, other);
        let hash = |id| BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
        assert_eq!((hash(one) == hash(one), hash(one) == hash(other)), (true, false));
        assert_eq!(format!("{one} {other:?}"), format!("{} {}", one.as_uuid(), other.as_uuid()));
    }
}
