//! Changes a user's names and email address.

use kernel::UserId;
use permissions::UserPermissions;
use store::{
    Conn,
    tables::directory::{
        address_authors::{self, AddressAuthor},
        users::{self, User},
    },
};

use super::{act::Act, insert::name_taken};
use crate::{
    authority::{acting::Lock, allowed::Allowed},
    base::{
        audit::{Action, Event},
        error::{Error, FieldError, Result},
        model::{Actor, Username, display_name, email},
        service::Service,
        throttling,
    },
    directory::users::{UserView, view_one},
};

/// A change of an optional field of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FieldChange {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is removed.
    Clear,
    /// It becomes this.
    Set(String),
}

impl FieldChange {
    fn parse(
        &self,
        read: fn(&str) -> std::result::Result<String, &'static str>,
    ) -> std::result::Result<Self, &'static str> {
        match self {
            Self::Set(text) => read(text).map(Self::Set),
            Self::Keep | Self::Clear => Ok(self.clone()),
        }
    }

    fn apply(&self, field: &mut Option<String>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(text) => *field = Some(text.clone()),
        }
    }
}

/// What to change of a user.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// The name to sign in with; `None`: unchanged.
    pub username: Option<String>,
    /// The display name.
    pub display_name: FieldChange,
    /// The email address.
    pub email: FieldChange,
}

#[derive(Clone)]
struct Parsed {
    name: Option<Username>,
    display_name: FieldChange,
    email: FieldChange,
}

impl Service {
    /// Changes the names of a user, and who is responsible for the email address if it is among them. `if_version`: the
    /// version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::PreconditionFailed`]; [`Error::Conflict`] when the name, or one that looks like
    /// it, is taken.
    pub async fn update_user(
        &self,
        by: &Allowed<UserPermissions>,
        user: UserId,
        change: UserChange,
        if_version: Option<i64>,
    ) -> Result<UserView> {
        let change = parse(&change)?;
        self.act_on(by, user, Lock::Users, move |Act { tx, actor, account, upon, .. }| {
            let before = &upon.target;
            if if_version.is_some_and(|version| version != before.version) {
                return Err(Error::PreconditionFailed);
            }
            let mut user = before.clone();
            if let Some(name) = &change.name {
                user.username.clone_from(&name.text);
                user.username_key.clone_from(&name.key);
            }
            change.display_name.apply(&mut user.display_name);
            change.email.apply(&mut user.email);
            let affirmed = change.email != FieldChange::Keep && answer_for_address(tx.conn, actor, &user)?;
            let same = (&user.username, &user.display_name, &user.email)
                == (&before.username, &before.display_name, &before.email);
            if same {
                if affirmed {
                    tx.record(account.id, actor.did(Action::UserUpdated).on(&user).with("email_affirmed", true));
                }
                return view_one(tx.conn, before, tx.now);
            }
            users::set_names(tx.conn, &user).map_err(name_taken)?;
            if user.username_key != before.username_key {
                // Wrong passwords were counted for the old name, which another user can take now.
                throttling::clear(tx.conn, &throttling::password_of(account, before))?;
            }
            tx.record(account.id, updated(actor.did(Action::UserUpdated), before, &user));
            let user = users::by_id(tx.conn, account.id, user.id)?.ok_or(Error::NotFound)?;
            view_one(tx.conn, &user, tx.now)
        })
        .await
    }
}

/// Makes the actor responsible for the email address of the user, even when the address is unchanged: from now on, what
/// is mailed there may carry no more than the actor could grant. Returns whether somebody else was responsible before.
fn answer_for_address(conn: &mut Conn, actor: &Actor, user: &User) -> Result<bool> {
    if user.email.is_none() {
        address_authors::forget(conn, user.account_id, user.id)?;
        return Ok(false);
    }
    let author = actor.author();
    if address_authors::of_user(conn, user.account_id, user.id)? == AddressAuthor::Somebody(author) {
        return Ok(false);
    }
    address_authors::set(conn, user.account_id, user.id, Some(author))?;
    Ok(true)
}

/// The audit event of a change. Of names other than the username it records only that they changed: the values would
/// remain after the user is deleted.
fn updated(event: Event, before: &User, after: &User) -> Event {
    let display_name = (before.display_name != after.display_name).then_some("display_name");
    let email = (before.email != after.email).then_some("email");
    event
        .on(after)
        .with_change("username", before.username.as_str(), after.username.as_str())
        .with_list("changed", [display_name, email].into_iter().flatten())
}

fn parse(change: &UserChange) -> Result<Parsed> {
    let mut errors = Vec::new();
    let mut note = |pointer: &str, why: &str| {
        errors.push(FieldError { pointer: pointer.to_owned(), code: "invalid", message: why.to_owned() });
    };
    let name = change.username.as_deref().map(Username::parse).transpose();
    let name = name.map_err(|why| note("/username", why)).ok().flatten();
    let display_name = change.display_name.parse(display_name).map_err(|why| note("/display_name", why));
    let email = change.email.parse(email).map_err(|why| note("/email", why));
    match (display_name, email) {
        (Ok(display_name), Ok(email)) if errors.is_empty() => Ok(Parsed { name, display_name, email }),
        _ => Err(Error::Validation(errors)),
    }
}
