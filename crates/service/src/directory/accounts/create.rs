//! Creates an account.

use kernel::{Id, OsRandom};
use permissions::{Permission, PermissionSet, PlatformAdministration};
use serde::{Deserialize, Serialize};
use store::tables::directory::accounts::Account;
use two_factor::Mode;

use super::{
    limits::LimitsChange,
    view::{AccountView, view},
};
use crate::{
    authority::{acting::Acting, allowed::Allowed},
    base::{
        audit::Action,
        error::{Error, FieldError, Result},
        idempotency::IdempotencyKey,
        model::{display_name, slug},
        service::Service,
    },
    directory::{
        accounts::insert_account,
        users::{CreatedUser, KeptUser, NewUser, ParsedUser, create_in},
    },
};

/// What to create an account with.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The short name to sign in with; it cannot be changed.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// What the plan allows.
    pub limits: LimitsChange,
    /// The first administrator, who gets every built-in permission that has a meaning in an account, instead of the
    /// permissions named here.
    pub first_administrator: Option<NewUser>,
}

/// A created account.
#[derive(Debug)]
pub struct CreatedAccount {
    /// The account.
    pub account: AccountView,
    /// Its administrator, with the activation code, if one was requested.
    pub first_administrator: Option<CreatedUser>,
}

/// The reply, as stored for its idempotency key.
#[derive(Serialize, Deserialize)]
struct Kept {
    account: AccountView,
    first_administrator: Option<KeptUser>,
}

/// The parsed input.
#[derive(Clone)]
struct Parsed {
    slug: String,
    name: String,
    max_users: Option<u32>,
    first_administrator: Option<ParsedUser>,
}

impl Service {
    /// Creates an account whose two-factor policy requires no second factor, and, if one is named, its first
    /// administrator: both or neither. The caller is a platform administrator.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::Conflict`] when the slug is taken, also by an account that is being deleted;
    /// [`Error::LimitReached`] when the plan does not allow the first administrator.
    pub async fn create_account(
        &self,
        by: &Allowed<PlatformAdministration>,
        new: NewAccount,
        key: Option<IdempotencyKey>,
    ) -> Result<CreatedAccount> {
        let parsed = parse(&new)?;
        let kept = self
            .act_for_platform(by, None, move |mut acting| {
                acting.once(key.as_ref(), |mut acting| {
                    let Parsed { slug, name, max_users, first_administrator } = parsed.clone();
                    let account = Account::new(Id::generate(acting.tx.now, &mut OsRandom), slug, name, acting.tx.now);
                    insert_account(acting.tx.conn, &account, Mode::Disabled, max_users)?;
                    let event = acting.by.did(Action::AccountCreated);
                    acting.record_on(&account, event.with("max_users", max_users));
                    let Acting { tx, by, held } = acting;
                    let first_administrator = first_administrator
                        .map(|first| create_in(Acting { tx: &mut *tx, by, held }, &account, &first))
                        .transpose()?;
                    Ok(Kept { account: view(tx.conn, account.id)?, first_administrator })
                })
            })
            .await?;
        Ok(CreatedAccount {
            account: kept.account,
            first_administrator: kept.first_administrator.map(CreatedUser::from),
        })
    }
}

fn parse(new: &NewAccount) -> Result<Parsed> {
    let mut errors = Vec::new();
    let mut note = |pointer: &str, why: &str| {
        errors.push(FieldError { pointer: pointer.to_owned(), code: "invalid", message: why.to_owned() });
    };
    let slug = slug(&new.slug).map_err(|why| note("/slug", why)).ok();
    let name = display_name(&new.name).map_err(|why| note("/name", why)).ok();
    let mut take = |refused: Error, below: &str| match refused {
        Error::Validation(fields) => {
            errors.extend(
                fields.into_iter().map(|field| FieldError { pointer: format!("{below}{}", field.pointer), ..field }),
            );
            Ok(())
        }
        other => Err(other),
    };
    if let Err(refused) = new.limits.check() {
        take(refused, "")?;
    }
    let max_users = new.limits.max_users(None);
    let first_administrator = match new.first_administrator.as_ref().map(ParsedUser::parse).transpose() {
        Ok(parsed) => parsed.map(|parsed| parsed.holding(administrators())),
        Err(refused) => take(refused, "/first_administrator").map(|()| None)?,
    };
    match (slug, name) {
        (Some(slug), Some(name)) if errors.is_empty() => Ok(Parsed { slug, name, max_users, first_administrator }),
        _ => Err(Error::Validation(errors)),
    }
}

/// All built-in permissions that have a meaning in an account: what its first administrator can grant.
fn administrators() -> PermissionSet {
    Permission::OURS.into_iter().filter(|permission| !permission.is_platform_only()).collect()
}
