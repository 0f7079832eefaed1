//! What the policies ask of one user at this moment.

/// The authenticator app of a user, as far as the login is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// None is confirmed.
    Absent,
    /// Confirmed because the policy asked: sleeps when the policy does not.
    Enrolled,
    /// Confirmed by the user's own choice: always asked.
    EnrolledByChoice,
}

/// What is asked beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactorDemand {
    /// Nothing.
    Nothing,
    /// A device has to be enrolled first.
    Enrollment,
    /// A code.
    Code,
}

impl SecondFactorDemand {
    /// What is asked of a user whom the account's policy asks, or does not, and who has this device.
    pub const fn of(policy_asks: bool, device: Device) -> Self {
        match (policy_asks, device) {
            (true, Device::Absent) => Self::Enrollment,
            (true, Device::Enrolled) | (true | false, Device::EnrolledByChoice) => Self::Code,
            (false, Device::Absent | Device::Enrolled) => Self::Nothing,
        }
    }
}

/// All that is asked between the right password and the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demands {
    /// The second factor.
    pub second_factor: SecondFactorDemand,
    /// Whether a new password has to be chosen.
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
