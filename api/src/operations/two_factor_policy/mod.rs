//! Which users of an account need a second factor.

mod draft;
mod list_users;
mod preview;
mod read;
mod replace;
mod view;

use crate::operations::registry::Registry;

/// KiB of a body: 100,000 ids take about 4 MiB.
const BODY_KIB: usize = 4 * 1024;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(read::get_two_factor_policy)
        .service(replace::replace_two_factor_policy)
        .service(preview::preview_two_factor_policy)
        .service(list_users::list_two_factor_policy_users);
}
