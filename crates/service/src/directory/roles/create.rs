//! Creates a role.

use kernel::{Id, OsRandom};
use permissions::{PermissionSet, change};
use store::tables::directory::{
    role_permissions,
    roles::{self, Role},
};

use super::{RoleDraft, RoleView, draft::name_taken, view::view};
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
        registered::must_be_registered,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, Result},
        idempotency::IdempotencyKey,
        model::Versioned,
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
};
use permissions::UserPermissions;

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
        by: &Allowed<UserPermissions>,
        draft: &RoleDraft,
        key: Option<IdempotencyKey>,
    ) -> Result<Versioned<RoleView>> {
        let draft = draft.parse()?;
        self.act(by, Lock::Account, move |mut acting, account| {
            acting.once(key.as_ref(), |Acting { tx, by, held }| {
                let in_platform = account.slug == PLATFORM_SLUG;
                change(held, &PermissionSet::default(), &draft.permissions, in_platform)?;
                must_be_registered(tx.conn, &draft.permissions)?;
                // The account is locked: nobody else adds one before this transaction ends.
                if roles::count(tx.conn, account.id)? >= MAX_ROLES {
                    return Err(Error::Conflict(format!("an account can have at most {MAX_ROLES} roles")));
                }
                let role = Role {
                    account_id: account.id,
                    id: Id::generate(tx.now, &mut OsRandom),
                    name: draft.name.clone(),
                    name_key: draft.name_key.clone(),
                    description: draft.description.clone(),
                    version: 1,
                    created_at: tx.now,
                    updated_at: tx.now,
                };
                roles::insert(tx.conn, role.clone()).map_err(name_taken)?;
                for permission in draft.permissions.iter() {
                    role_permissions::add(tx.conn, account.id, role.id, permission)?;
                }
                let created = by.did(Action::RoleCreated).on(&role);
                tx.record(account.id, created.with_list("permissions", names_of(&draft.permissions)));
                view(tx.conn, role)
            })
        })
        .await
    }
}
