//! What a password was measured against.

use kernel::PasswordPolicyId;
use password_policy::{Rules, SignIn};
use sha2::{Digest, Sha256};

use super::Standing;

/// All that the judgement of a password rests on, but for hashes and breaches. Forbidden words and what is remembered are
/// parts of the policy; a password may not be little more than one of the names.
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
    /// What a password of this user is measured against at this moment.
    pub(crate) fn of(standing: &Standing) -> Self {
        let (account, user, policy) = (&standing.account, &standing.user, &standing.applied.policy);
        Self {
            policy: policy.id,
            policy_version: policy.version,
            sign_in: standing.sign_in(),
            rules: standing.applied.rules(standing.sign_in()),
            forbidden_words: policy.policy.forbidden_words().to_vec(),
            breaches_are_asked: standing.applied.checks_at_login(),
            names: [
                Some(account.slug.clone()),
                Some(account.name.clone()),
                Some(user.username.clone()),
                user.display_name.clone(),
                user.email.clone(),
            ],
        }
    }

    /// For a login that goes on without the password: the same where the password would be judged the same. A policy of another
    /// name, or one that remembers more passwords, ends no login.
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
        // Of a fixed length each, so that no two lists of texts read the same.
        for name in names {
            digest.update(name.as_ref().map_or([0; 32], |name| Sha256::digest(name).into()));
        }
        for word in forbidden_words {
            digest.update(Sha256::digest(word));
        }
        digest.finalize().into()
    }
}
