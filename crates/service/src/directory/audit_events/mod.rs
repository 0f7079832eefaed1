//! Reads and verifies the audit trail of an account.

mod export;
mod list;
mod verify;

pub use export::AuditExport;
pub use verify::AuditVerification;

/// Events that are read at once where there may be any number of them.
const PIECE: i64 = 500;
