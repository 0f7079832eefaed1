//! Who may do what, read in one statement.

pub mod grants;
