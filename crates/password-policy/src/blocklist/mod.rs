//! Passwords that everybody tries first: the common ones, in any simple disguise, and the words that a stranger knows
//! about the user.

mod common;
mod context;
mod fold;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub(crate) use common::is_common;
pub use context::{Context, ContextSource, ForbiddenWords};

/// Characters of one look and one meaning in one form (NFKC), such as `a` for `ａ`: for comparison only, never for
/// hashing.
fn normalised(text: &str) -> Zeroizing<String> {
    // No character of NFKC takes more than 11 times the bytes of what it stands for (Unicode Standard Annex 15 §13).
    let mut form = Zeroizing::new(String::with_capacity(11 * text.len()));
    form.extend(text.nfkc());
    form
}
