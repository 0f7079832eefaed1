//! Administrators of the platform.

mod administrators;
mod lost_phone;
mod two_factor;
