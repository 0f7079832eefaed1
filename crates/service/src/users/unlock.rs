//! The user need not wait.

use kernel::{AccountId, UserId};
use store::tables::{accounts, known_sources};

use crate::{Actor, Error, Permission, Result, acting::act_upon, audit::Action, service::Service, sign_in::attempts};

impl Service {
    /// Forgets the wrong passwords and codes that were counted for the user. Doing it again changes nothing.
    pub async fn unlock_user(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
            let user = act_upon(conn, &actor, Permission::UserPermissions, account.id, user, now)?.target;
            let mut counted = attempts::clear(conn, &attempts::password_of(&account, &user))?;
            for source in known_sources::of_user(conn, account.id, user.id)? {
                counted |= attempts::clear(conn, &attempts::password_from_known_source(&user, source))?;
            }
            counted |= attempts::clear(conn, &attempts::new_password_of_user(user.id))?;
            counted |= attempts::clear(conn, &attempts::code_of_user(account.id, user.id))?;
            if counted {
                audit.record(account.id, actor.did(Action::UserUnlocked).on(&user));
            }
            Ok(())
        })
        .await
    }
}
