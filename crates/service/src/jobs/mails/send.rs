//! Sends the mails that are due, taking the accounts in turn.
//!
//! An attempt begins with a short transaction that plans the next one and checks everything again; then the mail server
//! is called, outside of any transaction; then another transaction marks the message as done. If a node is stopped in
//! between, the message is sent again when the next attempt is due, with the same id.
//!
//! So the plan is the lease. It is never renewed, since an attempt has one step; attempts are minutes to hours apart,
//! and never start over.

use std::collections::VecDeque;

use kernel::Time;
use mail::{Letter, Line, Postman, SendFailed};
use store::tables::{
    base::{
        lease::Waiting,
        outbox::{self, Begun, Due},
    },
    directory::users,
};

use super::letter::letter;
use crate::{
    base::{
        audit::{Action, Outcome, by_service},
        error::{Error, Result},
        service::Service,
        tx::Tx,
    },
    jobs::worker::{Attempts, Step, Worker, passes, run, take_turn},
};

/// Attempts at one message, within 17 hours: 1, 5, 15, 60, 240 and 720 minutes apart. The first pause is longer than
/// any attempt may take.
const ATTEMPTS: Attempts = Attempts { most: 7, seconds: &[60, 300, 900, 3_600, 14_400, 43_200] };

/// Messages that are read at a time, and sent over one connection.
const AT_ONCE: i64 = 20;

/// The worker.
struct Mails<'a> {
    service: &'a Service,
    postman: &'a Postman,
    /// What is left of the messages that were read.
    due: VecDeque<Due>,
    line: Line,
}

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
        let mut mails = Mails { service: self, postman, due: VecDeque::new(), line: Line::default() };
        run(&self.core.mail_came, Mails::KIND, async || take_turn(&mut mails, self.core.now()).await).await;
    }
}

impl Worker for Mails<'_> {
    const KIND: &'static str = "a mail";
    const ATTEMPTS: Attempts = ATTEMPTS;
    const STEPS: u32 = 1;
    type Key = Due;
    type Turn = Attempt;

    async fn next(&mut self, now: Time) -> Result<Option<Waiting<Due>>> {
        if self.due.is_empty() {
            std::mem::take(&mut self.line).hang_up().await;
            let clock = ATTEMPTS.clock(now);
            self.due =
                self.service.store.read(move |conn| Ok::<_, Error>(outbox::due(conn, clock, AT_ONCE)?)).await?.into();
        }
        let waiting = |due: Due| Waiting { key: due, attempts: u32::try_from(due.attempts).unwrap_or(0) };
        Ok(self.due.pop_front().map(waiting))
    }

    /// Begins an attempt. A message of which nothing can be read except that it exists is given up: a problem with one
    /// must not hold up the others.
    async fn take(&mut self, waiting: Waiting<Due>, now: Time) -> Result<Option<Attempt>> {
        match self.service.transact(move |tx| attempt(tx, waiting)).await {
            Err(error) if !passes(&error) => {
                tracing::error!(%error, id = %waiting.key.id, "a mail cannot be written");
                self.give_up(waiting, now).await
            }
            other => other,
        }
    }

    async fn give_up(&mut self, waiting: Waiting<Due>, _now: Time) -> Result<Option<Attempt>> {
        self.service
            .transact(move |tx| {
                let next = tx.now + ATTEMPTS.kept_after(waiting.attempts);
                if let Some(message) = outbox::begin(tx.conn, &waiting.key, ATTEMPTS.clock(tx.now), next)? {
                    give_up(tx, &message, None)?;
                }
                Ok(None)
            })
            .await
    }

    /// Sends the message. When the server is unreachable, the message that found it so waits for its next attempt; the
    /// others are left as they are.
    async fn step(&mut self, attempt: &mut Attempt) -> Result<Step> {
        let Err(why) = self.postman.send(&mut self.line, &attempt.letter).await else {
            let (account, id, now) = (attempt.message.account_id, attempt.message.id, self.service.core.now());
            self.service.store.write(move |conn| Ok::<_, Error>(outbox::end(conn, account, id, now)?)).await?;
            return Ok(Step::Over);
        };
        let is_final = attempt.is_last || matches!(why, SendFailed::Refused(_));
        tracing::warn!(%why, id = %attempt.message.id, is_final, "a mail was not accepted");
        if is_final {
            let message = attempt.message.clone();
            self.service.transact(move |tx| give_up(tx, &message, Some(why))).await?;
        }
        if matches!(why, SendFailed::Unreachable(_)) {
            self.due.clear();
            return Ok(Step::Rest);
        }
        Ok(Step::Over)
    }

    fn id(attempt: &Attempt) -> String {
        attempt.message.id.to_string()
    }
}

/// Begins an attempt, unless another node has, or the message is no longer due.
fn attempt(tx: &mut Tx<'_>, waiting: Waiting<Due>) -> Result<Option<Attempt>> {
    // The pause begins now: no wait for the database shortens it.
    let now = tx.core.now();
    let next = now + ATTEMPTS.kept_after(waiting.attempts);
    let Some(message) = outbox::begin(tx.conn, &waiting.key, ATTEMPTS.clock(now), next)? else { return Ok(None) };
    let Some(letter) = letter(tx.conn, tx.core, &message, now)? else {
        outbox::end(tx.conn, message.account_id, message.id, now)?;
        return Ok(None);
    };
    let is_last = message.attempts == ATTEMPTS.most || message.send_before.is_some_and(|until| until <= next);
    Ok(Some(Attempt { message, letter, is_last }))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_and_are_bounded() {
        let minutes: Vec<_> = (0..8).map(|failed| ATTEMPTS.kept_after(failed).num_minutes()).collect();
        assert_eq!(minutes, [1, 5, 15, 60, 240, 720, 720, 720]);
        assert_eq!(ATTEMPTS.seconds.len() + 1, usize::try_from(ATTEMPTS.most).unwrap());
    }
}
