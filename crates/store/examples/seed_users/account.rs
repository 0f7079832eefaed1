//! The seeded account and its policies.

use chrono::TimeDelta;
use kernel::{AccountId, Id, OsRandom, RoleId, Time, UserId};
use password_policy::{Expiry, PasswordPolicy, PolicyDraft};
use permissions::Permission;
use store::{
    Conn, StoreError,
    tables::{
        directory::{
            accounts::{self, Account},
            role_permissions,
            roles::{self, Role},
        },
        jobs::two_factor_days::{self, TwoFactorDay},
        policies::{
            password_policies::{self, StoredPolicy},
            password_policy_permissions,
            two_factor_policies::{self, TwoFactorPolicy},
            two_factor_policy_users,
        },
    },
};
use two_factor::Mode;

/// Days of the recorded trend.
const DAYS: i32 = 366;

/// The account, and what its users may be assigned.
#[derive(Clone)]
pub struct Seeded {
    pub id: AccountId,
    pub roles: Vec<RoleId>,
}

/// Adds an account whose passwords expire and whose policy requires a second factor of everyone but a few.
pub fn insert(conn: &mut Conn, slug: &str, now: Time) -> Result<Seeded, StoreError> {
    let long_ago = now - TimeDelta::days(3 * 365 + 2);
    let id = Id::generate(long_ago, &mut OsRandom);
    let account = Account::new(id, slug.to_owned(), format!("Seeded {slug}"), long_ago);
    accounts::insert(conn, &account, None)?;
    let switched = now - TimeDelta::days(200);
    let policy = TwoFactorPolicy { account_id: id, mode: Mode::AllUsersExcept, version: 1, updated_at: switched };
    two_factor_policies::insert(conn, &policy)?;
    policies(conn, id, now)?;
    let mut roles = Vec::new();
    for (name, permissions) in [
        ("Support", &["account_settings"][..]),
        ("Sales", &[]),
        ("Warehouse", &[]),
        ("Finance", &["password_management"]),
        ("Everybody", &[]),
    ] {
        roles.push(role(conn, id, name, permissions, now)?);
    }
    Ok(Seeded { id, roles })
}

fn role(conn: &mut Conn, account: AccountId, name: &str, held: &[&str], now: Time) -> Result<RoleId, StoreError> {
    let role = Role {
        account_id: account,
        id: Id::generate(now, &mut OsRandom),
        name: name.to_owned(),
        name_key: name.to_lowercase(),
        description: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    roles::insert(conn, role.clone())?;
    for permission in held.iter().filter_map(|name| name.parse::<Permission>().ok()) {
        role_permissions::add(conn, account, role.id, &permission)?;
    }
    Ok(role.id)
}

/// Adds a default policy under which passwords expire after half a year, and a stricter one for some users.
fn policies(conn: &mut Conn, account: AccountId, now: Time) -> Result<(), StoreError> {
    for (name, days, is_default) in [("Default", 180_u16, true), ("Strict", 30, false)] {
        let draft = PolicyDraft {
            name: name.to_owned(),
            expires_after_days: Some(days.into()),
            existing_passwords: "from_last_change".to_owned(),
            ..PolicyDraft::default()
        };
        let Ok(policy) = PasswordPolicy::new(draft) else { continue };
        let stored = StoredPolicy {
            account_id: account,
            id: Id::generate(now, &mut OsRandom),
            is_default,
            expiry: Some(Expiry { after_days: days, counted_from: None, shortened_at: None, spread_days: 0 }),
            policy,
            priority: 100,
            version: 1,
            updated_at: now,
        };
        password_policies::insert(conn, &stored)?;
        if !is_default {
            password_policy_permissions::replace(conn, account, stored.id, &["password_management"])?;
        }
    }
    Ok(())
}

/// Writes the list of the two-factor policy, and one year of the trend.
pub fn finish(conn: &mut Conn, account: &Seeded, listed: &[UserId], now: Time) -> Result<(), StoreError> {
    two_factor_policy_users::replace(conn, account.id, listed)?;
    let today = i32::try_from(now.timestamp() / 86_400).unwrap_or(0);
    for back in 1..=DAYS {
        let enrolled = i64::from(DAYS - back) * 1_000;
        let day = TwoFactorDay {
            day: today - back,
            users: 1_000_000,
            asked: 900_000,
            enrolled,
            not_enrolled: 900_000 - enrolled,
            asleep: 0,
            taken_at: now - TimeDelta::days(back.into()),
        };
        two_factor_days::insert(conn, account.id, &day)?;
    }
    Ok(())
}
