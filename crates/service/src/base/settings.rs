//! Settings that an operator chooses.

use std::sync::Arc;

use auth::{session::Lifetimes, throttle::Policy};
use chrono::TimeDelta;
use password_policy::{HashParams, Peppers};

use crate::base::activation_url::ActivationUrl;

/// How guesses are slowed down; each counter has its own policy.
#[derive(Clone, Copy, Debug)]
pub struct Throttles {
    /// Wrong passwords for one name of one account.
    pub password_of_user: Policy,
    /// Wrong passwords from one source address (of IPv6, one /64 network).
    pub password_from_source: Policy,
    /// Wrong codes of one user, over all challenges.
    pub code_of_user: Policy,
    /// Passwords that one user has hashed apart from sign-ins, and refreshes of one session: not guesses, but work.
    pub work: Policy,
    /// Passwords that one caller has checked while somebody types.
    pub password_checks: Policy,
    /// Mails with activation codes to one user, and to one address of an account.
    pub mails_to_user: Policy,
}

impl Default for Throttles {
    fn default() -> Self {
        let longest = TimeDelta::minutes(15);
        let first = TimeDelta::seconds(1);
        let forget_after = TimeDelta::hours(1);
        Self {
            password_of_user: Policy { free: 20, first, longest, forget_after },
            // Many people may share one address.
            password_from_source: Policy { free: 200, first, longest: TimeDelta::minutes(1), forget_after },
            // A guess is right with a chance of three in a million (three steps of the window). At the longest delay,
            // 96 guesses a day succeed once in 3,500 days for somebody who has the password.
            code_of_user: Policy { free: 10, first, longest, forget_after },
            work: Policy { free: 100, first, longest: TimeDelta::minutes(1), forget_after: TimeDelta::minutes(10) },
            // Nothing is guessed here; only the load is limited. After a minute's pause everything is forgotten.
            password_checks: Policy {
                free: 600,
                first,
                longest: TimeDelta::seconds(10),
                forget_after: TimeDelta::minutes(1),
            },
            // Somebody who has lost five mails in a row does not need the sixth at once; and nobody wants a thousand.
            mails_to_user: Policy {
                free: 5,
                first: TimeDelta::minutes(1),
                longest: TimeDelta::hours(1),
                forget_after: TimeDelta::days(1),
            },
        }
    }
}

/// How passwords are hashed, by how many threads, and how many may wait for them.
#[derive(Clone, Debug)]
pub struct HashingSettings {
    /// What one hash costs.
    pub params: HashParams,
    /// Secret keys that go into hashes; none by default.
    pub peppers: Arc<Peppers>,
    /// Hashing threads; one per core is best.
    pub threads: usize,
    /// Passwords that may wait for a thread.
    pub queue: usize,
    /// How long a password may wait before it is rejected.
    pub longest_wait: TimeDelta,
}

/// All settings of the service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The `iss` claim of access tokens.
    pub issuer: String,
    /// The `aud` claim of access tokens.
    pub audience: String,
    /// How long an access token is valid.
    pub access_token_lifetime: TimeDelta,
    /// How long sessions last.
    pub sessions: Lifetimes,
    /// How long a login may take from the password to the session.
    pub challenge_lifetime: TimeDelta,
    /// How long a failed login takes at least: hashes with other parameters than today's must not reveal who exists.
    pub failed_login_takes: TimeDelta,
    /// How long an activation code is valid.
    pub activation_lifetime: TimeDelta,
    /// How long the deletion of an account can be undone, unless the request says otherwise.
    pub account_deletion_delay: TimeDelta,
    /// How old a sign-in may be for sensitive operations.
    pub step_up_max_age: TimeDelta,
    /// How long first replies are kept for their idempotency keys.
    pub idempotency_lifetime: TimeDelta,
    /// How guesses are slowed down.
    pub throttles: Throttles,
    /// The name of the product that people sign in to; passwords may not contain it.
    pub product_name: String,
    /// How passwords are hashed.
    pub hashing: HashingSettings,
    /// The source of passwords that are known from breaches.
    pub breaches: breach::Settings,
    /// How mails are sent.
    pub mail: mail::Settings,
    /// The page where people type their activation codes, for the mails with those.
    pub activation_url: Option<ActivationUrl>,
}

impl Default for Settings {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            issuer: "latchkey".to_owned(),
            audience: "latchkey".to_owned(),
            access_token_lifetime: TimeDelta::minutes(10),
            sessions: Lifetimes { absolute: TimeDelta::days(30), idle: TimeDelta::days(7) },
            challenge_lifetime: TimeDelta::minutes(10),
            failed_login_takes: TimeDelta::milliseconds(250),
            activation_lifetime: TimeDelta::days(7),
            account_deletion_delay: TimeDelta::days(30),
            step_up_max_age: TimeDelta::minutes(15),
            idempotency_lifetime: TimeDelta::days(1),
            throttles: Throttles::default(),
            product_name: "Latchkey".to_owned(),
            hashing: HashingSettings {
                params: HashParams::default(),
                peppers: Arc::default(),
                threads,
                queue: 256,
                longest_wait: TimeDelta::seconds(5),
            },
            breaches: breach::Settings::default(),
            mail: mail::Settings::default(),
            activation_url: None,
        }
    }
}
