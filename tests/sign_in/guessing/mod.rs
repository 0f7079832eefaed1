//! What is promised against those who guess and measure.

mod code_throttle;
mod equal_time;
mod known_source;
mod one_reply_for_failure;
mod password_throttle;
mod source_throttle;
