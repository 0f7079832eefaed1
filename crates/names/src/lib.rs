#![doc = include_str!("../README.md")]

mod fold;
mod invisible;
mod search;
mod skeleton;

pub use fold::fold;
pub use invisible::{Hidden, find_hidden, is_blank};
pub use search::{SearchKeys, SearchedText, keys_of_query};
pub use skeleton::skeleton;
