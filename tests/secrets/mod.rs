//! Nothing secret is written anywhere except where it must be.

mod needles;
mod never_written;
mod story;
