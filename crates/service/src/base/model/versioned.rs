//! What has a version.

use serde::{Deserialize, Serialize};

/// Something that is read and changed as a whole, with its version. Serializable so that a first reply can be stored for
/// its idempotency key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Versioned<T> {
    /// Increases with every change; for `ETag`.
    pub version: i64,
    /// The thing itself.
    #[serde(flatten)]
    pub value: T,
}
