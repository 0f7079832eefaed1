//! Keeps mails that wait to be sent.

mod kinds;
mod queue;

pub(crate) use kinds::{ACTIVATION, PASSWORD_EXPIRES};
pub(crate) use queue::{open, queue_activation};
