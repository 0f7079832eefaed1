//! The view of an API key that the API returns.

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

use crate::base::error::Result;

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

impl ApiKeyStatus {
    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Dormant => "dormant",
        }
    }
}

/// Who may know a secret.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ApiKeySecretView {
    /// When it was made.
    pub created_at: Time,
    /// The account of the user who is responsible for it.
    pub account_id: AccountId,
    /// The user who is responsible for it.
    pub user_id: UserId,
    /// The key of the program that it was shown to; `None`: it was shown to the user.
    pub shown_to_key_id: Option<ApiKeyId>,
}

/// An API key as the API returns it. Serializable so that a first reply can be stored for its idempotency key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApiKeyView {
    /// The id.
    pub id: ApiKeyId,
    /// The account.
    pub account_id: AccountId,
    /// The display name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The permissions that it was given.
    pub permissions: Vec<String>,
    /// Those of them that are effective now.
    pub effective_permissions: Vec<String>,
    /// From where it may call; empty: from anywhere.
    pub networks: Vec<String>,
    /// When it expires.
    pub expires_at: Option<Time>,
    /// Whether it works.
    pub status: ApiKeyStatus,
    /// The newest secret; `None`: the user who was responsible for it was deleted.
    pub secret: Option<ApiKeySecretView>,
    /// When the last of the older secrets stops working; `None`: none works.
    pub older_secrets_end_at: Option<Time>,
    /// When it was last used, to about a minute.
    pub last_used_at: Option<Time>,
    /// The address that it was last used from.
    pub last_used_from: Option<String>,
    /// When it was created.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// Increases with every change; for `ETag`.
    pub version: i64,
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
            account_id: secret.answerable.0,
            user_id: secret.answerable.1,
            shown_to_key_id: secret.recipient.map(|(_, key)| key),
        }),
        older_secrets_end_at,
        last_used_at: key.last_use.map(|(at, _)| at),
        last_used_from: key.last_use.map(|(_, from)| from.to_string()),
        created_at: key.created_at,
        updated_at: key.updated_at,
        version: key.version,
    }
}

/// The view of one key.
pub(super) fn view_one(conn: &mut Conn, key: &ApiKey, now: Time) -> Result<ApiKeyView> {
    let views = views_of(conn, key.account_id, std::slice::from_ref(key), now)?;
    views.into_iter().next().ok_or_else(|| crate::base::error::Error::Internal("one API key gave no view".to_owned()))
}
