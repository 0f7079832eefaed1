//! Words that a stranger can guess because they are about this user (ASVS 5.0 §6.1.2 and §6.2.11).

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{common::is_common, fold::fold, normalised};

/// Code points that a word must have: shorter ones occur in too many good passwords by chance.
const MIN_WORD: usize = 4;

/// Letters and digits that must be left of a password without the words in it: what the weakest policy requires of a
/// whole one.
const MIN_REST: usize = 8;

/// Code points that people append to a common password.
const MAX_APPENDED: usize = 4;

/// What a word is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextSource {
    /// The slug or the name of the account.
    Account,
    /// The username, or the display name.
    Username,
    /// The user's email address; only the part before the last `@` is used.
    Email,
    /// The name of the product that the user signs in to.
    Product,
    /// A word that the account forbids.
    Forbidden,
}

/// The words that a new password of one user may not contain.
#[derive(Clone, Debug, Default)]
pub struct Context {
    words: Vec<Word>,
    forbidden: ForbiddenWords,
}

/// The words that an account forbids, prepared for comparison, which costs some microseconds a word: keep it where many
/// passwords are checked. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct ForbiddenWords(Arc<[Word]>);

impl ForbiddenWords {
    /// Prepares words, as [`Context::new`] does with those of [`ContextSource::Forbidden`].
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(texts.into_iter().flat_map(|text| words(ContextSource::Forbidden, text)).collect())
    }
}

#[derive(Clone, Debug)]
struct Word {
    source: ContextSource,
    text: String,
    folded: String,
    /// The parts of a name without what separated them: compared with a password treated in the same way.
    joined: bool,
}

impl Context {
    /// Splits texts into words: `ann.smith@example.com` gives `smith`, and `annsmith` for both together. Words of fewer
    /// than four code points are left out.
    pub fn new<'a>(texts: impl IntoIterator<Item = (ContextSource, &'a str)>) -> Self {
        let words = texts.into_iter().flat_map(|(source, text)| words(source, text)).collect();
        Self { words, forbidden: ForbiddenWords::default() }
    }

    /// Adds words that the account forbids, after the others.
    #[must_use]
    pub fn with_forbidden(self, forbidden: ForbiddenWords) -> Self {
        Self { forbidden, ..self }
    }

    fn all(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().chain(self.forbidden.0.iter())
    }

    /// Whether a word can be searched for at all: not if it consists of signs alone, or has too few letters.
    pub(crate) fn forbids(word: &str) -> bool {
        !words(ContextSource::Forbidden, word).is_empty()
    }

    /// The words as they were given.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.all().map(|word| word.text.as_str())
    }

    /// The sources of the words that make the password easy to guess, in the order of the texts, each once.
    /// Case-insensitive; signs in place of letters are recognized.
    ///
    /// A word that the account forbids counts wherever it occurs. The others count unless the password would be a good
    /// one without them: `root-2026!` is little more than a name, `a long phrase for the root` is not.
    pub(crate) fn found_in(&self, password: &str) -> Vec<ContextSource> {
        let whole = Zeroizing::new(fold(normalised(password).chars()));
        let joined = Zeroizing::new(join(&whole));
        let contained = |word: &&Word| (if word.joined { &joined } else { &whole }).contains(&word.folded);
        let words: Vec<&Word> = self.all().filter(contained).collect();
        let harmless = stands_without(&whole, &words);
        let mut found = Vec::new();
        for word in words {
            let counts = word.source == ContextSource::Forbidden || !harmless;
            if counts && !found.contains(&word.source) {
                found.push(word.source);
            }
        }
        found
    }
}

/// Whether the password is still long enough, and not a common one, when all these words are removed from it.
fn stands_without(folded: &str, words: &[&Word]) -> bool {
    let without = |text: &str, joined: bool| {
        let mut words: Vec<&str> =
            words.iter().filter(|word| word.joined == joined).map(|word| word.folded.as_str()).collect();
        // The longest first: another may be a part of it.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.iter().fold(Zeroizing::new(text.to_owned()), |text, word| Zeroizing::new(text.replace(word, "")))
    };
    let rest = without(&join(&without(folded, false)), true);
    let letters: Vec<char> = rest.chars().collect();
    // Folding has turned the digits at the end into letters, which a list of common passwords does not expect.
    let is_common_but_for = |cut: usize| {
        let end = letters.len().saturating_sub(cut);
        is_common(&Zeroizing::new(letters.iter().take(end).collect::<String>()))
    };
    letters.len() >= MIN_REST && !(0..=MAX_APPENDED).any(is_common_but_for)
}

