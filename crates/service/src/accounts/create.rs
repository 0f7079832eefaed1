//! A new account.

use std::sync::Arc;

use kernel::{AccountId, Id, OsRandom, Time};
use serde::{Deserialize, Serialize};

use crate::{
    Account, Actor, Error, FieldError, IdempotencyKey, Result,
    acting::{Needs, still_may},
    audit::Action,
    idempotency::once,
    model::{display_name, slug},
    platform::insert_account,
    service::Service,
};

/// What an account is to be called.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The short name to sign in with.
    pub slug: String,
    /// The name that people read.
    pub name: String,
}

/// The reply, as it is kept for its idempotency key.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: AccountId,
    slug: String,
    name: String,
    created_at: Time,
}

impl Service {
    /// Creates an account whose two-factor policy asks nobody. The caller is a platform administrator.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::Conflict`] when the slug is taken.
    pub async fn create_account(&self, actor: &Actor, new: NewAccount, key: Option<IdempotencyKey>) -> Result<Account> {
        actor.allow_platform()?;
        let (slug, name) = match (slug(&new.slug), display_name(&new.name)) {
            (Ok(slug), Ok(name)) => (slug, name),
            (slug, name) => {
                let error = |pointer: &str, why: &str| FieldError {
                    pointer: pointer.to_owned(),
                    code: "invalid",
                    message: why.to_owned(),
                };
                let errors = [slug.err().map(|why| error("/slug", why)), name.err().map(|why| error("/name", why))];
                return Err(Error::Validation(errors.into_iter().flatten().collect()));
            }
        };
        let (core, actor, now) = (Arc::clone(&self.core), actor.clone(), self.core.now());
        let kept = self
            .write(move |conn, audit| {
                still_may(conn, &actor, Needs::Platform, now)?;
                once(conn, &core, &actor, key.as_ref(), now, |conn| {
                    let id = Id::generate(now, &mut OsRandom);
                    let account = Account { id, slug: slug.clone(), name: name.clone(), created_at: now };
                    insert_account(conn, &account)?;
                    // In the account's own chain, which begins with it, and where its creator belongs.
                    let created = actor.did(Action::AccountCreated).on(&account);
                    audit.record(actor.account_id, created.clone());
                    audit.record(id, created);
                    Ok(Kept { id, slug: account.slug, name: account.name, created_at: now })
                })
            })
            .await?;
        Ok(Account { id: kept.id, slug: kept.slug, name: kept.name, created_at: kept.created_at })
    }
}
