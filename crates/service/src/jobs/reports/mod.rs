//! Reports: the state of an account in numbers.

mod passwords;
mod trend;
mod two_factor;

pub(crate) use trend::day_of;
pub(crate) use two_factor::now_of;

pub use passwords::{PasswordCounts, PasswordReport, PolicyCounts};
pub use trend::TrendPoint;
pub use two_factor::{RoleCounts, TwoFactorCounts, TwoFactorReport};
