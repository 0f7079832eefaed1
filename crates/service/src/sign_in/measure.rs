//! The criteria that a password is judged by.

use kernel::PasswordPolicyId;
use password_policy::{Rules, SignIn};
use sha2::{Digest, Sha256};

use super::SignInState;

/// Everything that the judgment of a password depends on, except hashes and breaches. Forbidden words and the number of
/// remembered passwords are parts of the policy; a password must not be one of the names with little added.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Measure {
    policy: PasswordPolicyId,
    policy_version: i64,
    sign_in: SignIn,
    rules: Rules,
    forbidden_words: Vec<String>,
    breaches_are_asked: bool,
    names: [Option<String>; 5],
}

impl Measure {
    /// The criteria for a password of this user right now.
    pub(crate) fn of(state: &SignInState) -> Self {
        let (account, user, policy) = (&state.account, &state.user, &state.applied.policy);
        Self {
            policy: policy.id,
            policy_version: policy.version,
            sign_in: state.sign_in(),
            rules: state.applied.rules(state.sign_in()),
            forbidden_words: policy.policy.forbidden_words().to_vec(),
            breaches_are_asked: state.applied.checks_at_login(),
            names: [
                Some(account.slug.clone()),
                Some(account.name.clone()),
                Some(user.username.clone()),
                user.display_name.clone(),
                user.email.clone(),
            ],
        }
    }

    /// For a login that continues without the password: equal where the password would be judged the same. A policy
    /// with another name, or one that remembers more passwords, does not end a login.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let Self { policy: _, policy_version: _, sign_in: _, rules, forbidden_words, breaches_are_asked, names } = self;
        let mut digest = Sha256::new();
        digest.update([
            rules.min_length(),
            rules.min_uppercase(),
            rules.min_lowercase(),
            rules.min_digits(),
            rules.min_specials(),
            u8::from(*breaches_are_asked),
        ]);
        // Each has a fixed length, so that no two lists of texts give the same bytes.
        for name in names {
            digest.update(name.as_ref().map_or([0; 32], |name| Sha256::digest(name).into()));
        }
        for word in forbidden_words {
            digest.update(Sha256::digest(word));
        }
        digest.finalize().into()
    }
}
