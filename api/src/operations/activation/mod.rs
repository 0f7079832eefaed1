//! First passwords.

mod activate;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config.service(activate::activate_user);
}
