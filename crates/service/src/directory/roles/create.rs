//! Creates a role.

use std::sync::Arc;

use kernel::{AccountId, Id, OsRandom};
use permissions::{PermissionSet, change};
use store::tables::directory::{
    accounts, role_permissions,
    roles::{self, Role},
};

use super::{RoleDraft, RoleView, draft::name_taken, view::view_one};
use crate::{
    authority::{
        acting::{Needs, still_may},
        registered::must_be_registered,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, Result},
        idempotency::{IdempotencyKey, once},
        model::Actor,
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
};
use permissions::Permission;

/// Roles of one account. Reports on all roles, and searches for the holders of a permission, go through this many.
const MAX_ROLES: i64 = 1_000;

impl Service {
    /// Creates a role that nobody has yet.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::GrantRefused`]: callers cannot put into a role what they do not hold;
    /// [`Error::Conflict`] when the name is taken or the account has too many roles.
    pub async fn create_role(
        &self,
        actor: &Actor,
        account: AccountId,
        draft: &RoleDraft,
        key: Option<IdempotencyKey>,
    ) -> Result<RoleView> {
        let draft = draft.parse()?;
        let (core, actor, now) = (Arc::clone(&self.core), actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
            accounts::lock(conn, account.id)?;
            let held = still_may(conn, &actor, Needs::In(account.id, Permission::UserPermissions), now)?;
            once(conn, &core, &actor, key.as_ref(), now, |conn| {
                let in_platform = account.slug == PLATFORM_SLUG;
                change(&held, &PermissionSet::default(), &draft.permissions, in_platform)?;
                must_be_registered(conn, &draft.permissions)?;
                // The account is locked: nobody else adds one before this transaction ends.
                if roles::count(conn, account.id)? >= MAX_ROLES {
                    return Err(Error::Conflict(format!("an account can have at most {MAX_ROLES} roles")));
                }
                let role = Role {
                    account_id: account.id,
                    id: Id::generate(now, &mut OsRandom),
                    name: draft.name.clone(),
                    name_key: draft.name_key.clone(),
                    description: draft.description.clone(),
                    version: 1,
                    created_at: now,
                    updated_at: now,
                };
                roles::insert(conn, &role).map_err(name_taken)?;
                for permission in draft.permissions.iter() {
                    role_permissions::add(conn, account.id, role.id, permission)?;
                }
                let created = actor.did(Action::RoleCreated).on(&role);
                audit.record(account.id, created.with_list("permissions", names_of(&draft.permissions)));
                view_one(conn, &role)
            })
        })
        .await
    }
}
