//! What waits to be told by mail.

mod kinds;
mod queue;

pub(crate) use kinds::{ACTIVATION, PASSWORD_EXPIRES};
pub(crate) use queue::{open, queue_activation};
