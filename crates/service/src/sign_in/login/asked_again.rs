//! Keeps the reply to a step of a login, and gives it again.

use kernel::{AccountId, UserId};
use serde::{Deserialize, Serialize};
use two_factor::RecoveryCode;

use super::{login_step::LoginStep, open_challenge::OpenChallenge};
use crate::{
    base::{
        error::{Error, Result},
        tx::Tx,
    },
    sign_in::{Issued, KeptTokens, Repeatable, still_valid},
};

/// What of the reply to a step nobody can work out again.
#[derive(Serialize, Deserialize)]
struct KeptStep {
    recovery_codes: Vec<String>,
    /// None: the login goes on.
    tokens: Option<KeptTokens>,
}

/// A step, and the recovery codes that its reply shows.
pub(super) type Shown = (LoginStep, Vec<RecoveryCode>);

impl OpenChallenge {
    /// The reply that was given to this request before. `None`: it is the first.
    ///
    /// # Errors
    /// [`Error::ChallengeInvalid`] when what was given is no longer good: the tokens, the recovery codes, or the login
    /// that went on; [`Error::IdempotencyKeyReused`].
    pub(super) fn given_before(&self, tx: &mut Tx<'_>, repeatable: Option<Repeatable>) -> Result<Option<Shown>> {
        let kept = repeatable.map(|it| it.first_reply::<KeptStep>(tx)).transpose()?.flatten();
        let Some(kept) = kept else { return Ok(None) };
        let codes = still_valid(tx, &self.state.user, &kept.recovery_codes)?.ok_or(Error::ChallengeInvalid)?;
        let step = match kept.tokens {
            Some(tokens) => {
                let again = tokens.again(tx, &self.state)?.ok_or(Error::ChallengeInvalid)?;
                LoginStep::Session(Issued::Signed(Box::new(again)))
            }
            None => self.step(tx.conn, self.next(tx.now)?, tx.now)?,
        };
        Ok(Some((step, codes)))
    }
}

/// Keeps the reply to this user, who is locked.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    repeatable: Option<Repeatable>,
    user: (AccountId, UserId),
    (step, codes): Shown,
) -> Result<Shown> {
    let Some(repeatable) = repeatable else { return Ok((step, codes)) };
    let recovery_codes = codes.iter().map(|code| code.expose().to_owned()).collect();
    let (step, tokens) = match step {
        LoginStep::Session(issued) => {
            let signed = issued.signed(tx.core, tx.now)?;
            let tokens = KeptTokens::of(&signed, tx.now);
            (LoginStep::Session(Issued::Signed(Box::new(signed))), Some(tokens))
        }
        step @ LoginStep::Challenge { .. } => (step, None),
    };
    repeatable.keep(tx, user, &KeptStep { recovery_codes, tokens })?;
    Ok((step, codes))
}
