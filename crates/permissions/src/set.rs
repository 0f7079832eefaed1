//! Sets of permissions.

use std::collections::BTreeSet;

use crate::Permission;

/// Permissions without duplicates: built-in ones first, in the order of [`Permission::OURS`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionSet(BTreeSet<Permission>);

impl PermissionSet {
    /// Whether the holder may do what requires `needed`. `platform_administration` covers everything.
    pub fn covers(&self, needed: &Permission) -> bool {
        self.contains(&Permission::PlatformAdministration) || self.contains(needed)
    }

    /// Whether exactly this permission is in the set.
    pub fn contains(&self, permission: &Permission) -> bool {
        self.0.contains(permission)
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The built-in permissions in the set, without those that applications registered.
    #[must_use]
    pub fn ours(&self) -> Self {
        self.iter().filter(|permission| permission.is_ours()).cloned().collect()
    }

    /// The permissions in the set.
    pub fn iter(&self) -> impl Iterator<Item = &Permission> {
        self.0.iter()
    }

    /// What is in this set and not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).cloned().collect())
    }

    /// What is in this set, in `other`, or in both.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
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
    fn built_in_permissions_come_first_and_can_be_had_alone() {
        let set: PermissionSet = ["crm.invoices.approve", "platform_administration", "account_settings", "api_keys"]
            .into_iter()
            .map(|name| name.parse().unwrap())
            .collect();
        let names = |set: &PermissionSet| set.iter().map(Permission::to_string).collect::<Vec<_>>();
        let ours = ["account_settings", "api_keys", "platform_administration"];
        assert_eq!(names(&set.ours()), ours);
        assert_eq!(names(&set), [&ours[..], &["crm.invoices.approve"]].concat());
        assert!(!set.is_empty() && PermissionSet::default().is_empty());
    }

    #[test]
    fn only_what_was_granted_is_covered_but_for_the_platform() {
        for held in Permission::OURS {
            let set: PermissionSet = [held.clone()].into_iter().collect();
            for needed in Permission::OURS {
                let expected = held == needed || held == Permission::PlatformAdministration;
                assert_eq!(set.covers(&needed), expected, "{held} for {needed}");
                assert!(!PermissionSet::default().covers(&needed));
            }
        }
    }
}
