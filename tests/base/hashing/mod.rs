//! What hashes of passwords cost, and what goes into them.

mod cost;
mod pepper;
