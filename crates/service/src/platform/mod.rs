//! Operations of the operator, and what every start ensures.

mod examine;
mod init;
mod prepare;
mod signing_keys;
mod start;

pub use examine::{Examination, examine};
pub use init::InitialActivation;
pub use start::StartError;
