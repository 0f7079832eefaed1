//! Hands out the activation codes that a job has made.

use std::fmt;

use kernel::{BulkJobId, OsRandom, Time, UserId};
use permissions::UserPermissions;
use serde::{Deserialize, Serialize};
use store::tables::jobs::bulk_job_users;

use super::{creator::Creator, read::find, start::event};
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
    },
    base::{
        audit::Action,
        error::{Error, Result},
        idempotency::IdempotencyKey,
        model::IssuedActivation,
        seal::Purpose,
        service::{Core, Service},
    },
};

/// Codes of one reply.
const AT_ONCE: usize = 1_000;

/// The activation code of a user.
#[derive(Clone, Serialize, Deserialize)]
pub struct TakenActivation {
    /// The user.
    pub user_id: UserId,
    /// The username when the code was made.
    pub username: String,
    /// The code, shown only once.
    pub code: String,
    /// When it expires.
    pub expires_at: Time,
}

impl fmt::Debug for TakenActivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TakenActivation").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// Some activation codes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakenActivations {
    /// The codes, in the order of the users' ids.
    pub items: Vec<TakenActivation>,
    /// Whether there are more to take now.
    pub more: bool,
}

impl Service {
    /// Hands out up to 1,000 activation codes that the job has made, and deletes them. A `key` that was used before
    /// returns the first reply again.
    ///
    /// # Errors
    /// [`Error::Conflict`] for everybody except the job's creator: the codes were made because of what that caller
    /// holds, and whoever has a code can become its user.
    pub async fn take_bulk_activations(
        &self,
        by: &Allowed<UserPermissions>,
        id: BulkJobId,
        key: Option<IdempotencyKey>,
    ) -> Result<TakenActivations> {
        // Two requests of the creator wait for each other at the lock, so that no code is handed out twice.
        self.act(by, Lock::Users, move |mut acting, account| {
            let job = find(acting.tx.conn, account.id, id)?;
            if !Creator::of(&job)?.is(acting.by)? {
                return Err(Error::Conflict(
                    "the activation codes of a job are handed out only to whoever started it".to_owned(),
                ));
            }
            acting.once(key.as_ref(), |Acting { tx, by, .. }| {
                let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX).saturating_add(1);
                let mut found = bulk_job_users::with_activation(tx.conn, account.id, id, limit)?;
                let more = found.len() > AT_ONCE;
                found.truncate(AT_ONCE);
                let users: Vec<UserId> = found.iter().map(|member| member.user).collect();
                bulk_job_users::forget_activations(tx.conn, account.id, id, &users)?;
                if !found.is_empty() {
                    let event = event(by, Action::BulkActivationsTaken, &job)?.with("taken", found.len());
                    tx.record(account.id, event);
                }
                let items = found.into_iter().map(|member| {
                    let sealed = member.sealed_activation.unwrap_or_default();
                    let Kept { code, expires_at } = open(tx.core, id, member.user, &sealed)?;
                    let username = member.username.unwrap_or_default();
                    Ok(TakenActivation { user_id: member.user, username, code, expires_at })
                });
                Ok(TakenActivations { items: items.collect::<Result<_>>()?, more })
            })
        })
        .await
    }
}

/// A code as it is stored, sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    code: String,
    expires_at: Time,
}

fn owner(job: BulkJobId, user: UserId) -> Vec<u8> {
    [job.as_bytes().as_slice(), user.as_bytes()].concat()
}

/// Seals a code until the creator of the job takes it.
pub(super) fn seal(core: &Core, job: BulkJobId, user: UserId, issued: &IssuedActivation) -> Result<Vec<u8>> {
    let kept = Kept { code: issued.code.expose().to_owned(), expires_at: issued.expires_at };
    let text = serde_json::to_vec(&kept).map_err(|why| Error::Internal(format!("an activation code: {why}")))?;
    core.sealer.seal(Purpose::BulkActivation, &owner(job, user), &zeroize::Zeroizing::new(text), &mut OsRandom)
}

fn open(core: &Core, job: BulkJobId, user: UserId, sealed: &[u8]) -> Result<Kept> {
    let text = core.sealer.open(Purpose::BulkActivation, &owner(job, user), sealed)?;
    serde_json::from_slice(&text).map_err(|why| Error::Internal(format!("an activation code: {why}")))
}
