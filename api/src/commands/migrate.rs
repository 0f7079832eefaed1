//! `latchkey migrate`

use super::{Failure, patience::patiently, print};
use crate::{config::Config, open::open_store_telling};

/// Brings the schema up to date and prints what was done.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let config = config.clone();
    let (_store, applied) = patiently(async move |progress| open_store_telling(&config, &progress)).await?;
    if applied.is_empty() {
        print("The schema is up to date.")?;
    }
    for version in applied {
        print(format_args!("Applied {version}."))?;
    }
    Ok(())
}
