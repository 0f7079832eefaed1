//! Imports of users from other systems' files.
//!
//! A file is received in batches of records, each a sealed row ([`upload`]). A worker takes the file whose turn it is,
//! by a lease, and imports some batches, each in one transaction ([`work`]) that adds the users, the errors and the
//! count, and deletes the batch. So after a crash a batch is either imported or waiting, and the next worker continues
//! with the first that waits. The accounts take turns, however much they have sent. The operator's command imports a
//! file of its own without a row ([`operator`]).
//!
//! Locks: the file's row in the queue comes before the user who started the import, and before the user who cancels it.

mod apply;
mod cancel;
mod importer;
mod list;
mod list_errors;
mod operator;
mod prepare;
mod read;
mod upload;
mod view;
mod work;

pub use import::Format as ImportFormat;
pub use operator::{ImportOutcome, OperatorImport};
pub use store::tables::jobs::{
    user_import_errors::LineError,
    user_imports::{ImportStatus, Tally},
};
pub use upload::ImportUpload;
pub(crate) use upload::no_longer_awaited;
pub use view::UserImportView;
