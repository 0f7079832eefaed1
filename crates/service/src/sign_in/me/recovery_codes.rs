//! New recovery codes for the signed-in user, and the acknowledgement that the user has kept them.

use auth::Amr;
use store::tables::sign_in::{recovery_codes, sessions};
use two_factor::RecoveryCode;

use crate::{
    base::{
        audit::Action,
        error::{Error, Result},
        idempotency::IdempotencyKey,
        model::{Actor, SignedIn},
        service::Service,
    },
    sign_in::{Repeatable, SignInState, new_recovery_codes, no_recovery_codes, still_valid},
};

impl Service {
    /// Replaces the user's recovery codes. The caller has checked that the sign-in is recent. A request that comes again
    /// with its `key` within two minutes gets the same codes.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a user without a second factor; [`Error::SecondFactorRequired`] when the session began
    /// without it: whoever knows the password alone could replace the second factor by a code; [`Error::InvalidToken`],
    /// [`Error::IdempotencyKeyReused`].
    pub async fn replace_own_recovery_codes(
        &self,
        actor: &Actor,
        key: Option<IdempotencyKey>,
    ) -> Result<Vec<RecoveryCode>> {
        let SignedIn { user_id, session_id, .. } = *actor.session()?;
        let (account_id, actor) = (actor.account_id, actor.clone());
        let repeatable = key.map(|key| Repeatable::in_session(&key, session_id));
        self.transact(move |tx| {
            let state = SignInState::lock_active(tx.conn, account_id, user_id)?.ok_or(Error::InvalidToken)?;
            let session = sessions::by_id(tx.conn, account_id, session_id)?;
            let session = session.filter(|it| it.session.is_alive(tx.now)).ok_or(Error::InvalidToken)?;
            let kept = repeatable.map(|it| it.first_reply::<Vec<String>>(tx)).transpose()?.flatten();
            if let Some(kept) = kept
                && let Some(codes) = still_valid(tx, &state.user, &kept)?
            {
                return Ok(codes);
            }
            if state.device.is_none() {
                return Err(Error::Conflict(
                    "you have no second factor that recovery codes could stand in for".to_owned(),
                ));
            }
            match session.amr {
                Amr::Password => return Err(Error::SecondFactorRequired),
                Amr::PasswordAndTotp | Amr::PasswordAndRecoveryCode => {}
            }
            let codes = new_recovery_codes(tx, &state.user)?;
            tx.record(account_id, actor.did(Action::RecoveryCodesReplaced).on(&state.user));
            if let Some(repeatable) = repeatable {
                let shown: Vec<_> = codes.iter().map(|code| code.expose().to_owned()).collect();
                repeatable.keep(tx, (account_id, user_id), &shown)?;
            }
            Ok(codes)
        })
        .await
    }

    /// Records that the user has kept the recovery codes.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a user who has none; [`Error::InvalidToken`].
    pub async fn acknowledge_own_recovery_codes(&self, actor: &Actor) -> Result<()> {
        let SignedIn { user_id, .. } = *actor.session()?;
        let (account_id, actor) = (actor.account_id, actor.clone());
        self.transact(move |tx| {
            let state = SignInState::lock_active(tx.conn, account_id, user_id)?.ok_or(Error::InvalidToken)?;
            recovery_codes::left(tx.conn, account_id, user_id)?.ok_or_else(no_recovery_codes)?;
            if recovery_codes::acknowledge(tx.conn, account_id, user_id)? {
                tx.record(account_id, actor.did(Action::RecoveryCodesAcknowledged).on(&state.user));
            }
            Ok(())
        })
        .await
    }
}
