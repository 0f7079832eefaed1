//! The threads that hash passwords, apart from those that serve requests.
//!
//! A hash costs some 20 ms of a core and 19 MiB. So: a fixed number of threads, each with memory of its own that it keeps
//! (OWASP's parameters assume that a server bounds how many run at once); below-normal priority, so that requests that
//! need no hash stay quick; a bounded queue, and a bounded wait in it, after which a login is turned away at once instead
//! of hanging.

//!
//! Hashes that other systems made may cost far more than ours. They are checked one at a time, so that they keep no more
//! than one thread from all others; and a failed login takes as long as the most costly of them ([`Costliest`]).

mod costliest;
mod pool;

pub(crate) use costliest::{COSTLY_FROM_MILLISECONDS, Costliest};
pub(crate) use pool::Hashing;
