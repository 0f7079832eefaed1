#![doc = include_str!("../README.md")]

mod advice;
mod blocklist;
mod check;
mod conformance;
mod expiry;
mod failure;
mod field_error;
mod hash;
mod password;
mod policy;
mod precedence;
mod reminder;
mod reuse;
mod shortcomings;
mod strength;

pub use advice::{Advice, advise};
pub use blocklist::{Context, ContextSource, ForbiddenWords};
pub use check::check;
pub use conformance::{Finding, Standard, Surroundings, Verdict, conformance};
pub use expiry::{ExistingPasswords, Expiry, ExpirySetting};
pub use failure::Failure;
pub use field_error::FieldError;
pub use hash::{
    HashParams, Hasher, InvalidHash, InvalidHashParams, InvalidPepper, PasswordHash, Pepper, Peppers, Verified,
};
pub use password::{InvalidPassword, MAX_LENGTH, Password};
pub use policy::{ApplyToExisting, PasswordPolicy, PolicyDraft, can_be_forbidden};
pub use precedence::{Applied, Assignment, Via, applied};
pub use reminder::{REMINDER_DAYS, Reminder, due_reminder, next_reminder_at};
pub use reuse::{RememberLast, is_reused};
pub use shortcomings::Shortcomings;
pub use strength::{CustomStrength, CustomStrengthDraft, Preset, Rules, SignIn, Strength};
