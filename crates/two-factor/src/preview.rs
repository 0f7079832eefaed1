//! Groups users by what a change of the policy would mean for them.

/// The group of a preview that a user belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Will be asked, and must enroll a device at the next sign-in.
    WillEnroll,
    /// Will be asked, and has a device.
    AlreadyEnrolled,
    /// Is asked now and will not be.
    NoLongerAsked,
}

/// The group of a user whom the policy asks `asked_now`, would ask `asked_then`, and who has a device if `enrolled`.
/// `None`: the change does not affect this user.
pub const fn group(asked_now: bool, asked_then: bool, enrolled: bool) -> Option<Group> {
    match (asked_now, asked_then, enrolled) {
        (_, true, false) => Some(Group::WillEnroll),
        (_, true, true) => Some(Group::AlreadyEnrolled),
        (true, false, _) => Some(Group::NoLongerAsked),
        (false, false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Group::*, *};

    #[test]
    fn every_user_stands_in_one_group_or_none() {
        for (asked_now, asked_then, enrolled, expected) in [
            (false, false, false, None),
            (false, false, true, None),
            (false, true, false, Some(WillEnroll)),
            (false, true, true, Some(AlreadyEnrolled)),
            (true, false, false, Some(NoLongerAsked)),
            (true, false, true, Some(NoLongerAsked)),
            (true, true, false, Some(WillEnroll)),
            (true, true, true, Some(AlreadyEnrolled)),
        ] {
            assert_eq!(group(asked_now, asked_then, enrolled), expected, "{asked_now} {asked_then} {enrolled}");
        }
    }
}
