//! What platform administrators do with accounts.
//!
//! An account is active, suspended or being deleted. Only an active one lets anybody or anything of it in: that is decided
//! in one place, `store::tables::accounts::active`, which also `users::active` and `users::lock_active` ask for.

mod acted_upon;
mod create;
mod delete;
mod limits;
mod list;
mod read;
mod resume;
mod suspend;
mod undelete;
mod update;
mod view;

pub use create::{CreatedAccount, NewAccount};
pub use limits::{LimitChange, LimitsChange};
pub use update::AccountChange;
pub use view::AccountView;
