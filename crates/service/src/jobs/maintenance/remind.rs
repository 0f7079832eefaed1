//! Queues reminders to users whose password expires.

use chrono::SecondsFormat;
use kernel::{AccountId, Id, OsRandom, Time, UserId};
use password_policy::{Reminder, due_reminder};
use permissions::PermissionSet;
use store::{
    Conn,
    tables::{
        base::outbox::{self, Message},
        directory::{
            accounts, user_permissions,
            users::{self, Status, User},
        },
        policies::password_policies,
        sign_in::sign_in_facts,
    },
};

use super::failures::Failures;
use crate::{
    base::{error::Result, outbox::PASSWORD_EXPIRES, service::Service},
    policies::password_policies::{AppliedPolicy, Policies},
};

/// Users that are read in one query.
const CHUNK: i64 = 1_000;

impl Service {
    /// Queues a message to all users whose password expires within 14, 7 or 1 days, once for each of these; returns how
    /// many. The message says how many days are left. Where several are missed, because nobody ran this or the policy
    /// changed, there is one. Safe to run at any time and on several nodes at once.
    ///
    /// # Errors
    /// The first failure, after the other accounts have had their turn.
    pub async fn queue_password_reminders(&self) -> Result<usize> {
        let now = self.core.now();
        let (mut queued, mut failures) = (0_usize, Failures::default());
        for account in self.store.read(password_policies::accounts_with_expiry).await? {
            let new = self.queue_reminders_of(account, now).await;
            let new = failures.note(account, "queueing password reminders", new);
            queued = queued.saturating_add(new.unwrap_or(0));
        }
        if queued > 0 {
            self.core.mail_came.notify_one();
        }
        failures.or(queued)
    }

    async fn queue_reminders_of(&self, account: AccountId, now: Time) -> Result<usize> {
        let (mut queued, mut after) = (0_usize, None);
        loop {
            let (due, last) = self.store.read(move |conn| due_among(conn, account, after, now)).await?;
            if !due.is_empty() {
                let new = self.store.write(move |conn| queue(conn, account, &due, now)).await?;
                queued = queued.saturating_add(new);
            }
            match last {
                Some(last) => after = Some(last),
                None => return Ok(queued),
            }
        }
    }
}

/// A reminder to queue.
struct Due {
    user: UserId,
    reminder: Reminder,
    expires_at: Time,
}

impl Due {
    /// Each expiry has one reminder for each threshold.
    fn key(&self) -> String {
        format!("{} {}", self.expires_at.timestamp_micros(), self.reminder.threshold)
    }
}

/// Those of a page of users, after the one with the id `after`, who have a due reminder that is not queued yet; and the
/// last user of the page.
fn due_among(
    conn: &mut Conn,
    account: AccountId,
    after: Option<UserId>,
    now: Time,
) -> Result<(Vec<UserId>, Option<UserId>)> {
    let users = users::page(conn, account, after, CHUNK)?;
    let mut due = due_of(conn, account, &users, now)?;
    let who: Vec<_> = due.iter().map(|due| due.user).collect();
    let queued = outbox::queued(conn, account, PASSWORD_EXPIRES, &who)?;
    due.retain(|due| !queued.contains(&(due.user, due.key())));
    Ok((due.iter().map(|due| due.user).collect(), users.last().map(|user| user.id)))
}

/// The reminders due for these users under the current policies: the caller reads one snapshot of the database, or has
/// locked the account.
fn due_of(conn: &mut Conn, account: AccountId, users: &[User], now: Time) -> Result<Vec<Due>> {
    let ids: Vec<_> = users.iter().map(|user| user.id).collect();
    let policies = Policies::of(conn, account, &ids)?;
    let held = user_permissions::of_users(conn, account, &ids)?;
    let nothing = PermissionSet::default();
    let mut due = Vec::new();
    for user in users.iter().filter(|user| user.status == Status::Active) {
        let applied = policies.applied_to(user.id, held.get(&user.id).unwrap_or(&nothing))?;
        due.extend(due_under(&applied, user, now));
    }
    Ok(due)
}

/// The reminder due for a user under the policy that applies.
fn due_under(applied: &AppliedPolicy, user: &User, now: Time) -> Option<Due> {
    let expires_at = applied.expires_at(user)?;
    let changed_at = user.password_changed_at.unwrap_or(user.created_at);
    let reminder = due_reminder(changed_at, expires_at, None, now)?;
    Some(Due { user: user.id, reminder, expires_at })
}

/// The reminder with this key, and when the password expires, if exactly this reminder is due for the user now.
pub(crate) fn still_due(conn: &mut Conn, user: &User, key: &str, now: Time) -> Result<Option<(Reminder, Time)>> {
    let Some(facts) = sign_in_facts::of_user(conn, user.account_id, user.id)? else { return Ok(None) };
    let applied = Policies::reaching(user.id, &facts)?.applied_to(user.id, &facts.held)?;
    Ok(due_under(&applied, user, now).filter(|due| due.key() == key).map(|due| (due.reminder, due.expires_at)))
}

/// Queues what is due for these users. They and the account are locked and read again: a user who has changed the
/// password since, or to whom another policy applies now, must not get an outdated message.
fn queue(conn: &mut Conn, account: AccountId, ids: &[UserId], now: Time) -> Result<usize> {
    accounts::lock(conn, account)?;
    let mut locked = Vec::with_capacity(ids.len());
    for id in ids {
        locked.extend(users::lock(conn, account, *id)?);
    }
    let mut queued = 0_usize;
    for due in due_of(conn, account, &locked, now)? {
        let expires_at = due.expires_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let message = Message {
            account_id: account,
            id: Id::generate(now, &mut OsRandom),
            kind: PASSWORD_EXPIRES,
            user_id: due.user,
            once_key: due.key(),
            payload: serde_json::json!({ "days": due.reminder.days_left, "expires_at": expires_at }).to_string(),
            sealed: None,
            created_at: now,
            send_before: due.expires_at,
        };
        queued = queued.saturating_add(usize::from(outbox::queue(conn, &message)?));
    }
    Ok(queued)
}
