//! A new account.

use std::sync::Arc;

use kernel::{Id, OsRandom};
use permissions::{Permission, PermissionSet};
use serde::{Deserialize, Serialize};
use store::tables::directory::accounts::Account;
use two_factor::Mode;

use super::{
    acted_upon::record,
    limits::LimitsChange,
    view::{AccountView, view},
};
use crate::{
    authority::acting::{Needs, still_may},
    base::{
        audit::Action,
        error::{Error, FieldError, Result},
        idempotency::{IdempotencyKey, once},
        model::{Actor, display_name, slug},
        service::Service,
    },
    directory::{
        accounts::insert_account,
        users::{CreatedUser, Creator, KeptUser, NewUser, ParsedUser, create_in},
    },
};

/// What an account is to be.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The short name to sign in with; it stays.
    pub slug: String,
    /// The name that people read.
    pub name: String,
    /// What the plan allows.
    pub limits: LimitsChange,
    /// Who is to administer it; gets every permission of ours that has a meaning in an account. Other permissions than
    /// these are not asked for.
    pub first_administrator: Option<NewUser>,
}

/// A new account.
#[derive(Debug)]
pub struct CreatedAccount {
    /// The account.
    pub account: AccountView,
    /// Who administers it, if that was asked for, with the activation code.
    pub first_administrator: Option<CreatedUser>,
}

/// The reply, as it is kept for its idempotency key.
#[derive(Serialize, Deserialize)]
struct Kept {
    account: AccountView,
    first_administrator: Option<KeptUser>,
}

/// What could be read.
#[derive(Clone)]
struct Parsed {
    slug: String,
    name: String,
    max_users: Option<u32>,
    first_administrator: Option<ParsedUser>,
}

impl Service {
    /// Creates an account whose two-factor policy asks nobody, and its first administrator with it if one is named: both or
    /// none. The caller is a platform administrator.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::Conflict`] when the slug is taken, also by an account that is being deleted;
    /// [`Error::LimitReached`] when the plan does not allow the first administrator.
    pub async fn create_account(
        &self,
        actor: &Actor,
        new: NewAccount,
        key: Option<IdempotencyKey>,
    ) -> Result<CreatedAccount> {
        actor.allow_platform()?;
        let parsed = parse(&new)?;
        let (core, actor, now) = (Arc::clone(&self.core), actor.clone(), self.core.now());
        let kept = self
            .write(move |conn, audit| {
                let held = still_may(conn, &actor, Needs::Platform, now)?;
                once(conn, &core, &actor, key.as_ref(), now, |conn| {
                    let Parsed { slug, name, max_users, first_administrator } = parsed.clone();
                    let account = Account::new(Id::generate(now, &mut OsRandom), slug, name, now);
                    insert_account(conn, &account, Mode::Disabled, max_users)?;
                    let event = actor.did(Action::AccountCreated);
                    record(audit, &actor, &account, event.with("max_users", max_users));
                    let by = Creator { actor: &actor, held: &held };
                    let first_administrator = first_administrator
                        .map(|first| create_in(conn, audit, &core, by, &account, &first, now))
                        .transpose()?;
                    Ok(Kept { account: view(conn, account.id)?, first_administrator })
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

/// All that has a meaning in an account: what its first administrator hands on.
fn administrators() -> PermissionSet {
    Permission::OURS.into_iter().filter(|permission| !permission.is_platform_only()).collect()
}
