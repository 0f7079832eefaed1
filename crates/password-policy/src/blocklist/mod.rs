//! Passwords that attackers try first: common ones, in any simple disguise, and words that a stranger knows about the
//! user.

mod common;
mod context;
mod fold;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub(crate) use common::is_common;
pub use context::{Context, ContextSource, ForbiddenWords};

/// Normalizes characters of the same look and meaning (NFKC), such as `ａ` to `a`: for comparison only, never for
/// hashing.
fn normalised(text: &str) -> Zeroizing<String> {
    // No character takes more than 11 times its bytes in NFKC (Unicode Standard Annex 15 §13).
    let mut form = Zeroizing::new(String::with_capacity(11 * text.len()));
    form.extend(text.nfkc());
    form
}
