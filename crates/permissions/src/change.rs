//! Who may grant what.

use crate::{Permission, PermissionSet};

/// What a new set of permissions changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// To be added.
    pub granted: PermissionSet,
    /// To be taken away.
    pub revoked: PermissionSet,
}

/// Why a change is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantRefused {
    /// Nobody grants what they do not hold (ASVS 5.0 §8.2.1).
    #[error("{0} can be granted only by somebody who holds it")]
    NotHeld(Permission),
    /// The permission has no meaning in a customer's account.
    #[error("{0} can be held in the platform's own account only")]
    PlatformOnly(Permission),
}

/// Turns `current` into `wanted` on behalf of somebody who holds `held`. `in_platform`: the user belongs to the
/// platform's own account. What the user has already is not granted anew, so a held who holds less can still add and
/// remove what is theirs.
pub fn change(
    held: &PermissionSet,
    current: &PermissionSet,
    wanted: &PermissionSet,
    in_platform: bool,
) -> Result<Change, GrantRefused> {
    let granted = wanted.without(current);
    for permission in granted.iter() {
        if permission.is_platform_only() && !in_platform {
            return Err(GrantRefused::PlatformOnly(permission));
        }
        if !held.covers(permission) {
            return Err(GrantRefused::NotHeld(permission));
        }
    }
    Ok(Change { granted, revoked: current.without(wanted) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All sixteen sets.
    fn sets() -> Vec<PermissionSet> {
        (0..16_u8)
            .map(|bits| {
                Permission::ALL.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, p)| p).collect()
            })
            .collect()
    }

    #[test]
    fn nobody_ever_gives_what_they_do_not_hold() {
        for held in sets() {
            for current in sets() {
                for wanted in sets() {
                    for in_platform in [false, true] {
                        let outcome = change(&held, &current, &wanted, in_platform);
                        let new: Vec<_> = wanted.iter().filter(|p| !current.contains(*p)).collect();
                        let escalates = new.iter().any(|p| !held.covers(*p));
                        let misplaced = !in_platform && new.contains(&Permission::PlatformAdministration);
                        assert_eq!(outcome.is_err(), escalates || misplaced, "{held:?} {current:?} {wanted:?}");
                        if let Ok(change) = outcome {
                            let kept = current.without(&change.revoked);
                            let result: PermissionSet = kept.iter().chain(change.granted.iter()).collect();
                            assert_eq!(result, wanted);
                        }
                    }
                }
            }
        }
    }
}
