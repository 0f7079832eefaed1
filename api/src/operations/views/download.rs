//! A reply that is a file, for the document.

use utoipa::ToSchema;

/// The content of the file.
// Generated clients return them as a file or a stream. Plain text many would take for JSON, and all would hold in
// memory.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only read by the derive that documents it")]
pub struct Download(Vec<u8>);
