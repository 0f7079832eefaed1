//! Files with users of another system.
//!
//! A file is received in batches of records, each a sealed row ([`upload`]). A worker takes the oldest file that nobody
//! works on, by a lease, and imports one batch in one transaction ([`work`]): the users, the errors, the count, and the
//! batch is gone. So a crash leaves a batch either imported or waiting, and the next worker goes on with the first that
//! waits. The operator's command imports a file of its own without a row ([`operator`]).

mod apply;
mod importer;
mod list_errors;
mod operator;
mod prepare;
mod read;
mod upload;
mod view;
mod work;

pub use import::Format as ImportFormat;
pub use operator::{ImportOutcome, OperatorImport};
pub use store::tables::{user_import_errors::LineError, user_imports::Tally};
pub use upload::ImportUpload;
pub use view::UserImportView;
