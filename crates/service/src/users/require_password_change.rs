//! A new password at the next sign-in.

use kernel::{AccountId, UserId};
use store::tables::users;

use crate::{Actor, Permission, Result, acting::act_upon, audit::Action, service::Service};

impl Service {
    /// Makes the user choose a new password at the next sign-in. Doing it again changes nothing.
    pub async fn require_password_change(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let user = act_upon(conn, &actor, Permission::UserPermissions, account, user, now)?.target;
            if user.password_change_required {
                return Ok(());
            }
            users::require_password_change(conn, account, user.id)?;
            audit.record(account, actor.did(Action::PasswordChangeRequired).on(&user));
            Ok(())
        })
        .await
    }
}
