//! The view of a user that the API returns.

use std::collections::HashSet;

use kernel::{AccountId, Time, UserId};
use permissions::PermissionSet;
use serde::{Deserialize, Serialize};
use store::{
    Conn,
    tables::{
        base::throttles,
        directory::{user_permissions, users::User},
        policies::{two_factor_policies, two_factor_policy_users},
        sign_in::authenticators,
    },
};

use crate::{
    base::error::{Error, Result},
    policies::password_policies::{PasswordView, Policies},
};

/// The state of a user's second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoFactorView {
    /// Whether a code is required now, or will be at the next sign-in.
    pub required: bool,
    /// `not_enrolled`, `enrolled`, or `asleep`: enrolled, but no code is required.
    pub status: String,
}

/// A user as the API returns it. Serializable so that a first reply can be stored for its idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    /// The id.
    pub id: UserId,
    /// The account.
    pub account_id: AccountId,
    /// The name typed at sign-in.
    pub username: String,
    /// The display name.
    pub display_name: Option<String>,
    /// The email address.
    pub email: Option<String>,
    /// `active` or `disabled`.
    pub status: String,
    /// What the user holds.
    pub permissions: Vec<String>,
    /// The second factor.
    pub two_factor: TwoFactorView,
    /// The password.
    pub password: PasswordView,
    /// Until when the user is locked after wrong passwords or codes; `None`: not locked.
    #[serde(default)]
    pub locked_until: Option<Time>,
    /// When the user was created.
    pub created_at: Time,
    /// Increases with every change; for `ETag`.
    pub version: i64,
}

/// The view of `user`, given what the user holds, whether the policy asks, whether there is a device (by choice?), and
/// the state of the password.
pub(crate) fn view_of(
    user: &User,
    permissions: &PermissionSet,
    policy_asks: bool,
    device_by_choice: Option<bool>,
    password: PasswordView,
) -> UserView {
    let required = policy_asks || device_by_choice == Some(true);
    let two_factor = match (device_by_choice, required) {
        (None, _) => "not_enrolled",
        (Some(_), true) => "enrolled",
        (Some(_), false) => "asleep",
    };
    UserView {
        id: user.id,
        account_id: user.account_id,
        username: user.username.clone(),
        display_name: user.display_name.clone(),
        email: user.email.clone(),
        status: user.status.as_str().to_owned(),
        permissions: permissions.iter().map(|permission| permission.as_str().to_owned()).collect(),
        two_factor: TwoFactorView { required, status: two_factor.to_owned() },
        password,
        locked_until: None,
        created_at: user.created_at,
        version: user.version,
    }
}

/// The views of some users at `now`, with a fixed number of queries.
pub(crate) fn views_of(conn: &mut Conn, account: AccountId, users: &[User], now: Time) -> Result<Vec<UserView>> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let policy = two_factor_policies::of_account(conn, account)?
        .ok_or_else(|| Error::Internal(format!("account {account} has no two-factor policy")))?;
    let listed: HashSet<UserId> = if policy.mode.has_list() {
        two_factor_policy_users::among(conn, account, &ids)?.into_iter().collect()
    } else {
        HashSet::new()
    };
    let devices = authenticators::of_users(conn, account, &ids)?;
    let held = user_permissions::of_users(conn, account, &ids)?;
    let waiting = throttles::waiting(conn, account, &ids, now)?;
    let passwords = Policies::of(conn, account, &ids)?;
    let nothing = PermissionSet::default();
    let view = |user: &User| {
        let permissions = held.get(&user.id).unwrap_or(&nothing);
        let asks = policy.mode.asks(listed.contains(&user.id));
        let password = passwords.applied_to(user.id, permissions)?.view(user, now);
        let view = view_of(user, permissions, asks, devices.get(&user.id).copied(), password);
        Ok(UserView { locked_until: waiting.get(&user.id).copied(), ..view })
    };
    users.iter().map(view).collect()
}

/// The view of one user at `now`.
pub(crate) fn view_one(conn: &mut Conn, user: &User, now: Time) -> Result<UserView> {
    let views = views_of(conn, user.account_id, std::slice::from_ref(user), now)?;
    views.into_iter().next().ok_or_else(|| Error::Internal("one user gave no view".to_owned()))
}
