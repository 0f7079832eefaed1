//! Who may do what, and on whom.

mod decisions;
mod guards_first;
mod permission_matrix;
mod promoted_user;
mod rank;
mod stale_actor;
mod stale_issuer;
