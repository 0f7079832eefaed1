//! An API key as the API returns it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::{AccountId, ApiKeyId, Time, UserId};
use permissions::{PermissionSet, backed};
use serde::{Deserialize, Serialize};
use store::{
    Conn,
    tables::directory::{
        api_key_permissions,
        api_key_secrets::{self, ApiKeySecret},
        api_keys::{self, ApiKey},
        user_permissions,
        users::{self, Status},
    },
};
use utoipa::ToSchema;

use crate::base::{
    error::{Error, Result},
    model::Versioned,
};

/// Whether a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyStatus {
    /// It works.
    Active,
    /// It has expired.
    Expired,
    /// Nobody is responsible for its secret any more: the responsible user was deleted or may not sign in, or the key
    /// of the program that it was shown to has ended. It works again once somebody rotates it.
    Dormant,
}

/// Who knows a secret and is responsible for it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ApiKeySecret)]
pub struct ApiKeySecretView {
    /// When the secret was created.
    #[schema(value_type = String, format = DateTime, examples("2026-01-31T12:00:00Z"))]
    pub created_at: Time,
    /// The user responsible for it: whoever created or rotated the key. If an API key did, the user responsible for
    /// that key.
    #[schema(value_type = String, format = Uuid, examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    pub user_id: UserId,
    /// The account of that user: the key's own account or the platform's.
    #[schema(value_type = String, format = Uuid, examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    pub account_id: AccountId,
    /// The API key that the secret was shown to; null if it was shown to the user.
    #[schema(required = true, value_type = Option<String>, format = Uuid, examples("01997f63-0c5d-7b12-8e4f-5a6b7c8d9e0a"))]
    pub shown_to_key_id: Option<ApiKeyId>,
}

/// An API key: the credential of a program.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct ApiKeyView {
    /// The id.
    #[schema(value_type = String, format = Uuid, examples("01997f63-0c5d-7b12-8e4f-5a6b7c8d9e0f"))]
    pub id: ApiKeyId,
    /// The account that the key belongs to.
    #[schema(value_type = String, format = Uuid, examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    pub account_id: AccountId,
    /// Display name, unique in the account (case-insensitive).
    #[schema(examples("Nightly import"))]
    pub name: String,
    /// What the key is for.
    #[schema(required = true, examples("Runs on the HR server and imports new colleagues."))]
    pub description: Option<String>,
    /// Permissions that the key was given, by name. More permissions may be added.
    #[schema(examples(json!(["user_permissions"])))]
    pub permissions: Vec<String>,
    /// The permissions that take effect now: those that the user responsible for the newest secret could grant.
    #[schema(examples(json!(["user_permissions"])))]
    pub effective_permissions: Vec<String>,
    /// Where the key may call from. Empty: from anywhere.
    #[schema(examples(json!(["203.0.113.0/24", "2001:db8::7/128"])))]
    pub networks: Vec<String>,
    /// When the key expires; null: never.
    #[schema(required = true, value_type = Option<String>, format = DateTime, examples("2026-12-31T23:00:00Z"))]
    pub expires_at: Option<Time>,
    /// `active`, `expired` or `dormant`. A key is dormant when nobody is responsible for its secret any more: the user
    /// is disabled or deleted, or the API key that created the secret has expired or been revoked. Rotate the key to
    /// become responsible for it. More values may be added.
    #[schema(value_type = String, examples("active"))]
    pub status: ApiKeyStatus,
    /// Who knows the newest secret; null if the user or API key that created it is gone.
    #[schema(required = true)]
    pub secret: Option<ApiKeySecretView>,
    /// When the last of the older secrets stops working; null if none works.
    #[schema(required = true, value_type = Option<String>, format = DateTime, examples("2026-02-01T12:00:00Z"))]
    pub older_secrets_end_at: Option<Time>,
    /// When the key was last used, accurate to about a minute.
    #[schema(required = true, value_type = Option<String>, format = DateTime, examples("2026-01-31T12:00:00Z"))]
    pub last_used_at: Option<Time>,
    /// The address from which it was last used.
    #[schema(required = true, examples("203.0.113.7"))]
    pub last_used_from: Option<String>,
    /// When the key was created.
    #[schema(value_type = String, format = DateTime, examples("2026-01-31T12:00:00Z"))]
    pub created_at: Time,
    /// When the key was last changed or rotated.
    #[schema(value_type = String, format = DateTime, examples("2026-01-31T12:00:00Z"))]
    pub updated_at: Time,
}

/// The permissions that back the secrets of some keys.
struct Behind {
    /// What each user holds who may sign in.
    users: HashMap<(AccountId, UserId), PermissionSet>,
    /// What each unexpired key was given.
    keys: HashMap<(AccountId, ApiKeyId), PermissionSet>,
}

