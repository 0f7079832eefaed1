//! Constants of the platform's own account.

use two_factor::Mode;

/// The short name of the platform's own account.
pub const PLATFORM_SLUG: &str = "platform";

/// The two-factor mode of the platform's own account: everybody is asked, always. None of its administrators is exempt.
pub(crate) const PLATFORM_MODE: Mode = Mode::AllUsers;
