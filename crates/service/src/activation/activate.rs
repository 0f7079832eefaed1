//! Setting the first password.

use kernel::{AccountId, PlainToken, Time, TokenDigest, TokenKind, UserId};
use password_policy::Password;
use permissions::may_grant;
use store::{
    Conn,
    tables::{
        accounts::{self, Account},
        activations::{self, Activation},
        challenges, sessions, user_permissions,
        users::{self, Status, User},
    },
};

use crate::{Error, Result, service::Service, sign_in::check_new_password};

impl Service {
    /// Sets the password of the user to whom `code` was handed out. The code works once; the user's sessions and logins
    /// end.
    ///
    /// # Errors
    /// [`Error::InvalidCode`] for a code that is unknown, used or expired, or whose issuer does not hold all that the user
    /// holds by now; [`Error::PasswordRefused`], which does not use the code up.
    pub async fn activate(&self, code: &str, new_password: Password) -> Result<()> {
        let code = PlainToken::parse(TokenKind::Activation, code).map_err(|_| WRONG)?;
        let (digest, now) = (code.digest(), self.core.now());
        let (account, user) = self.store.read(move |conn| owner(conn, digest, now)).await?;
        check_new_password(&account, &user, &new_password, Some(code.expose()))?;
        let hash = self.hashing.hash(new_password).await?;
        self.store
            .write(move |conn| {
                let (account, user) = owner(conn, digest, now)?;
                lock_and_set(conn, account.id, user.id, digest, hash.as_str(), now)
            })
            .await
    }
}

const WRONG: Error = Error::InvalidCode { attempts_left: None };

/// Whose code this is, if it still works.
fn owner(conn: &mut Conn, code: TokenDigest, now: Time) -> Result<(Account, User)> {
    let activation = working(conn, code, now)?;
    let account = accounts::by_id(conn, activation.account_id)?.ok_or(WRONG)?;
    let user = users::by_id(conn, activation.account_id, activation.user_id)?;
    let user = user.filter(|user| user.status == Status::Active).ok_or(WRONG)?;
    Ok((account, user))
}

/// The code, if it still works. Its issuer may know it and become the user, so the issuer must hold what the user holds: a
/// code that was taken before the user was promoted opens nothing.
fn working(conn: &mut Conn, code: TokenDigest, now: Time) -> Result<Activation> {
    let activation = activations::by_digest(conn, code)?.filter(|found| now < found.expires_at).ok_or(WRONG)?;
    if let Some((account, issuer)) = activation.issuer {
        let held_by_issuer = user_permissions::of_user(conn, account, issuer)?;
        let held = user_permissions::of_user(conn, activation.account_id, activation.user_id)?;
        if held.iter().any(|permission| !may_grant(&held_by_issuer, permission)) {
            return Err(WRONG);
        }
    }
    Ok(activation)
}

fn lock_and_set(
    conn: &mut Conn,
    account: AccountId,
    user: UserId,
    code: TokenDigest,
    hash: &str,
    now: Time,
) -> Result<()> {
    users::lock(conn, account, user)?.filter(|user| user.status == Status::Active).ok_or(WRONG)?;
    // Again, now that nobody else can use it: the same code may have come twice.
    working(conn, code, now)?;
    users::set_password(conn, account, user, hash, now)?;
    activations::delete_of_user(conn, account, user)?;
    sessions::end_all(conn, account, user, None)?;
    Ok(challenges::revoke_open(conn, account, user)?)
}
