//! What every operation does: events, and replies that are given again.

mod audit;
mod hashing;
mod idempotency;
mod locks;
mod many_nodes;
