//! Inputs and outputs of use cases.

mod actor;
mod issued_activation;
mod page;
mod qr_payload;
mod source;
mod text;
mod user_list;
mod username;
mod versioned;

pub use actor::{Actor, Credential, PresentedKey, SignedIn};
pub use issued_activation::IssuedActivation;
pub use page::Page;
pub(crate) use page::one_more;
pub use qr_payload::QrPayload;
pub use source::Source;
pub(crate) use text::{description, display_name, email, slug};
pub(crate) use user_list::UserList;
pub(crate) use username::Username;
pub use versioned::Versioned;
