//! Folds lookalike spellings into one: `P@ssw0rd` is `password`. Shared with the build script, which folds the list in
//! the same way.

/// The text in lower case, with letters in place of the digits and signs that stand for them.
pub(crate) fn fold(text: impl Iterator<Item = char>) -> String {
    // Capacity for everything: a string that grows leaves copies of a password behind.
    let mut folded = String::with_capacity(4 * text.size_hint().1.unwrap_or(0));
    folded.extend(text.flat_map(char::to_lowercase).map(plain));
    folded
}

/// The letter that a character stands for. One sign may stand for `i` and for `l`, so these two become one.
fn plain(c: char) -> char {
    match c {
        '4' | '@' => 'a',
        '8' => 'b',
        '(' => 'c',
        '3' | '€' => 'e',
        '6' | '9' => 'g',
        '1' | '!' | '|' | 'l' => 'i',
        '0' => 'o',
        '5' | '$' | '§' => 's',
        '7' | '+' => 't',
        '2' => 'z',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_for_letters_and_case_does_not_matter() {
        assert_eq!(fold("4@ 8 ( 3€ 69 1!|lLI 0 5$§ 7+ 2".chars()), "aa b c ee gg iiiiii o sss tt z");
        assert_eq!(fold("ÄbcDXYZ#-".chars()), "äbcdxyz#-");
    }
}
