//! What every room uses: the service itself, its settings, keys and threads, its inputs and outputs, and the audit
//! trail.

pub(crate) mod activation_url;
pub(crate) mod audit;
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
pub(crate) mod tx;
