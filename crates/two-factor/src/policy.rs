//! Modes of the two-factor policy.

use std::str::FromStr;

/// How an account decides of whom a second factor is required at sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nobody is asked.
    Disabled,
    /// Everybody is asked.
    AllUsers,
    /// Users on the list are asked.
    SelectedUsers,
    /// Everybody except users on the list is asked.
    AllUsersExcept,
}

/// The text is not the name of a [`Mode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be disabled, all_users, selected_users or all_users_except")]
pub struct UnknownMode;

impl Mode {
    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::AllUsers => "all_users",
            Self::SelectedUsers => "selected_users",
            Self::AllUsersExcept => "all_users_except",
        }
    }

    /// Whether the list of users is used in this mode.
    pub const fn has_list(self) -> bool {
        match self {
            Self::Disabled | Self::AllUsers => false,
            Self::SelectedUsers | Self::AllUsersExcept => true,
        }
    }

    /// Whether a user is asked, given whether the user is on the list.
    pub const fn asks(self, listed: bool) -> bool {
        match self {
            Self::Disabled => false,
            Self::AllUsers => true,
            Self::SelectedUsers => listed,
            Self::AllUsersExcept => !listed,
        }
    }
}

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        match text {
            "disabled" => Ok(Self::Disabled),
            "all_users" => Ok(Self::AllUsers),
            "selected_users" => Ok(Self::SelectedUsers),
            "all_users_except" => Ok(Self::AllUsersExcept),
            _ => Err(UnknownMode),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_asks_whom_its_name_says() {
        // mode, name, has a list, asks who is not listed, asks who is listed
        for (mode, name, has_list, unlisted, listed) in [
            (Mode::Disabled, "disabled", false, false, false),
            (Mode::AllUsers, "all_users", false, true, true),
            (Mode::SelectedUsers, "selected_users", true, false, true),
            (Mode::AllUsersExcept, "all_users_except", true, true, false),
        ] {
            assert_eq!(mode.as_str(), name);
            assert_eq!(name.parse(), Ok(mode));
            assert_eq!(mode.has_list(), has_list, "{name}");
            assert_eq!((mode.asks(false), mode.asks(true)), (unlisted, listed), "{name}");
        }
    }

    #[test]
    fn other_spellings_are_no_mode() {
        for text in ["", "Disabled", "all-users", " all_users", "all_users\0"] {
            assert_eq!(text.parse::<Mode>(), Err(UnknownMode), "{text:?}");
        }
    }
}
