//! Hashes passwords on threads of their own, apart from those that serve requests.
//!
//! A hash costs about 20 ms of a core and 19 MiB. So there is a fixed number of threads, each with memory that it keeps
//! (OWASP's parameters assume that a server bounds how many run at once). They have a below-normal priority, so that
//! requests that need no hash stay quick. Their queue is bounded, and so is the wait in it, after which a login is
//! rejected at once instead of hanging.
//!
//! Hashes from other systems may cost far more than Latchkey's own. They are checked one at a time, so that they keep
//! no more than one thread from all others, and a failed login takes as long as the most costly of them
//! ([`Costliest`]).

mod costliest;
mod pool;

pub(crate) use costliest::{COSTLY_FROM_MILLISECONDS, Costliest};
pub(crate) use pool::Hashing;
