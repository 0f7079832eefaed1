//! The demands of the policies on one user.

/// The state of a user's authenticator app, as far as the login is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// None is confirmed.
    Absent,
    /// Confirmed because the policy asked: asleep when the policy does not ask.
    Enrolled,
    /// Confirmed by the user's own choice: its code is always required.
    EnrolledByChoice,
}

/// The second factor that is required, in addition to the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactorDemand {
    /// Nothing.
    Nothing,
    /// A device must be enrolled first.
    Enrollment,
    /// A code.
    Code,
}

impl SecondFactorDemand {
    /// The demand on a user with this device, given whether the account's policy asks the user.
    pub const fn of(policy_asks: bool, device: Device) -> Self {
        match (policy_asks, device) {
            (true, Device::Absent) => Self::Enrollment,
            (true, Device::Enrolled) | (true | false, Device::EnrolledByChoice) => Self::Code,
            (false, Device::Absent | Device::Enrolled) => Self::Nothing,
        }
    }
}

/// Everything that is required between the right password and the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demands {
    /// The second factor.
    pub second_factor: SecondFactorDemand,
    /// Whether a new password must be chosen.
    pub password_change: bool,
}

#[cfg(test)]
mod tests {
    use super::{Device::*, SecondFactorDemand::*, *};

    #[test]
    fn policy_and_device_decide() {
        for (asks, device, expected) in [
            (false, Absent, Nothing),
            (false, Enrolled, Nothing),
            (false, EnrolledByChoice, Code),
            (true, Absent, Enrollment),
            (true, Enrolled, Code),
            (true, EnrolledByChoice, Code),
        ] {
            assert_eq!(SecondFactorDemand::of(asks, device), expected, "{asks} {device:?}");
        }
    }
}
