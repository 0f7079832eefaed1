//! `latchkey openapi`

use super::{Failure, arguments::Openapi, print};

/// Prints the OpenAPI document.
pub fn run(options: &Openapi) -> Result<(), Failure> {
    let document = crate::openapi();
    let text = if options.json { document.to_pretty_json()? } else { document.to_yaml()? };
    Ok(print(text.trim_end())?)
}
