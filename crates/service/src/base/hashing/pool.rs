//! Runs hashes on a bounded queue and its threads.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use kernel::OsRandom;
use password_policy::{Hasher, Password, PasswordHash, Verified, is_reused};
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use super::COSTLY_FROM_MILLISECONDS;
use crate::base::{
    error::{Error, Result},
    settings::HashingSettings,
};

/// How much nicer than the threads that serve requests (setpriority(2)).
const NICENESS: i32 = 5;

type Work = Box<dyn FnOnce(&mut Hasher) + Send>;

struct Job {
    /// Nobody waits for the job any more after this.
    deadline: Instant,
    work: Work,
}

/// The entrance to the hashing threads. They end when it is dropped.
pub(crate) struct Hashing {
    queue: Sender<Job>,
    longest_wait: Duration,
    decoy: PasswordHash,
    /// Held by whoever checks a costly hash from another system.
    costly: Semaphore,
}

impl Hashing {
    /// Starts the threads.
    pub(crate) fn start(settings: &HashingSettings) -> std::io::Result<Self> {
        let (queue, jobs) = bounded(settings.queue);
        let hasher = || Hasher::with_peppers(settings.params, Arc::clone(&settings.peppers));
        for number in 0..settings.threads.max(1) {
            let (jobs, hasher) = (jobs.clone(), hasher());
            thread::Builder::new().name(format!("hash-{number}")).spawn(move || work(&jobs, hasher))?;
        }
        let decoy = hasher().decoy(&mut OsRandom);
        let longest_wait = settings.longest_wait.to_std().unwrap_or_default();
        Ok(Self { queue, longest_wait, decoy, costly: Semaphore::new(1) })
    }

    /// About how many milliseconds a hash with today's parameters takes.
    pub(crate) fn milliseconds(&self) -> u32 {
        self.decoy.check_milliseconds()
    }

    /// Hashes a new password.
    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash> {
        self.run(move |hasher| hasher.hash(&password, &mut OsRandom)).await
    }

    /// Compares a password with a hash. Without a hash it takes as long, and the result is no.
    pub(crate) async fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Result<Verified> {
        let (hash, real) = hash.map_or_else(|| (self.decoy.clone(), false), |hash| (hash, true));
        let _one_at_a_time = self.admit(std::slice::from_ref(&hash)).await?;
        self.run(move |hasher| {
            let verified = hasher.verify(&password, &hash);
            if real { verified } else { Verified::No }
        })
        .await
    }

    /// Whether the password matches one of these hashes; all are compared, whichever matches.
    pub(crate) async fn is_reused(&self, password: Password, hashes: Vec<PasswordHash>) -> Result<bool> {
        let _one_at_a_time = self.admit(&hashes).await?;
        self.run(move |hasher| is_reused(hasher, &password, &hashes)).await
    }

    /// Waits until no other costly hash is being checked, if one of these costs more than a hash with today's
    /// parameters.
    async fn admit(&self, hashes: &[PasswordHash]) -> Result<Option<SemaphorePermit<'_>>> {
        let costly_from = COSTLY_FROM_MILLISECONDS.max(self.milliseconds().saturating_add(1));
        if hashes.iter().all(|hash| hash.check_milliseconds() < costly_from) {
            return Ok(None);
        }
        let turn = tokio::time::timeout(self.longest_wait, self.costly.acquire()).await;
        let permit = turn.map_err(|_| Error::Overloaded)?;
        permit.map(Some).map_err(|_| Error::Internal("costly hashes are no longer checked".to_owned()))
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Hasher) -> T + Send + 'static) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |hasher| {
            // The caller may have hung up; then the work is not worth doing.
            if !reply.is_closed() {
                let _ = reply.send(work(hasher));
            }
        });
        match self.queue.try_send(Job { deadline: Instant::now() + self.longest_wait, work }) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Error::Overloaded),
            Err(TrySendError::Disconnected(_)) => return Err(Error::Internal("no hashing thread is left".to_owned())),
        }
        // The thread drops the reply unanswered when the job has waited too long.
        answer.await.map_err(|_| Error::Overloaded)
    }
}

