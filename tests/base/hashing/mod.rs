//! The cost of password hashes, and their secret keys.

mod cost;
mod pepper;
