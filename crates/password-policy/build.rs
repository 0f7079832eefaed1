//! Turns the list of common passwords into a finite-state set that needs no initialization: 1.6 MB of text shrink to a
//! third.

use std::{collections::BTreeSet, env, error::Error, fs, path::Path};

#[path = "src/blocklist/fold.rs"]
mod fold;

const LIST: &str = "data/common-passwords.txt";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={LIST}");
    println!("cargo::rerun-if-changed=src/blocklist/fold.rs");
    let list = fs::read_to_string(LIST)?;
    let folded: BTreeSet<String> = list.lines().map(|line| fold::fold(line.chars())).collect();
    let set = fst::Set::from_iter(folded)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("common-passwords.fst"), set.as_fst().as_bytes())?;
    Ok(())
}
