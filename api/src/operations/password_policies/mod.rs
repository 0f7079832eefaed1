//! Password policies of an account.

mod assignments;
mod checks;
mod policy;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(checks::list_password_policy_presets)
        .service(policy::list_password_policies)
        .service(policy::create_password_policy)
        .service(policy::get_password_policy)
        .service(policy::replace_password_policy)
        .service(policy::delete_password_policy)
        .service(assignments::get_password_policy_assignments)
        .service(assignments::replace_password_policy_assignments)
        .service(checks::preview_password_policy)
        .service(checks::check_password);
}
