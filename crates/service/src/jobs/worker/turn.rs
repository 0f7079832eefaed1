//! A turn: some steps of the work that was taken last the longest time ago.

use kernel::Time;
use store::tables::base::lease::Waiting;

use super::Attempts;
use crate::base::error::{Error, Result};

/// The result of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::jobs) enum Step {
    /// It was done; there may be another.
    Went,
    /// The turn is over: nothing is left to do, the work has to wait, or another node has taken over.
    Over,
    /// The turn is over, and other work would only meet the same obstacle: the worker rests.
    Rest,
}

/// A kind of background work.
///
/// Taking the work comes first, in a transaction of its own that counts the attempt: whatever stops the work, even the
/// whole process, the next attempt comes later, and others have their turn before it.
pub(in crate::jobs) trait Worker {
    /// What the log calls it.
    const KIND: &'static str;
    /// How often the same work is attempted.
    const ATTEMPTS: Attempts;
    /// Steps of a turn.
    const STEPS: u32;
    /// Names work that waits.
    type Key;
    /// Work that was taken.
    type Turn;

    /// The work whose turn it is, among all that nobody does now.
    async fn next(&mut self, now: Time) -> Result<Option<Waiting<Self::Key>>>;

    /// Takes the work, and counts the attempt; `None`: another node was faster, or there is nothing left to do.
    async fn take(&mut self, waiting: Waiting<Self::Key>, now: Time) -> Result<Option<Self::Turn>>;

    /// Takes the work, and gives up the part of it that was attempted too often, or all of it. Returns what is left.
    async fn give_up(&mut self, waiting: Waiting<Self::Key>, now: Time) -> Result<Option<Self::Turn>>;

    /// Does the next step.
    async fn step(&mut self, turn: &mut Self::Turn) -> Result<Step>;

    /// Ends what the last step worked on: it failed for a reason that does not pass. Else it waits for its next attempt.
    async fn fail(&mut self, _turn: &mut Self::Turn) -> Result<Step> {
        Ok(Step::Over)
    }

    /// Lets the next have its turn: all steps were done, and there may be more.
    async fn end_turn(&mut self, _turn: &mut Self::Turn) -> Result<()> {
        Ok(())
    }

    /// What the last step worked on, for the log: an id.
    fn id(turn: &Self::Turn) -> String;
}

/// Does the work whose turn it is; returns whether there may be more now. Also continues what a stopped node has begun.
///
/// # Errors
/// When the database cannot even say whose turn it is, or does not let anybody take it.
pub(in crate::jobs) async fn take_turn<W: Worker>(worker: &mut W, now: Time) -> Result<bool> {
    let Some(waiting) = worker.next(now).await? else { return Ok(false) };
    let taken = if waiting.attempts < W::ATTEMPTS.most {
        worker.take(waiting, now).await?
    } else {
        worker.give_up(waiting, now).await?
    };
    let Some(mut turn) = taken else { return Ok(true) };
    match steps(worker, &mut turn).await {
        Ok(step) => Ok(step != Step::Rest),
        Err(error) => {
            // The lease stays: nobody tries again before it ends, and this node turns to others.
            tracing::warn!(%error, id = W::id(&turn), "{} is delayed", W::KIND);
            Ok(true)
        }
    }
}

async fn steps<W: Worker>(worker: &mut W, turn: &mut W::Turn) -> Result<Step> {
    for _ in 0..W::STEPS {
        // Here it can be stopped, even if no step ever waits.
        tokio::task::yield_now().await;
        let step = match worker.step(turn).await {
            Err(error) if !passes(&error) => {
                tracing::error!(%error, id = W::id(turn), "{} failed", W::KIND);
                worker.fail(turn).await?
            }
            other => other?,
        };
        match step {
            Step::Went => {}
            over @ (Step::Over | Step::Rest) => return Ok(over),
        }
    }
    worker.end_turn(turn).await?;
    Ok(Step::Over)
}

