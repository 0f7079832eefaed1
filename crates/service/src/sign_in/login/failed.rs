//! Records failed logins.

use kernel::Time;
use store::{
    Conn,
    tables::directory::{
        accounts::{self, Account},
        users::{Status, User},
    },
};

use crate::{
    base::{
        audit::{Action, Event, Journal, Outcome},
        error::{Error, Result},
        model::Source,
        platform_account::PLATFORM_SLUG,
        service::Core,
        throttling::{self, Counted},
    },
    sign_in::{record_failure, waiting},
};

/// The account and the user of the names that were typed.
#[derive(Clone, Default)]
pub(super) struct Named {
    pub(super) account: Option<Account>,
    /// May be a user who cannot sign in.
    pub(super) user: Option<User>,
}

impl Named {
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
        conn: &mut Conn,
        audit: &mut Journal,
        core: &Core,
        source: &Source,
        (by_name, by_source): (Counted, Counted),
        now: Time,
    ) -> Result<()> {
        let event = source.anonymous(Action::LoginFailed);
        match (&self.account, &self.user) {
            (Some(account), Some(user)) => {
                let event = event.on(user).with("reason", reason(account, user));
                if let Some(waiting) = waiting(&event, by_source) {
                    audit.record(account.id, waiting.ending_in(Outcome::Failure));
                }
                record_failure(audit, account.id, event, by_name);
            }
            (Some(account), None) => {
                let event = event.with("reason", "unknown_user");
                if let Some(event) = sampled(conn, core, event, Some(account), now)? {
                    audit.record(account.id, event);
                }
            }
            (None, _) => {
                let event = event.with("reason", "unknown_account");
                if let Some(event) = sampled(conn, core, event, None, now)? {
                    let platform = accounts::by_slug(conn, PLATFORM_SLUG)?
                        .ok_or_else(|| Error::Internal("there is no platform account".to_owned()))?;
                    audit.record(platform.id, event);
                }
            }
        }
        Ok(())
    }
}

/// Counts another unknown name; returns the event with their number if that has doubled.
fn sampled(conn: &mut Conn, core: &Core, event: Event, account: Option<&Account>, now: Time) -> Result<Option<Event>> {
    let counted = throttling::unknown_name(conn, account, &core.settings.throttles.password_of_user, now)?;
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
