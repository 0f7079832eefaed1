//! The two-factor policy: who is asked for a second factor.

mod draft;
mod list_users;
mod preview;
mod read;
mod replace;

pub use draft::TwoFactorPolicyDraft;
pub use list_users::PolicyUsersPage;
pub use preview::{Preview, PreviewGroup, PreviewPage, PreviewedUser};
pub use read::PolicyView;
