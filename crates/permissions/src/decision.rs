//! Decides who may act on an account.

use kernel::AccountId;

use crate::{Permission, PermissionSet};

/// The decision on a request to act on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The request is allowed.
    Allowed,
    /// The account is the caller's own, but this permission is missing.
    Missing(Permission),
    /// The account is another one: for the caller it does not exist (ASVS 5.0 §8.2.2).
    Hidden,
}

/// Whether a holder of `held` in the account `own` may do what requires `needed` to the account `target`.
pub fn decide(held: &PermissionSet, own: AccountId, target: AccountId, needed: Permission) -> Decision {
    if held.contains(&Permission::PlatformAdministration) {
        Decision::Allowed
    } else if own != target {
        Decision::Hidden
    } else if held.covers(&needed) {
        Decision::Allowed
    } else {
        Decision::Missing(needed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_accounts_are_hidden_from_all_but_the_platform() {
        let own: AccountId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let other: AccountId = "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap();
        let application: Permission = "crm.invoices.approve".parse().unwrap();
        let all = || Permission::OURS.into_iter().chain([application.clone()]);
        for held in all() {
            let set: PermissionSet = [held.clone()].into_iter().collect();
            for needed in all() {
                let platform = held == Permission::PlatformAdministration;
                let here =
                    if platform || held == needed { Decision::Allowed } else { Decision::Missing(needed.clone()) };
                let abroad = if platform { Decision::Allowed } else { Decision::Hidden };
                assert_eq!(decide(&set, own, own, needed.clone()), here, "{held} for {needed}");
                assert_eq!(decide(&set, own, other, needed.clone()), abroad, "{held} for {needed}");
            }
        }
    }
}
