//! What goes into verbs and what comes out of them.

mod actor;
mod login_result;
mod page;
mod qr_payload;
mod source;
mod text;
mod user_list;
mod user_view;
mod username;

pub use actor::{Actor, Credential, PresentedKey, SignedIn};
pub use login_result::{Authenticated, ChallengeView, LoginResult, PasswordChangeStep, SessionView, TotpStep};
pub use page::Page;
pub(crate) use page::one_more;
pub use qr_payload::QrPayload;
pub use source::Source;
pub(crate) use text::{description, display_name, email, slug};
pub(crate) use user_list::UserList;
pub use user_view::{PasswordView, TwoFactorView, UserView};
pub(crate) use user_view::{view_of, view_one, views_of};
pub(crate) use username::Username;
