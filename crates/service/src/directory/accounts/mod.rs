//! What platform administrators do with accounts.
//!
//! An account is active, suspended or being deleted. Only users and API keys of an active account can authenticate.
//! This is decided in one place, `Account::lets_in` of the store; all other code goes through `users::active` and
//! `users::lock_active`.

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
