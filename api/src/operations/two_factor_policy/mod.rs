//! Which users of an account need a second factor.

mod policy;
mod preview;

use crate::operations::registry::Registry;

/// KiB of a body: 100,000 ids take about 4 MiB.
const BODY_KIB: usize = 4 * 1024;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(policy::get_two_factor_policy)
        .service(policy::replace_two_factor_policy)
        .service(preview::preview_two_factor_policy)
        .service(policy::list_two_factor_policy_users);
}
