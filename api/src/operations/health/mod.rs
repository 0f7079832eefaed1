//! Liveness and readiness.

mod live;
mod ready;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config.service(live::get_liveness).service(ready::get_readiness);
}