/// Whether the error may pass, so that another attempt may succeed.
pub(in crate::jobs) const fn passes(error: &Error) -> bool {
    matches!(error, Error::DatabaseUnavailable | Error::Overloaded)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use chrono::TimeDelta;

    use super::{super::LEASES, *};

    /// What waits for one account.
    #[derive(Default)]
    struct Queue {
        name: char,
        /// The results of its steps, the next one first.
        steps: VecDeque<Result<Step>>,
        turn: u32,
        attempts: u32,
        leased_until: Option<Time>,
    }

    /// A kind whose table is in memory, and whose turns have two steps.
    #[derive(Default)]
    struct Fake {
        queues: Vec<Queue>,
        turns: u32,
        /// What was done, in order: a step, or `!` for one that ended the work, or `?` for one that was given up.
        done: String,
        /// Whether the table can be written.
        is_full: bool,
    }

    impl Fake {
        fn new(queues: &[(char, &[Result<Step>])]) -> Self {
            let queue = |(name, steps): &(char, &[Result<Step>])| Queue {
                name: *name,
                steps: steps.iter().cloned().collect(),
                ..Queue::default()
            };
            Self { queues: queues.iter().map(queue).collect(), ..Self::default() }
        }

        fn queue(&mut self, key: usize) -> &mut Queue {
            &mut self.queues[key]
        }

        /// Takes turns until there is nothing to do at `now`.
        async fn work(&mut self, now: Time) -> String {
            for _ in 0..1_000 {
                match take_turn(self, now).await {
                    Ok(true) => {}
                    Ok(false) => return std::mem::take(&mut self.done),
                    Err(error) => panic!("{error}"),
                }
            }
            panic!("it never rests: {}", self.done);
        }
    }

    impl Worker for Fake {
        const KIND: &'static str = "a test";
        const ATTEMPTS: Attempts = LEASES;
        const STEPS: u32 = 2;
        type Key = usize;
        type Turn = usize;

        async fn next(&mut self, now: Time) -> Result<Option<Waiting<usize>>> {
            let free = self
                .queues
                .iter()
                .enumerate()
                .filter(|(_, queue)| !queue.steps.is_empty() && queue.leased_until.is_none_or(|until| until < now));
            let first = free.min_by_key(|(_, queue)| queue.turn);
            Ok(first.map(|(key, queue)| Waiting { key, attempts: queue.attempts }))
        }

        async fn take(&mut self, waiting: Waiting<usize>, now: Time) -> Result<Option<usize>> {
            if self.is_full {
                return Err(Error::DatabaseUnavailable);
            }
            self.turns += 1;
            let turn = self.turns;
            let queue = self.queue(waiting.key);
            (queue.turn, queue.attempts) = (turn, queue.attempts + 1);
            queue.leased_until = Some(LEASES.lease(now, waiting.attempts).until);
            Ok(Some(waiting.key))
        }

        async fn give_up(&mut self, waiting: Waiting<usize>, now: Time) -> Result<Option<usize>> {
            let taken = self.take(waiting, now).await?;
            self.done.extend([self.queues[waiting.key].name, '?']);
            let queue = self.queue(waiting.key);
            queue.steps.pop_front();
            queue.attempts = 0;
            Ok(taken)
        }

        async fn step(&mut self, turn: &mut usize) -> Result<Step> {
            let queue = self.queue(*turn);
            let Some(step) = queue.steps.front().cloned() else { return Ok(Step::Over) };
            if step.is_ok() {
                queue.steps.pop_front();
                queue.attempts = 0;
                let name = queue.name;
                self.done.push(name);
            }
            step
        }

        async fn fail(&mut self, turn: &mut usize) -> Result<Step> {
            let queue = self.queue(*turn);
            queue.steps.clear();
            let name = queue.name;
            self.done.extend([name, '!']);
            Ok(Step::Over)
        }

        async fn end_turn(&mut self, turn: &mut usize) -> Result<()> {
            self.queue(*turn).leased_until = None;
            Ok(())
        }

        fn id(turn: &usize) -> String {
            turn.to_string()
        }
    }

    const WENT: Result<Step> = Ok(Step::Went);
    const PASSES: Result<Step> = Err(Error::DatabaseUnavailable);

    fn at(seconds: i64) -> Time {
        chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::seconds(seconds)
    }

    #[tokio::test]
    async fn those_who_have_much_to_do_and_those_who_have_little_take_turns() {
        let mut worker = Fake::new(&[('a', &[WENT; 9]), ('b', &[WENT; 3]), ('c', &[WENT; 1])]);
        assert_eq!(worker.work(at(0)).await, "aabbcaabaaaaa");
    }

    #[tokio::test]
    async fn a_step_that_fails_for_good_ends_its_work_and_no_other() {
        let broken = || Err(Error::Internal("a test".to_owned()));
        let mut worker = Fake::new(&[('a', &[WENT, broken(), WENT]), ('b', &[WENT; 3])]);
        assert_eq!(worker.work(at(0)).await, "aa!bbb");
    }

    #[tokio::test]
    async fn what_fails_for_a_time_waits_for_its_lease_and_the_others_do_not() {
        let mut worker = Fake::new(&[('a', &[WENT, PASSES, WENT]), ('b', &[WENT; 3])]);
        assert_eq!(worker.work(at(0)).await, "abbb");
        worker.queue(0).steps.pop_front();
        assert_eq!(worker.work(at(10)).await, "", "the lease has not ended");
        assert_eq!(worker.work(at(11)).await, "a");
    }

    #[tokio::test]
    async fn after_five_attempts_a_part_is_given_up_and_the_rest_goes_on() {
        let mut worker = Fake::new(&[('a', &[PASSES, WENT, WENT])]);
        let mut now = 0;
        for (attempt, lease) in [10, 20, 40, 80, 160].into_iter().enumerate() {
            assert_eq!(worker.work(at(now)).await, "");
            assert_eq!(worker.queue(0).attempts, u32::try_from(attempt).unwrap() + 1);
            assert_eq!(worker.work(at(now + lease)).await, "");
            assert_eq!(worker.queue(0).attempts, u32::try_from(attempt).unwrap() + 1, "the lease has not ended");
            now += lease + 1;
        }
        assert_eq!(worker.work(at(now)).await, "a?aa");
    }

    #[tokio::test]
    async fn a_worker_rests_where_the_others_would_meet_the_same_obstacle() {
        let mut worker = Fake::new(&[('a', &[Ok(Step::Rest), WENT]), ('b', &[WENT])]);
        assert_eq!((take_turn(&mut worker, at(0)).await, worker.done.as_str()), (Ok(false), "a"));
        worker.is_full = true;
        assert_eq!(take_turn(&mut worker, at(0)).await, Err(Error::DatabaseUnavailable));
        assert_eq!(worker.done, "a");
    }

    #[tokio::test]
    async fn a_worker_that_never_waits_can_be_stopped_between_two_steps() {
        let mut worker = Fake::new(&[('a', &[WENT; 9])]);
        tokio::select! {
            biased;
            _ = worker.work(at(0)) => panic!("it was not stopped"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(worker.done, "a");
    }
}
