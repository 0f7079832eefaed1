//! The rules that a new password must meet.

use super::class::Class;
use crate::{Failure, InvalidPassword, Password};

/// How the user signs in, which decides how strong the password alone must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// With the password and nothing else.
    PasswordOnly,
    /// With a second factor after the password, each time.
    WithSecondFactor,
}

/// The minimums for a new password, in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub(super) length: u8,
    pub(super) uppercase: u8,
    pub(super) lowercase: u8,
    pub(super) digits: u8,
    pub(super) specials: u8,
}

impl Rules {
    pub(super) const fn length_only(length: u8) -> Self {
        Self { length, uppercase: 0, lowercase: 0, digits: 0, specials: 0 }
    }

    /// Code points in all.
    pub const fn min_length(self) -> u8 {
        self.length
    }

    /// Uppercase letters (`Lu`, `Lt`).
    pub const fn min_uppercase(self) -> u8 {
        self.uppercase
    }

    /// Lowercase letters (`Ll`).
    pub const fn min_lowercase(self) -> u8 {
        self.lowercase
    }

    /// Numbers (`N*`).
    pub const fn min_digits(self) -> u8 {
        self.digits
    }

    /// Characters that are neither letters, marks nor numbers.
    pub const fn min_specials(self) -> u8 {
        self.specials
    }

    /// Whether any class of characters is required.
    pub const fn asks_for_composition(self) -> bool {
        self.uppercase > 0 || self.lowercase > 0 || self.digits > 0 || self.specials > 0
    }

    /// All rules that the password breaks, in a fixed order.
    pub(crate) fn broken_by(self, password: &Password) -> Vec<Failure> {
        let count = |class| password.expose().chars().filter(|c| Class::of(*c) == class).count();
        let rule = |least: u8, present: usize, failure: fn(u8) -> Failure| {
            (present < usize::from(least)).then(|| failure(least))
        };
        let broken = [
            rule(self.length, password.length(), Failure::TooShort),
            rule(self.uppercase, count(Class::Uppercase), Failure::NeedsUppercase),
            rule(self.lowercase, count(Class::Lowercase), Failure::NeedsLowercase),
            rule(self.digits, count(Class::Digit), Failure::NeedsDigit),
            rule(self.specials, count(Class::Special), Failure::NeedsSpecial),
        ];
        broken.into_iter().flatten().collect()
    }

    /// The failure to report for a text that is not a valid [`Password`].
    pub const fn failure_of(self, why: InvalidPassword) -> Failure {
        match why {
            InvalidPassword::Empty => Failure::TooShort(self.length),
            InvalidPassword::TooLong => Failure::TooLong,
        }
    }
}
