//! New recovery codes for the signed-in user, and the acknowledgement that the user has kept them.

use auth::Amr;
use kernel::{AccountId, SessionId};
use store::tables::sign_in::{recovery_codes, sessions};
use two_factor::RecoveryCode;

use crate::{
    base::{
        audit::Action,
        error::{Error, Result},
        idempotency::{IdempotencyKey, once_unless},
        model::{Actor, SignedIn},
        service::Service,
        tx::Tx,
    },
    sign_in::{Repeatable, SignInState, new_recovery_codes, no_recovery_codes, still_valid},
};

impl Service {
    /// Replaces the user's recovery codes. The caller has checked that the sign-in is recent. A request that comes again
    /// with its `key` gets the same codes within two minutes, as long as they are the user's; it never makes new ones.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a user without a second factor, and for a request that comes again too late;
    /// [`Error::SecondFactorRequired`] when the session began without it: whoever knows the password alone could replace
    /// the second factor by a code; [`Error::InvalidToken`], [`Error::IdempotencyKeyReused`].
    pub async fn replace_own_recovery_codes(
        &self,
        actor: &Actor,
        key: Option<IdempotencyKey>,
    ) -> Result<Vec<RecoveryCode>> {
        let SignedIn { user_id, session_id, .. } = *actor.session()?;
        let (account_id, actor) = (actor.account_id, actor.clone());
        let repeatable = key.as_ref().map(|key| Repeatable::in_session(key, session_id));
        self.transact(move |tx| {
            let state = SignInState::lock_active(tx.conn, account_id, user_id)?.ok_or(Error::InvalidToken)?;
            if state.device.is_none() {
                return Err(Error::Conflict(
                    "you have no second factor that recovery codes could stand in for".to_owned(),
                ));
            }
            has_second_factor(tx, account_id, session_id)?;
            let kept = repeatable.map(|it| it.first_reply::<Vec<String>>(tx)).transpose()?.flatten();
            if let Some(codes) = kept.map(|kept| still_valid(tx, &state.user, &kept)).transpose()?.flatten() {
                return Ok(codes);
            }
            // That the request was carried out is remembered longer than its codes: nobody gets others by it.
            let done_before = |_: &mut Tx<'_>, (): &(), _| {
                Err(Error::Conflict(
                    "this request was carried out before, and its recovery codes are not shown again; use a new \
                     `Idempotency-Key` to get new ones"
                        .to_owned(),
                ))
            };
            let mut codes = Vec::new();
            once_unless(tx, &actor, key.as_ref(), done_before, |tx| {
                codes = new_recovery_codes(tx, &state.user)?;
                tx.record(account_id, actor.did(Action::RecoveryCodesReplaced).on(&state.user));
                Ok(())
            })?;
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
    /// [`Error::Conflict`] for a user without recovery codes; [`Error::SecondFactorRequired`] for a session without the
    /// second factor, which has seen none; [`Error::InvalidToken`].
    pub async fn acknowledge_own_recovery_codes(&self, actor: &Actor) -> Result<()> {
        let SignedIn { user_id, session_id, .. } = *actor.session()?;
        let (account_id, actor) = (actor.account_id, actor.clone());
        self.transact(move |tx| {
            let state = SignInState::lock_active(tx.conn, account_id, user_id)?.ok_or(Error::InvalidToken)?;
            recovery_codes::left(tx.conn, account_id, user_id)?.ok_or_else(no_recovery_codes)?;
            has_second_factor(tx, account_id, session_id)?;
            if recovery_codes::acknowledge(tx.conn, account_id, user_id)? {
                tx.record(account_id, actor.did(Action::RecoveryCodesAcknowledged).on(&state.user));
            }
            Ok(())
        })
        .await
    }
}

/// Whether the session, which is alive, began or was continued with the second factor. Its user is locked.
fn has_second_factor(tx: &mut Tx<'_>, account: AccountId, session: SessionId) -> Result<()> {
    let session = sessions::by_id(tx.conn, account, session)?;
    let session = session.filter(|it| it.session.is_alive(tx.now)).ok_or(Error::InvalidToken)?;
    match session.amr {
        Amr::Password => Err(Error::SecondFactorRequired),
        Amr::PasswordAndTotp | Amr::PasswordAndRecoveryCode => Ok(()),
    }
}
