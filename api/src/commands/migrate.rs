//! `latchkey migrate`

use super::{Failure, print};
use crate::{config::Config, open::open_store};

/// Brings the schema up to date and says what was done.
pub fn run(config: &Config) -> Result<(), Failure> {
    let (_store, applied) = open_store(config)?;
    if applied.is_empty() {
        print("The schema is up to date.")?;
    }
    for version in applied {
        print(format_args!("Applied {version}."))?;
    }
    Ok(())
}
