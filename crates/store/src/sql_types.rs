//! Column types that each database stores in its own best way, and the values that go into them.

mod id;
mod time;

// Public for `table!`, whose modules are; this module is not, so they do not leave the crate.
pub use id::EntityId;
pub(crate) use id::SqlId;
pub use time::Moment;
pub(crate) use time::SqlTime;
