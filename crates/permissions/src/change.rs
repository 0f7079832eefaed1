//! Decides who may grant what.

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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantRefused {
    /// A permission cannot be granted by somebody who does not hold it (ASVS 5.0 §8.2.1).
    #[error("{0} can be granted only by somebody who holds it")]
    NotHeld(Permission),
    /// The permission has no meaning in a customer's account.
    #[error("{0} can be held only in the platform's own account")]
    PlatformOnly(Permission),
}

/// Whether a holder of `held` may grant `permission` to others.
///
/// Built-in permissions can be granted by their holders. Those of applications can also be granted by holders of
/// `user_permissions`: somebody must be the first, the catalog belongs to the platform, and what they allow is not part
/// of Latchkey. An administrator of users could otherwise grant it to themselves first anyway; not requiring that keeps
/// the audit log honest.
pub fn may_grant(held: &PermissionSet, permission: &Permission) -> bool {
    match permission {
        Permission::Application(_) => held.covers(permission) || held.covers(&Permission::UserPermissions),
        Permission::AccountSettings
        | Permission::PasswordManagement
        | Permission::UserPermissions
        | Permission::ApiKeys
        | Permission::AuditRead
        | Permission::PlatformAdministration => held.covers(permission),
    }
}

/// The part of `given` that is effective while a holder of `held` is responsible for it, as for an API key: what they
/// could grant now. `given` never gives more than they hold, and shrinks with it.
#[must_use]
pub fn backed(given: &PermissionSet, held: &PermissionSet) -> PermissionSet {
    given.iter().filter(|permission| may_grant(held, permission)).cloned().collect()
}

/// A permission in `touched` that a holder of `held` could not grant; `None`: there is none, so they may change whoever
/// or whatever holds `touched`. Of several, the strongest is named; a holder of it could grant the others too.
pub fn lacking<'a>(held: &PermissionSet, touched: &'a PermissionSet) -> Option<&'a Permission> {
    let mut lacking = touched.iter().filter(|permission| !may_grant(held, permission));
    let first = lacking.next()?;
    Some(lacking.find(|permission| permission.is_platform_only()).unwrap_or(first))
}

/// The change from `current` to `wanted`, of a user or of a role, on behalf of a holder of `held`. `in_platform`: in
/// the platform's own account. Existing permissions are not granted anew, so an administrator who holds less can still
/// add and remove what they hold.
pub fn change(
    held: &PermissionSet,
    current: &PermissionSet,
    wanted: &PermissionSet,
    in_platform: bool,
) -> Result<Change, GrantRefused> {
    let granted = wanted.without(current);
    for permission in granted.iter() {
        if permission.is_platform_only() && !in_platform {
            return Err(GrantRefused::PlatformOnly(permission.clone()));
        }
        if !may_grant(held, permission) {
            return Err(GrantRefused::NotHeld(permission.clone()));
        }
    }
    Ok(Change { granted, revoked: current.without(wanted) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application() -> Permission {
        "crm.invoices.approve".parse().unwrap()
    }

    /// All thirty-two sets of four built-in permissions, including those that the rules name, and one of an
    /// application.
    fn sets() -> Vec<PermissionSet> {
        let all = [
            Permission::AccountSettings,
            Permission::UserPermissions,
            Permission::ApiKeys,
            Permission::PlatformAdministration,
            application(),
        ];
        (0..32_u8)
            .map(|bits| all.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, p)| p.clone()).collect())
            .collect()
    }

    #[test]
    fn nobody_ever_gives_what_they_do_not_hold() {
        for held in sets() {
            let administers = held.contains(&Permission::UserPermissions);
            for current in sets() {
                for wanted in sets() {
                    for in_platform in [false, true] {
                        let outcome = change(&held, &current, &wanted, in_platform);
                        let new: Vec<_> = wanted.iter().filter(|p| !current.contains(p)).collect();
                        let may = |p: &Permission| held.covers(p) || (*p == application() && administers);
                        let escalates = new.iter().any(|p| !may(p));
                        let misplaced = !in_platform && new.contains(&&Permission::PlatformAdministration);
                        assert_eq!(outcome.is_err(), escalates || misplaced, "{held:?} {current:?} {wanted:?}");
                        if let Ok(change) = outcome {
                            let kept = current.without(&change.revoked);
                            assert_eq!(kept.with(&change.granted), wanted);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_answered_for_is_never_more_than_was_given_nor_than_could_be_handed_on() {
        for given in sets() {
            for held in sets() {
                let counts = backed(&given, &held);
                assert!(counts.without(&given).is_empty());
                assert!(counts.iter().all(|permission| may_grant(&held, permission)));
                assert!(given.without(&counts).iter().all(|permission| !may_grant(&held, permission)));
            }
        }
    }

    #[test]
    fn who_could_grant_all_that_somebody_holds_may_touch_them_and_nobody_else() {
        for held in sets() {
            assert_eq!(lacking(&held, &held), None, "equals, and oneself");
            for touched in sets() {
                let beyond: Vec<_> = touched.iter().filter(|permission| !may_grant(&held, permission)).collect();
                match lacking(&held, &touched) {
                    None => assert!(beyond.is_empty(), "{held:?} {touched:?}"),
                    Some(named) => {
                        assert!(beyond.contains(&named), "{held:?} {touched:?}");
                        let above = touched.contains(&Permission::PlatformAdministration);
                        assert_eq!(above, *named == Permission::PlatformAdministration, "{held:?} {touched:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_application_s_permission_is_granted_by_who_administers_people_and_by_who_holds_it() {
        let set = |permission: Permission| [permission].into_iter().collect::<PermissionSet>();
        assert!(may_grant(&set(Permission::UserPermissions), &application()));
        assert!(may_grant(&set(application()), &application()));
        assert!(!may_grant(&set(Permission::AccountSettings), &application()));
        assert!(!may_grant(&set("crm.invoices.read".parse().unwrap()), &application()));
        // And it covers no built-in permission.
        for ours in Permission::OURS {
            assert!(!may_grant(&set(application()), &ours), "{ours}");
        }
    }
}
