//! How strong a new password must be.

mod class;
mod custom;
mod preset;
mod rules;

pub(crate) use class::Class;
pub use custom::{CustomStrength, CustomStrengthDraft};
pub use preset::{Preset, Strength};
pub use rules::{Rules, SignIn};
