//! What every room of the service writes: events, counters of guesses, mails to send, replies to give again; and how statements are put together.

pub mod audit_events;
pub mod audit_heads;
pub(in crate::tables) mod audit_targets;
pub mod idempotency_keys;
pub mod lease;
pub mod outbox;
pub(in crate::tables) mod some_rows;
pub(crate) mod statement;
pub mod throttles;
