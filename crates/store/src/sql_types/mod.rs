//! Column types that each database stores in its own best way, and the values that go into them.

mod id;
mod time;

// Public for `table!` and for the derives of records, which are public; this module is not, so they do not leave the crate.
pub use id::{EntityId, SqlId};
pub use time::{Moment, SqlTime};
