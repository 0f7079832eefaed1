//! What a password was measured against.

use kernel::PasswordPolicyId;
use password_policy::SignIn;
use sha2::{Digest, Sha256};

use super::Standing;

/// All that the judgement of a password rests on, but for hashes and breaches. Forbidden words and what is remembered are
/// parts of the policy; a password may not be little more than one of the names.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Measure {
    policy: PasswordPolicyId,
    policy_version: i64,
    sign_in: SignIn,
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
            names: [
                Some(account.slug.clone()),
                Some(account.name.clone()),
                Some(user.username.clone()),
                user.display_name.clone(),
                user.email.clone(),
            ],
        }
    }

    /// For a login that goes on without the password: the same for the same measure only.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let Self { policy, policy_version, sign_in, names } = self;
        let with_second_factor = match sign_in {
            SignIn::PasswordOnly => 0,
            SignIn::WithSecondFactor => 1,
        };
        let mut digest = Sha256::new();
        digest.update(policy.as_bytes());
        digest.update(policy_version.to_be_bytes());
        digest.update([with_second_factor]);
        for name in names {
            // Of a fixed length each, so that no two lists of names read the same.
            digest.update(name.as_ref().map_or([0; 32], |name| Sha256::digest(name).into()));
        }
        digest.finalize().into()
    }
}
