//! What is fixed for the platform's own account.

use two_factor::Mode;

/// The short name of the platform's own account.
pub const PLATFORM_SLUG: &str = "platform";

/// Whom the two-factor policy of the platform's own account asks: everybody, always. No administrator of it is excepted.
pub(crate) const PLATFORM_MODE: Mode = Mode::AllUsers;
