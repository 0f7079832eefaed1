//! Adds an account with many users to a database, for measurements: two-factor states, passwords of all ages, roles,
//! permissions, locks and names as they occur in production. Nobody can sign in: all users share a hash that matches no
//! password.
//!
//! `seed_users URL SLUG USERS`; prints the id of the account. The database has its migrations. Used by
//! `make bench-seed`.

mod account;
mod person;

use std::{
    io::{Write as _, stderr, stdout},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use kernel::{Clock as _, SystemClock};
use store::{Store, StoreConfig};

/// Users that are added in one transaction.
const CHUNK: u64 = 5_000;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let usage = "usage: seed_users URL SLUG USERS";
    let mut arguments = std::env::args().skip(1);
    let (url, slug) = (arguments.next().ok_or(usage)?, arguments.next().ok_or(usage)?);
    let users: u64 = arguments.next().ok_or(usage)?.parse()?;
    let config = StoreConfig {
        statement_timeout: Duration::from_secs(600),
        answer_deadline: Duration::from_secs(660),
        ..StoreConfig::new(url)
    };
    let store = Store::open(&config)?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(seed(&store, slug, users))
}

async fn seed(store: &Store, slug: String, users: u64) -> Result<(), Failure> {
    let (now, started) = (SystemClock.now(), Instant::now());
    let account = store.write(move |conn| account::insert(conn, &slug, now)).await?;
    // They were created over three years, the last one yesterday.
    let apart = TimeDelta::days(3 * 365) / i32::try_from(users.max(1))?;
    let first = now - TimeDelta::days(1) - apart * i32::try_from(users)?;
    let mut listed = Vec::new();
    for begin in (0..users).step_by(usize::try_from(CHUNK)?) {
        let numbers = begin..users.min(begin + CHUNK);
        let arrived = |number| i32::try_from(number).map_or(now, |number| first + apart * number);
        let people: Vec<_> = numbers.map(|number| person::Person::new(number, arrived(number), now)).collect();
        let account = account.clone();
        listed.extend(store.write(move |conn| person::insert(conn, &account, &people, now)).await?);
    }
    let account_id = account.id;
    store.write(move |conn| account::finish(conn, &account, &listed, now)).await?;
    writeln!(stderr(), "{users} users in {:.1} s", started.elapsed().as_secs_f64())?;
    writeln!(stdout(), "{account_id}")?;
    Ok(())
}