fn words(source: ContextSource, text: &str) -> Vec<Word> {
    let text = match source {
        ContextSource::Email => text.rsplit_once('@').map_or(text, |(local, _)| local),
        ContextSource::Account | ContextSource::Username | ContextSource::Product | ContextSource::Forbidden => text,
    };
    let text = normalised(text);
    let parts: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let together = (parts.len() > 1).then(|| (parts.concat(), true));
    let parts = parts.iter().map(|part| ((*part).to_owned(), false));
    parts
        .chain(together)
        .filter(|(word, _)| word.chars().count() >= MIN_WORD)
        .map(|(text, joined)| Word { source, folded: fold(text.chars()), text, joined })
        .collect()
}

fn join(folded: &str) -> String {
    let mut joined = String::with_capacity(folded.len());
    joined.extend(folded.chars().filter(|c| c.is_alphanumeric()));
    joined
}

#[cfg(test)]
mod tests {
    use super::{ContextSource::*, *};

    fn context() -> Context {
        Context::new([
            (Account, "acme-rockets"),
            (Account, "Açme Rockets & Söhne"),
            (Username, "ann.o"),
            (Email, "ann.smith+shop@example.com"),
            (Product, "Latchkey"),
            (Forbidden, "Wile E. Coyote"),
            (Forbidden, "abc"),
        ])
    }

    #[test]
    fn words_are_found_whatever_their_case_and_signs() {
        for (password, expected) in [
            ("acme1234!", vec![Account]),
            ("I love @cM3!", vec![Account]),
            ("R0CK3T$ to mars", vec![Account]),
            ("SÖHNE-und-co", vec![Account]),
            ("so\u{308}hne-2026", vec![Account]),
            ("anno domini 1234", vec![Username]),
            ("an-no domini", vec![Username]),
            ("smithsonian", vec![Email]),
            ("shopping-list", vec![Email]),
            ("1atchk3y rules", vec![Product]),
            ("w.i.l.e. e coyote", vec![Forbidden]),
            ("a long phrase with a coyote in it", vec![Forbidden]),
            ("Acme's Latchkey for Smith", vec![Account, Email, Product]),
        ] {
            assert_eq!(context().found_in(password), expected, "{password}");
        }
    }

    #[test]
    fn a_text_gives_its_words_and_all_of_them_together() {
        let texts = [(Product, "Latchkey"), (Email, "ann.smith@example.com"), (Forbidden, "abc"), (Account, "a-b-c-d")];
        assert!(Context::new(texts).words().eq(["Latchkey", "smith", "annsmith", "abcd"]));
    }

    #[test]
    fn prepared_words_count_like_any_other() {
        let texts = [(Account, "acme-rockets"), (Email, "ann.smith@example.com")];
        let words = ["Wile E. Coyote", "abc", "tunnel"];
        let prepared = Context::new(texts).with_forbidden(ForbiddenWords::new(words));
        let together = Context::new(texts.into_iter().chain(words.map(|word| (Forbidden, word))));
        assert!(prepared.words().eq(together.words()));
        for password in ["a tunnel for acme", "w.i.l.e. e coyote", "smithsonian", "nothing of it", "c0yote and Smith"] {
            assert_eq!(prepared.found_in(password), together.found_in(password), "{password}");
        }
    }

    #[test]
    fn what_is_good_without_the_word_is_good() {
        for password in ["a long phrase about rockets", "Latchkey: how wonderful", "annoyed smithereens"] {
            assert_eq!(context().found_in(password), [], "{password}");
        }
        for password in ["acme12345678", "rockets-password1", "acme acme acme acme", "Latchkey Acme Smith 1"] {
            assert_ne!(context().found_in(password), [], "{password}");
        }
    }

    #[test]
    fn other_texts_contain_none() {
        for password in ["example.com is mine", "abcdefgh", "ann", "ann with a plan", "wil e", "", "rocke ts"] {
            assert_eq!(context().found_in(password), [], "{password}");
        }
        assert_eq!(Context::default().found_in("anything"), []);
        assert_eq!(Context::new([(Username, ""), (Email, "@"), (Product, "a b c")]).found_in("abc a b c @"), []);
    }

    #[test]
    fn an_address_without_an_at_sign_is_one_text() {
        assert_eq!(Context::new([(Email, "postmaster")]).found_in("Postmaster!"), [Email]);
    }
}
