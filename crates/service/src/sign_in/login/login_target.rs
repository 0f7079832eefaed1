//! Resolves the names that were typed at a login, and records failed logins.

use store::{
    Conn,
    tables::directory::{
        accounts::{self, Account},
        users::{self, Status, User},
    },
};

use crate::{
    base::{
        audit::{Action, Event, Outcome},
        error::{Error, Result},
        model::Source,
        platform_account::PLATFORM_SLUG,
        throttling::{self, Counted},
        tx::Tx,
    },
    sign_in::{record_failure, waiting},
};

/// The account and the user that the typed names resolve to.
#[derive(Clone, Default)]
pub(super) struct LoginTarget {
    pub(super) account: Option<Account>,
    /// May be a user who cannot sign in.
    pub(super) user: Option<User>,
}

impl LoginTarget {
    /// The account and the user with these names, disabled or not.
    pub(super) fn find(conn: &mut Conn, slug: &str, username_key: &str) -> Result<Self> {
        // PostgreSQL does not accept a NUL in a text, and no slug has one.
        let account = if slug.contains('\0') { None } else { accounts::by_slug(conn, slug)? };
        let Some(account) = account else { return Ok(Self::default()) };
        let user = users::by_username_key(conn, account.id, username_key)?;
        Ok(Self { account: Some(account), user })
    }

    /// The user, if account and user are active.
    pub(super) fn who_may_sign_in(&self) -> Option<User> {
        self.account.as_ref().filter(|account| account.lets_in())?;
        self.user.clone().filter(|user| user.status == Status::Active)
    }

    /// Records that the login failed. A user's failures are recorded one by one. Unknown names are only counted, and
    /// recorded when their number has doubled: making names up fills no disk. What was typed is never recorded: it is
    /// sometimes a password in the wrong field.
    pub(super) fn record_failed(
        &self,
        tx: &mut Tx<'_>,
        source: &Source,
        by_name: Counted,
        by_source: Counted,
    ) -> Result<()> {
        let event = source.anonymous(Action::LoginFailed);
        match (&self.account, &self.user) {
            (Some(account), Some(user)) => {
                let event = event.on(user).with("reason", reason(account, user));
                if let Some(waiting) = waiting(&event, by_source) {
                    tx.record(account.id, waiting.ending_in(Outcome::Failure));
                }
                record_failure(tx, account.id, event, by_name);
            }
            (Some(account), None) => {
                let event = event.with("reason", "unknown_user");
                if let Some(event) = sampled(tx, event, Some(account))? {
                    tx.record(account.id, event);
                }
            }
            (None, _) => {
                let event = event.with("reason", "unknown_account");
                if let Some(event) = sampled(tx, event, None)? {
                    let platform = accounts::by_slug(tx.conn, PLATFORM_SLUG)?
                        .ok_or_else(|| Error::Internal("there is no platform account".to_owned()))?;
                    tx.record(platform.id, event);
                }
            }
        }
        Ok(())
    }
}

/// Counts another unknown name; returns the event with their number if that has doubled.
fn sampled(tx: &mut Tx<'_>, event: Event, account: Option<&Account>) -> Result<Option<Event>> {
    let policy = &tx.core.settings.throttles.password_of_user;
    let counted = throttling::count_unknown_name(tx.conn, account, policy, tx.now)?;
    let event = event.ending_in(Outcome::Failure).with("failures", counted.failures);
    Ok(counted.failures.is_power_of_two().then_some(event))
}

/// Why this user cannot sign in.
fn reason(account: &Account, user: &User) -> &'static str {
    if !account.lets_in() {
        return "account_inactive";
    }
    match (user.status, &user.password_hash) {
        (Status::Disabled, _) => "user_disabled",
        (Status::Active, None) => "no_password",
        (Status::Active, Some(_)) => "wrong_password",
    }
}