fn work(jobs: &Receiver<Job>, mut hasher: Hasher) {
    // Where this is not allowed, hashing works all the same.
    if let Err(why) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%why, "hashing threads run at normal priority");
    }
    while let Ok(job) = jobs.recv() {
        if Instant::now() > job.deadline {
            continue;
        }
        // A password that makes a hash panic must not take the thread from all others.
        if catch_unwind(AssertUnwindSafe(|| (job.work)(&mut hasher))).is_err() {
            tracing::error!("a password hash panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use password_policy::HashParams;

    use super::*;

    fn settings(queue: usize, longest_wait: TimeDelta) -> HashingSettings {
        HashingSettings {
            params: HashParams::weak_for_tests(),
            peppers: Arc::default(),
            threads: 1,
            queue,
            longest_wait,
        }
    }

    fn password(text: &str) -> Password {
        Password::new(text).unwrap()
    }

    #[tokio::test]
    async fn a_hash_verifies_and_a_missing_one_never_does() {
        let hashing = Hashing::start(&settings(8, TimeDelta::seconds(5))).unwrap();
        let hash = hashing.hash(password("correct horse")).await.unwrap();
        assert_eq!(hashing.verify(password("correct horse"), Some(hash.clone())).await, Ok(Verified::Yes));
        assert_eq!(hashing.verify(password("wrong horse"), Some(hash)).await, Ok(Verified::No));
        assert_eq!(hashing.verify(password("correct horse"), None).await, Ok(Verified::No));
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_at_once_and_a_long_wait_ends() {
        let patient = Hashing::start(&settings(1, TimeDelta::seconds(60))).unwrap();
        let impatient = Hashing {
            queue: patient.queue.clone(),
            longest_wait: Duration::ZERO,
            decoy: patient.decoy.clone(),
            costly: Semaphore::new(1),
        };
        let (release, blocked) = bounded::<()>(0);
        let (started, has_started) = bounded::<()>(1);
        let busy = patient.run(move |_| {
            started.send(()).unwrap();
            blocked.recv_timeout(Duration::from_secs(10)).unwrap();
        });
        let story = async {
            has_started.recv_timeout(Duration::from_secs(10)).unwrap();
            // The thread is busy and one job waits: the queue is full.
            let waiting = impatient.run(|_| ());
            let full = async {
                assert_eq!(patient.run(|_| ()).await, Err(Error::Overloaded));
                release.send(()).unwrap();
            };
            tokio::join!(biased; waiting, full).0
        };
        let (finished, waited) = tokio::join!(biased; busy, story);
        assert_eq!(finished, Ok(()));
        assert_eq!(waited, Err(Error::Overloaded), "it waited longer than it may");
    }

    #[tokio::test]
    async fn costly_hashes_of_others_are_checked_one_at_a_time() {
        const PATIENCE: Duration = Duration::from_secs(60);
        let mut hashing = Hashing::start(&settings(8, TimeDelta::seconds(60))).unwrap();
        // bcrypt at cost 11, an estimated 125 ms.
        let costly = PasswordHash::parse("$2b$11$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG").unwrap();
        hashing.admit(std::slice::from_ref(&costly)).await.unwrap().expect("a turn").forget();
        // Nobody waits longer than for a thread; other passwords are still checked.
        hashing.longest_wait = Duration::from_millis(1);
        assert_eq!(hashing.verify(password("correct horse"), Some(costly.clone())).await, Err(Error::Overloaded));
        assert_eq!(hashing.is_reused(password("correct horse"), vec![costly.clone()]).await, Err(Error::Overloaded));
        hashing.longest_wait = PATIENCE;
        assert_eq!(hashing.verify(password("correct horse"), None).await, Ok(Verified::No));
        hashing.costly.add_permits(1);
        assert!(hashing.admit(&[costly]).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_panic_takes_no_thread_away() {
        let hashing = Hashing::start(&settings(8, TimeDelta::seconds(5))).unwrap();
        assert_eq!(hashing.run(|_| panic!("a test's")).await, Err::<(), _>(Error::Overloaded));
        assert!(hashing.hash(password("correct horse")).await.is_ok());
    }
}
