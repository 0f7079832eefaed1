//! Protection against guessing and timing.

mod code_throttle;
mod equal_time;
mod known_source;
mod one_reply_for_failure;
mod password_throttle;
mod source_throttle;
