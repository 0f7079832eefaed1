//! Telling people in time that their password expires.

use chrono::SecondsFormat;
use kernel::{AccountId, Id, OsRandom, Time, UserId};
use password_policy::due_reminder;
use permissions::PermissionSet;
use store::{
    Conn,
    tables::{
        outbox::{self, Message},
        password_policies, user_permissions,
        users::{self, Status, User},
    },
};

use crate::{Result, password_policies::Policies, service::Service};

/// Users that are looked at in one query.
const CHUNK: i64 = 1_000;

/// What the messages are about.
const KIND: &str = "password_expires";

impl Service {
    /// Queues a message to everybody whose password expires in 14, 7 or 1 days, once for each of these moments; how many.
    /// Safe to run at any time and on several nodes at once.
    pub async fn queue_password_reminders(&self) -> Result<usize> {
        let now = self.core.now();
        let mut queued = 0_usize;
        for account in self.store.read(password_policies::accounts_with_expiry).await? {
            let mut after = None;
            loop {
                let (due, last) = self.store.read(move |conn| due_among(conn, account, after, now)).await?;
                if !due.is_empty() {
                    queued = queued.saturating_add(self.store.write(move |conn| queue(conn, &due, now)).await?);
                }
                match last {
                    Some(last) => after = Some(last),
                    None => break,
                }
            }
        }
        Ok(queued)
    }
}

/// A reminder that is to be queued.
struct Due {
    account: AccountId,
    user: UserId,
    password_changed_at: Option<Time>,
    days: u8,
    expires_at: Time,
}

impl Due {
    fn key(&self) -> String {
        format!("{} {}", self.expires_at.timestamp_micros(), self.days)
    }
}

/// What is due and not queued yet among some users after the one with the id `after`, and the last of them.
fn due_among(
    conn: &mut Conn,
    account: AccountId,
    after: Option<UserId>,
    now: Time,
) -> Result<(Vec<Due>, Option<UserId>)> {
    let users = users::page(conn, account, after, CHUNK)?;
    let ids: Vec<_> = users.iter().map(|user| user.id).collect();
    let policies = Policies::of(conn, account, &ids)?;
    let held = user_permissions::of_users(conn, account, &ids)?;
    let nothing = PermissionSet::default();
    let mut due = Vec::new();
    for user in users.iter().filter(|user| user.status == Status::Active) {
        let applied = policies.applied_to(user.id, held.get(&user.id).unwrap_or(&nothing))?;
        due.extend(applied.expires_at(user).and_then(|expires_at| reminder(user, expires_at, now)));
    }
    let who: Vec<_> = due.iter().map(|due| due.user).collect();
    let queued = outbox::queued(conn, account, KIND, &who)?;
    due.retain(|due| !queued.contains(&(due.user, due.key())));
    Ok((due, ids.last().copied()))
}

fn reminder(user: &User, expires_at: Time, now: Time) -> Option<Due> {
    let changed_at = user.password_changed_at.unwrap_or(user.created_at);
    let days = due_reminder(changed_at, expires_at, None, now)?;
    let (account, password_changed_at) = (user.account_id, user.password_changed_at);
    Some(Due { account, user: user.id, password_changed_at, days, expires_at })
}

fn queue(conn: &mut Conn, due: &[Due], now: Time) -> Result<usize> {
    let mut queued = 0_usize;
    for due in due {
        // Who has changed the password since is not to be told that it expires.
        let user = users::lock(conn, due.account, due.user)?;
        if user.is_none_or(|user| user.password_changed_at != due.password_changed_at) {
            continue;
        }
        let expires_at = due.expires_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let message = Message {
            account_id: due.account,
            id: Id::generate(now, &mut OsRandom),
            kind: KIND,
            user_id: due.user,
            once_key: due.key(),
            payload: serde_json::json!({ "days": due.days, "expires_at": expires_at }).to_string(),
            created_at: now,
        };
        queued = queued.saturating_add(usize::from(outbox::queue(conn, &message)?));
    }
    Ok(queued)
}
