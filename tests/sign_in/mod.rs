//! From the user name to the session, and what happens in it.

mod activate;
mod guessing;
mod login;
mod overload;
mod own_recovery_codes;
mod session;
