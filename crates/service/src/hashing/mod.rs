//! The threads that hash passwords, apart from those that serve requests.
//!
//! A hash costs some 20 ms of a core and 19 MiB. So: a fixed number of threads, each with memory of its own that it keeps
//! (OWASP's parameters assume that a server bounds how many run at once); below-normal priority, so that requests that
//! need no hash stay quick; a bounded queue, and a bounded wait in it, after which a login is turned away at once instead
//! of hanging.

mod pool;

pub(crate) use pool::Hashing;
