//! The first password.

mod activate;
