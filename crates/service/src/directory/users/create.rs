//! Creates a user.

use kernel::Time;
use permissions::{PermissionSet, UserPermissions, change};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::tables::directory::accounts::Account;

use super::{NewUserRecord, insert_user};
use crate::base::permission_names::parse_permissions;
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
        registered::must_be_registered,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, FieldError, Result},
        idempotency::IdempotencyKey,
        model::{Username, display_name, email},
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
    directory::{
        activation::{Way, issue_activation},
        users::{UserView, view_one},
    },
};

/// The user to create.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// The display name.
    pub display_name: Option<String>,
    /// The email address.
    pub email: Option<String>,
    /// The permissions that the user is to hold.
    pub permissions: Vec<String>,
    /// Whether the activation code is sent by mail, too.
    pub send_mail: bool,
}

/// A created user, with the activation code.
#[derive(Debug)]
pub struct CreatedUser {
    /// The user.
    pub user: UserView,
    /// Sets the first password, once; shown only once.
    pub activation_code: SecretString,
    /// When the code expires.
    pub activation_expires_at: Time,
}

/// The reply, as stored for its idempotency key.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptUser {
    user: UserView,
    code: String,
    expires_at: Time,
}

impl From<KeptUser> for CreatedUser {
    fn from(kept: KeptUser) -> Self {
        Self { user: kept.user, activation_code: kept.code.into(), activation_expires_at: kept.expires_at }
    }
}

/// The user to create, parsed as far as that needs no database.
#[derive(Clone)]
pub(crate) struct ParsedUser {
    record: NewUserRecord,
    wanted: PermissionSet,
    way: Way,
}

impl Service {
    /// Creates a user and issues an activation code: nobody but the user ever knows the password.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::GrantRefused`]; [`Error::Conflict`] when the name, or one that looks like it, is
    /// taken; [`Error::LimitReached`]. With a mail also [`Error::TooManyRequests`], and [`Error::Conflict`] when no
    /// mail server is set.
    pub async fn create_user(
        &self,
        by: &Allowed<UserPermissions>,
        new: NewUser,
        key: Option<IdempotencyKey>,
    ) -> Result<CreatedUser> {
        let parsed = ParsedUser::parse(&new)?;
        let by_mail = new.send_mail;
        let kept = self
            .act(by, Lock::Users, move |mut acting, account| {
                acting.once(key.as_ref(), |acting| create_in(acting, account, &parsed))
            })
            .await?;
        if by_mail {
            self.core.mail_came.notify_one();
        }
        Ok(CreatedUser::from(kept))
    }
}

/// Inserts the user and issues the activation code.
///
/// # Errors
/// Those of [`Service::create_user`].
pub(crate) fn create_in(
    Acting { tx, by, held }: Acting<'_, '_>,
    account: &Account,
    new: &ParsedUser,
) -> Result<KeptUser> {
    change(held, &PermissionSet::default(), &new.wanted, account.slug == PLATFORM_SLUG)?;
    must_be_registered(tx.conn, &new.wanted)?;
    let user = insert_user(tx, account.id, &new.record, &new.wanted, Some(by.author()))?;
    let created = by.did(Action::UserCreated).on(&user).with_list("permissions", names_of(&new.wanted));
    tx.record(account.id, created);
    let issued = issue_activation(tx, Some(by), &user, new.way)?;
    let code = issued.code.expose().to_owned();
    Ok(KeptUser { user: view_one(tx.conn, &user, tx.now)?, code, expires_at: issued.expires_at })
}

impl ParsedUser {
    /// Parses names and permissions.
    ///
    /// # Errors
    /// [`Error::Validation`] names all that cannot be parsed.
    pub(crate) fn parse(new: &NewUser) -> Result<Self> {
        let (record, wanted) = parse(new)?;
        let way = if new.send_mail { Way::ByMail { field: "/email" } } else { Way::ByHand };
        Ok(Self { record, wanted, way })
    }

    /// The same user, with these permissions and no others.
    pub(crate) fn holding(self, wanted: PermissionSet) -> Self {
        Self { wanted, ..self }
    }
}

fn parse(new: &NewUser) -> Result<(NewUserRecord, PermissionSet)> {
    let mut errors = Vec::new();
    let mut note = |pointer: &str, why: &str| {
        errors.push(FieldError { pointer: pointer.to_owned(), code: "invalid", message: why.to_owned() });
    };
    let name = Username::parse(&new.username).map_err(|why| note("/username", why)).ok();
    let optional = |text: &Option<String>, read: fn(&str) -> std::result::Result<String, &'static str>| {
        text.as_deref().map(read).transpose()
    };
    let display_name = optional(&new.display_name, display_name).map_err(|why| note("/display_name", why)).ok();
    let email = optional(&new.email, email).map_err(|why| note("/email", why)).ok();
    if new.send_mail && new.email.is_none() {
        note("/email", "is required to send a mail");
    }
    let permissions = parse_permissions(&new.permissions).map_err(|wrong| errors.extend(wrong)).ok();
    match (name, display_name, email, permissions) {
        (Some(name), Some(display_name), Some(email), Some(permissions)) if errors.is_empty() => {
            Ok((NewUserRecord { name, display_name, email }, permissions))
        }
        _ => Err(Error::Validation(errors)),
    }
}
