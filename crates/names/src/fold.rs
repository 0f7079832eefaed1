//! Folds names for comparison.

use unicode_normalization::UnicodeNormalization as _;

/// Merges compatible forms and cases: Unicode's NFKC, in lower case.
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_many_spellings_folds_to_one() {
        for (one, other) in [("Ann", "aNN"), ("é", "e\u{301}"), ("ＡＮＮ", "ann"), ("ﬁ", "FI"), ("ÄÖ", "äö")]
        {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }
}
