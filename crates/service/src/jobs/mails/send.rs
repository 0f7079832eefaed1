//! The worker: sends the mails that are due, taking the accounts in turn.
//!
//! An attempt begins with a short transaction that schedules the next one and checks everything again; then the mail
//! server is called, outside of any transaction; then another transaction marks the message as done. If a node is
//! stopped in between, the message is sent again when the next attempt is due, with the same id.

use chrono::TimeDelta;
use kernel::Time;
use mail::{Letter, Line, Postman, SendFailed};
use store::tables::{
    base::outbox::{self, Begun, Due, OutboxClock},
    directory::users,
};

use super::letter::letter;
use crate::base::{
    audit::{Action, Outcome, by_service},
    background::{CLOCKS_APART, work},
    error::{Error, Result},
    service::Service,
    tx::Tx,
};

/// Minutes from one attempt to the next. The first is longer than any attempt may take.
const PAUSES: [i64; 6] = [1, 5, 15, 60, 240, 720];

/// Attempts at one message, within 17 hours.
const MAX_ATTEMPTS: u32 = 7;

/// Messages that are read at a time, and sent over one connection.
const AT_ONCE: i64 = 20;

/// An attempt at a message that is still due.
struct Attempt {
    message: Begun,
    letter: Letter,
    /// Whether there is no time for another one.
    is_last: bool,
}

impl Service {
    /// Sends mails as they come; never returns. Any number of nodes may run it. Does nothing when no mail server is
    /// set.
    pub async fn run_mail_worker(&self) {
        let Some(postman) = &self.postman else { return std::future::pending().await };
        work(&self.core.mail_came, "a mail", async || self.send_due_mails(postman).await).await;
    }

    /// Sends what is due, up to a number; returns whether there may be more.
    async fn send_due_mails(&self, postman: &Postman) -> Result<bool> {
        let clock = clock(self.core.now());
        let due = self.store.read(move |conn| Ok::<_, Error>(outbox::due(conn, clock, AT_ONCE)?)).await?;
        let mut line = Line::default();
        let sent = self.send_each(postman, &mut line, &due).await;
        line.hang_up().await;
        sent
    }

    /// Sends these, one after the other; returns whether there may be more. When the server is unreachable, the message
    /// that found it so waits for its next attempt; the others are left as they are.
    async fn send_each(&self, postman: &Postman, line: &mut Line, due: &[Due]) -> Result<bool> {
        for due in due {
            let attempt = match self.begin_mail(*due).await {
                Ok(Some(attempt)) => attempt,
                Ok(None) => continue,
                Err(error @ (Error::DatabaseUnavailable | Error::Overloaded)) => return Err(error),
                // A problem with one message must not hold up the others.
                Err(error) => {
                    tracing::error!(%error, message_id = %due.id, "a mail cannot be written");
                    self.give_unread_mail_up(*due).await?;
                    continue;
                }
            };
            match postman.send(line, &attempt.letter).await {
                Ok(()) => self.mail_sent(&attempt).await?,
                Err(why) => {
                    let is_final = attempt.is_last || matches!(why, SendFailed::Refused(_));
                    tracing::warn!(%why, message_id = %attempt.message.id, is_final, "a mail was not accepted");
                    if is_final {
                        self.give_mail_up(attempt.message, Some(why)).await?;
                    }
                    if matches!(why, SendFailed::Unreachable(_)) {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(!due.is_empty())
    }

    /// Begins an attempt, unless another node has, or the message is no longer due.
    async fn begin_mail(&self, due: Due) -> Result<Option<Attempt>> {
        self.transact(move |tx| {
            // The pause begins now: no wait for the database shortens it.
            let now = tx.core.now();
            let next = now + pause_after(u32::try_from(due.attempts).unwrap_or(0).saturating_add(1));
            let Some(message) = outbox::begin(tx.conn, &due, clock(now), next)? else { return Ok(None) };
            if message.attempts > MAX_ATTEMPTS {
                // The node that began the last attempt was stopped.
                give_up(tx, &message, None)?;
                return Ok(None);
            }
            let Some(letter) = letter(tx.conn, tx.core, &message, now)? else {
                outbox::end(tx.conn, message.account_id, message.id, now)?;
                return Ok(None);
            };
            let is_last = message.attempts == MAX_ATTEMPTS || message.send_before.is_some_and(|until| until <= next);
            Ok(Some(Attempt { message, letter, is_last }))
        })
        .await
    }

    async fn mail_sent(&self, attempt: &Attempt) -> Result<()> {
        let (account, id, now) = (attempt.message.account_id, attempt.message.id, self.core.now());
        self.store.write(move |conn| Ok::<_, Error>(outbox::end(conn, account, id, now)?)).await?;
        Ok(())
    }

    async fn give_mail_up(&self, message: Begun, why: Option<SendFailed>) -> Result<()> {
        self.transact(move |tx| give_up(tx, &message, why)).await
    }

    /// Gives up a message of which nothing can be read except that it exists.
    async fn give_unread_mail_up(&self, due: Due) -> Result<()> {
        self.transact(move |tx| {
            let next = tx.now + pause_after(1);
            match outbox::begin(tx.conn, &due, clock(tx.now), next)? {
                Some(message) => give_up(tx, &message, None),
                None => Ok(()),
            }
        })
        .await
    }
}

/// Ends a message that was not sent, and records that, without the address.
fn give_up(tx: &mut Tx<'_>, message: &Begun, why: Option<SendFailed>) -> Result<()> {
    if !outbox::end(tx.conn, message.account_id, message.id, tx.now)? {
        return Ok(());
    }
    let Some(user) = users::by_id(tx.conn, message.account_id, message.user_id)? else { return Ok(()) };
    let event = by_service(Action::MailFailed)
        .on(&user)
        .ending_in(Outcome::Failure)
        .with("kind", message.kind.as_str())
        .with("reason", reason(why))
        .with("attempts", message.attempts);
    let event = match why.as_ref().and_then(SendFailed::status) {
        Some(status) => event.with("smtp_status", u32::from(status)),
        None => event,
    };
    tx.record(message.account_id, event);
    Ok(())
}

const fn reason(why: Option<SendFailed>) -> &'static str {
    match why {
        Some(SendFailed::Refused(_)) => "refused",
        Some(SendFailed::PutOff(_)) => "put_off",
        Some(SendFailed::Unreachable(_)) => "unreachable",
        None => "service_error",
    }
}

/// How long after the start of this attempt the next one is due.
fn pause_after(attempt: u32) -> TimeDelta {
    let place = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
    let [.., longest] = PAUSES;
    TimeDelta::minutes(PAUSES.get(place).copied().unwrap_or(longest))
}

fn clock(now: Time) -> OutboxClock {
    OutboxClock { now, latest: now + pause_after(u32::MAX) + CLOCKS_APART }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_and_are_bounded() {
        let minutes: Vec<_> = (1..=8).map(|attempt| pause_after(attempt).num_minutes()).collect();
        assert_eq!(minutes, [1, 5, 15, 60, 240, 720, 720, 720]);
        assert_eq!(PAUSES.len() + 1, usize::try_from(MAX_ATTEMPTS).unwrap());
    }
}
