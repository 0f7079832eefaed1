//! Tables that all parts of the service write: events, guess counters, mails to send, replies to repeat; and the
//! building blocks of statements.

pub mod audit_events;
pub mod audit_heads;
pub(in crate::tables) mod audit_targets;
pub mod idempotency_keys;
pub mod lease;
pub mod outbox;
pub(in crate::tables) mod some_rows;
pub(crate) mod statement;
pub mod throttles;
