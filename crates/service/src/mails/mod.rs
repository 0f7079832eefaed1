//! Mails: queued in the transaction of what they tell, looked at again, and sent afterwards.

mod activation_url;
mod kinds;
mod letter;
mod queue;
mod send;
mod text;

pub use activation_url::{ActivationUrl, NotAnActivationUrl};
pub(crate) use kinds::{ACTIVATION, PASSWORD_EXPIRES};
pub(crate) use queue::queue_activation;
