//! Which users of an account need a second factor.

mod if_match;
mod long_lists;
mod modes;
mod preview;
mod preview_pages;
mod refused_ids;
mod two_administrators;
