//! What one user holds.

use std::collections::BTreeSet;

use crate::Permission;

/// The permissions of one user, without doubles, in the order of [`Permission::ALL`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionSet(BTreeSet<Permission>);

impl PermissionSet {
    /// Whether the holder may do what `needed` guards. `platform_administration` covers everything.
    pub fn covers(&self, needed: Permission) -> bool {
        self.contains(Permission::PlatformAdministration) || self.contains(needed)
    }

    /// Whether exactly this permission was granted.
    pub fn contains(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    /// Whether nothing was granted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was granted.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        self.0.iter().copied()
    }

    /// What is in this set and not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).copied().collect())
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_granted_is_covered_but_for_the_platform() {
        for held in Permission::ALL {
            let set: PermissionSet = [held].into_iter().collect();
            for needed in Permission::ALL {
                let expected = held == needed || held == Permission::PlatformAdministration;
                assert_eq!(set.covers(needed), expected, "{held} for {needed}");
                assert!(!PermissionSet::default().covers(needed));
            }
        }
    }
}
