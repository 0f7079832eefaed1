//! What programs call with.
//!
//! An API key belongs to an account and was given permissions. What it is worth at any moment is decided in one place,
//! `authority/counting.rs`: no more than what was given to it, and no more than what those hold who may know its secret.

mod authenticate;
mod create;
mod draft;
mod event;
mod list;
mod read;
mod replace;
mod revoke;
mod rotate;
mod secret;
mod view;
mod within;

pub use draft::ApiKeyDraft;
pub use secret::IssuedApiKey;
pub use view::{ApiKeySecretView, ApiKeyStatus, ApiKeyView};
