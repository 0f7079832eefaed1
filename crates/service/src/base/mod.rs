//! What every room stands on: the service itself, its settings, keys and threads, what goes in and out, and what is written down.

pub(crate) mod activation_url;
pub(crate) mod audit;
pub(crate) mod background;
pub(crate) mod error;
pub(crate) mod hashing;
pub(crate) mod idempotency;
pub(crate) mod model;
pub(crate) mod outbox;
pub(crate) mod permission_names;
pub(crate) mod platform_account;
pub(crate) mod prepared_words;
pub(crate) mod seal;
pub(crate) mod service;
pub(crate) mod settings;
pub(crate) mod throttling;
pub(crate) mod tokens;
