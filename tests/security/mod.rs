//! What is promised against who guesses, measures and listens.

mod code_throttle;
mod equal_time;
mod hash_cost;
mod known_source;
mod locks;
mod many_nodes;
mod one_reply_for_failure;
mod overload;
mod password_throttle;
mod pepper;
mod promoted_user;
mod source_throttle;
mod stale_actor;
mod stale_issuer;
