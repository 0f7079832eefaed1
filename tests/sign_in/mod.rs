//! From the name to the session, and what goes on in it.

mod activate;
mod guessing;
mod login;
mod overload;
mod session;
