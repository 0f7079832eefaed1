//! Nothing secret is written anywhere but where it has to be.

mod needles;
mod never_written;
mod story;
