//! Examines a database without starting a service on it.

use store::Store;

use super::{init::has_platform_administrator, signing_keys::opened};
use crate::base::{
    error::Result,
    seal::{MasterKey, Sealer},
};

/// What was found.
#[derive(Clone, Copy, Debug)]
pub struct Examination {
    /// How many keys verify access tokens.
    pub signing_keys: usize,
    /// Whether somebody can administer the platform, or has a code to start with.
    pub has_platform_administrator: bool,
}

/// Examines a database that has its migrations, and changes nothing.
///
/// # Errors
/// The database does not respond, or a signing key in it cannot be opened with this master key.
pub async fn examine(store: &Store, master_key: &MasterKey) -> Result<Examination> {
    let signing_keys = opened(store, &Sealer::new(master_key)).await?.len();
    Ok(Examination { signing_keys, has_platform_administrator: has_platform_administrator(store).await? })
}
