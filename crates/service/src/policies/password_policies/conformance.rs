//! Compares a policy, in its account, with two standards.

use kernel::AccountId;
use password_policy::{Finding, PasswordPolicy, SignIn, Surroundings, conformance};
use store::{Conn, tables::policies::two_factor_policies};
use two_factor::Mode;

use crate::base::{
    error::{Error, Result},
    service::Core,
};

/// The settings of the account that the standards take into account.
pub(super) fn surroundings(conn: &mut Conn, core: &Core, account: AccountId) -> Result<Surroundings> {
    let two_factor = two_factor_policies::of_account(conn, account)?.ok_or(Error::NotFound)?;
    let breaches = &core.settings.breaches;
    Ok(Surroundings {
        second_factor_for_all: two_factor.mode == Mode::AllUsers,
        breach_check: breaches.file.is_some() || breaches.endpoint.is_some(),
    })
}

/// How all people of the account sign in; `PasswordOnly` unless all of them use a second factor.
pub(super) fn sign_in_of_all(surroundings: Surroundings) -> SignIn {
    if surroundings.second_factor_for_all { SignIn::WithSecondFactor } else { SignIn::PasswordOnly }
}

/// What the standards say about the policy.
pub(super) fn findings(policy: &PasswordPolicy, surroundings: Surroundings) -> Vec<Finding> {
    conformance(policy, surroundings)
}
