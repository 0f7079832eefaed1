//! What every operation does: events, and repeated replies.

mod audit;
mod hashing;
mod idempotency;
mod locks;
mod many_nodes;
