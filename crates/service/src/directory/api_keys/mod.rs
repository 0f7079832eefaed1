//! API keys: what programs authenticate with.
//!
//! An API key belongs to an account and is given permissions. Which of them are effective is decided in one place,
//! `authority/counting.rs`: no more than it was given, and no more than those hold who may know its secret.

mod authenticate;
mod create;
mod draft;
mod event;
mod read;
mod replace;
mod revoke;
mod rotate;
mod secret;
mod view;
mod within;

pub use draft::ApiKeyDraft;
pub use secret::IssuedApiKey;
pub use view::ApiKeyView;
