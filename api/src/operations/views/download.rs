//! A reply that is a file, for the document.

use utoipa::ToSchema;

/// The bytes.
// Generated clients hand them out as a file or a stream. A plain text many would take for JSON, and all would hold in memory.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only read by the derive that documents it")]
pub struct Download(Vec<u8>);
