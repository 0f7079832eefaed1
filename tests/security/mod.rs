//! What is promised against who guesses, measures and listens.

mod code_throttle;
mod equal_time;
mod one_reply_for_failure;
mod password_throttle;
mod source_throttle;