impl Behind {
    fn look(conn: &mut Conn, secrets: &[ApiKeySecret], now: Time) -> Result<Self> {
        let mut people: BTreeMap<AccountId, BTreeSet<UserId>> = BTreeMap::new();
        for (account, user) in secrets.iter().map(|secret| secret.answerable) {
            people.entry(account).or_default().insert(user);
        }
        let mut behind = Self { users: HashMap::new(), keys: HashMap::new() };
        for (account, ids) in people {
            let ids: Vec<UserId> = ids.into_iter().collect();
            let mut held = user_permissions::of_users(conn, account, &ids)?;
            for user in users::by_ids(conn, account, &ids)?.into_iter().filter(|user| user.status == Status::Active) {
                behind.users.insert((account, user.id), held.remove(&user.id).unwrap_or_default());
            }
        }
        let recipients: BTreeSet<_> = secrets.iter().filter_map(|secret| secret.recipient).collect();
        for (account, key) in recipients {
            if api_keys::by_id(conn, account, key)?.is_some_and(|key| key.is_current(now)) {
                behind.keys.insert((account, key), api_key_permissions::of_key(conn, account, key)?);
            }
        }
        Ok(behind)
    }

    /// The part of `given` that is effective with this secret; `None`: nobody is responsible for it.
    fn backed(&self, secret: &ApiKeySecret, given: &PermissionSet) -> Option<PermissionSet> {
        let counts = backed(given, self.users.get(&secret.answerable)?);
        match secret.recipient {
            None => Some(counts),
            Some(key) => Some(backed(&counts, self.keys.get(&key)?)),
        }
    }
}

/// The views of some keys of one account.
pub(super) fn views_of(conn: &mut Conn, account: AccountId, keys: &[ApiKey], now: Time) -> Result<Vec<ApiKeyView>> {
    let ids: Vec<ApiKeyId> = keys.iter().map(|key| key.id).collect();
    let given = api_key_permissions::of_keys(conn, account, &ids)?;
    let mut secrets = api_key_secrets::of_keys(conn, account, &ids)?;
    secrets.retain(|secret| secret.is_current(now));
    let behind = Behind::look(conn, &secrets, now)?;
    let nothing = PermissionSet::default();
    let views = keys.iter().map(|key| {
        let mut secrets = secrets.iter().filter(|secret| secret.api_key_id == key.id);
        let given = given.get(&key.id).unwrap_or(&nothing);
        view(key, given, secrets.next(), secrets.filter_map(|older| older.ends_at).max(), &behind, now)
    });
    Ok(views.collect())
}

fn view(
    key: &ApiKey,
    given: &PermissionSet,
    newest: Option<&ApiKeySecret>,
    older_secrets_end_at: Option<Time>,
    behind: &Behind,
    now: Time,
) -> ApiKeyView {
    let backed = newest.and_then(|secret| behind.backed(secret, given));
    let status = match backed {
        _ if !key.is_current(now) => ApiKeyStatus::Expired,
        None => ApiKeyStatus::Dormant,
        Some(_) => ApiKeyStatus::Active,
    };
    let counts = backed.filter(|_| status == ApiKeyStatus::Active).unwrap_or_default();
    let names = |set: &PermissionSet| set.iter().map(ToString::to_string).collect();
    ApiKeyView {
        id: key.id,
        account_id: key.account_id,
        name: key.name.clone(),
        description: key.description.clone(),
        permissions: names(given),
        effective_permissions: names(&counts),
        networks: key.networks.iter().map(ToString::to_string).collect(),
        expires_at: key.expires_at,
        status,
        secret: newest.map(|secret| ApiKeySecretView {
            created_at: secret.created_at,
            user_id: secret.answerable.1,
            account_id: secret.answerable.0,
            shown_to_key_id: secret.recipient.map(|(_, key)| key),
        }),
        older_secrets_end_at,
        last_used_at: key.last_use.map(|(at, _)| at),
        last_used_from: key.last_use.map(|(_, from)| from.to_string()),
        created_at: key.created_at,
        updated_at: key.updated_at,
    }
}

/// The view of one key, with its version.
pub(super) fn view_one(conn: &mut Conn, key: &ApiKey, now: Time) -> Result<Versioned<ApiKeyView>> {
    let views = views_of(conn, key.account_id, std::slice::from_ref(key), now)?;
    let view = views.into_iter().next().ok_or_else(|| Error::Internal("one API key gave no view".to_owned()))?;
    Ok(Versioned { version: key.version, value: view })
}
