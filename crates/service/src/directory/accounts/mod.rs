//! What platform administrators do with accounts.
//!
//! An account is active, suspended or being deleted. Only an active one lets anybody or anything of it in: that is decided
//! in one place, `Account::lets_in` of the store, which `users::active` and `users::lock_active` ask for everybody else.

mod acted_upon;
mod create;
mod delete;
mod insert;
mod limits;
mod list;
mod read;
mod resume;
mod suspend;
mod undelete;
mod update;
mod view;

pub use create::{CreatedAccount, NewAccount};
pub(crate) use insert::insert_account;
pub use limits::{LimitChange, LimitsChange};
pub use update::AccountChange;
pub use view::AccountView;
pub(crate) use view::view;
