//! The caller on whose behalf a job works.

use std::net::IpAddr;

use data_encoding::HEXLOWER;
use kernel::{AccountId, ApiKeyId, SessionId, Time, TokenDigest, UserId};
use permissions::PermissionSet;
use serde::{Deserialize, Serialize};
use store::tables::jobs::bulk_jobs::BulkJob;

use super::view::BulkCreator;
use crate::base::{
    error::{Error, Result},
    model::{Actor, Credential, PresentedKey, SignedIn, Source},
};

/// The caller who ordered a job, as the job stores it: enough to check again whether that caller may act, and to name
/// the caller in the audit log after the caller is gone.
#[derive(Serialize, Deserialize)]
pub(super) struct Creator {
    account: AccountId,
    who: Who,
    name: String,
    address: IpAddr,
    user_agent: Option<String>,
    request_id: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Who {
    User { id: UserId, session: SessionId, auth_time: Time },
    ApiKey { id: ApiKeyId, secret: String, answerable: (AccountId, UserId), recipient: Option<(AccountId, ApiKeyId)> },
}

impl Creator {
    /// The creator of a job.
    pub(super) fn of(job: &BulkJob) -> Result<Self> {
        serde_json::from_str(&job.creator).map_err(|why| Error::Internal(format!("the creator of {}: {why}", job.id)))
    }

    /// What the job stores of `actor`.
    pub(super) fn to_text(actor: &Actor) -> Result<String> {
        let who = match &actor.credential {
            Credential::Session(SignedIn { user_id, session_id, auth_time }) => {
                Who::User { id: *user_id, session: *session_id, auth_time: *auth_time }
            }
            Credential::ApiKey(PresentedKey { id, secret, answerable, recipient }) => {
                let secret = HEXLOWER.encode(secret.as_bytes());
                Who::ApiKey { id: *id, secret, answerable: *answerable, recipient: *recipient }
            }
        };
        let creator = Self {
            account: actor.account_id,
            who,
            name: actor.name.clone(),
            address: actor.source.address,
            user_agent: actor.source.user_agent.clone(),
            request_id: actor.source.request_id.clone(),
        };
        serde_json::to_string(&creator).map_err(|why| Error::Internal(format!("a creator: {why}")))
    }

    /// The caller. Says nothing of what they hold now.
    pub(super) fn actor(&self) -> Result<Actor> {
        let credential = match &self.who {
            Who::User { id, session, auth_time } => {
                Credential::Session(SignedIn { user_id: *id, session_id: *session, auth_time: *auth_time })
            }
            Who::ApiKey { id, secret, answerable, recipient } => {
                let bytes = HEXLOWER.decode(secret.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
                let secret = bytes.ok_or_else(|| Error::Internal(format!("the digest of API key {id}")))?;
                let secret = TokenDigest::from_bytes(secret);
                Credential::ApiKey(PresentedKey { id: *id, secret, answerable: *answerable, recipient: *recipient })
            }
        };
        Ok(Actor {
            account_id: self.account,
            credential,
            name: self.name.clone(),
            permissions: PermissionSet::default(),
            source: Source {
                address: self.address,
                user_agent: self.user_agent.clone(),
                request_id: self.request_id.clone(),
            },
        })
    }

    /// Whether `actor` is the same user or API key, in whatever session.
    pub(super) fn is(&self, actor: &Actor) -> Result<bool> {
        let own = self.actor()?;
        Ok(own.account_id == actor.account_id && own.caller() == actor.caller())
    }

    /// The view that the API returns.
    pub(super) fn view(self) -> BulkCreator {
        let (kind, id) = match &self.who {
            Who::User { id, .. } => ("user", id.as_uuid()),
            Who::ApiKey { id, .. } => ("api_key", id.as_uuid()),
        };
        BulkCreator { kind: kind.to_owned(), id: id.to_string(), name: self.name }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Id, OsRandom};

    use super::*;

    #[test]
    fn a_caller_is_kept_and_known_again() {
        let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (account, user) = (Id::generate(now, &mut OsRandom), Id::generate(now, &mut OsRandom));
        let session = SignedIn { user_id: user, session_id: Id::generate(now, &mut OsRandom), auth_time: now };
        let key = PresentedKey {
            id: Id::generate(now, &mut OsRandom),
            secret: TokenDigest::from_bytes([7; 32]),
            answerable: (account, user),
            recipient: Some((account, Id::generate(now, &mut OsRandom))),
        };
        for credential in [Credential::Session(session), Credential::ApiKey(key)] {
            let source = Source { address: "192.0.2.1".parse().unwrap(), user_agent: None, request_id: "r".to_owned() };
            let permissions = PermissionSet::default();
            let actor = Actor { account_id: account, credential, name: "ann".to_owned(), permissions, source };
            let kept: Creator = serde_json::from_str(&Creator::to_text(&actor).unwrap()).unwrap();
            assert_eq!(format!("{:?}", kept.actor().unwrap()), format!("{actor:?}"));
            assert!(kept.is(&actor).unwrap());
            let elsewhere = Actor { account_id: Id::generate(now, &mut OsRandom), ..actor };
            assert!(!kept.is(&elsewhere).unwrap());
        }
    }
}
