//! Reports: numbers about an account.

mod chart;
mod overdue;
mod passwords;
mod tables;
mod trend;
mod two_factor;
mod who_may;

use serde_json::Value;

use crate::support::{Account, Reply, User};

/// The report on two-factor authentication; `query`: without the question mark.
async fn two_factor(by: &User, account: &Account, query: &str) -> Value {
    by.get(&account.path(&format!("/reports/two-factor?{query}"))).await.ok(200)
}

/// A report in the form that `accept` asks for.
async fn report_as(by: &User, account: &Account, report: &str, accept: &str) -> Reply {
    let session = by.session().await;
    session.call("GET", &account.path(&format!("/reports/{report}"))).header("accept", accept).send().await
}

/// Some numbers of an object, by their names.
#[track_caller]
fn numbers<const N: usize>(object: &Value, names: [&str; N]) -> [u64; N] {
    names.map(|name| object[name].as_u64().unwrap_or_else(|| panic!("{name} of {object}")))
}

/// `users, asked, enrolled, not_enrolled, asleep, not_asked`.
#[track_caller]
fn standing(object: &Value) -> [u64; 6] {
    let found = numbers(object, ["users", "asked", "enrolled", "not_enrolled", "asleep", "not_asked"]);
    assert_eq!(found[0], found[2..].iter().sum::<u64>(), "everybody stands somewhere: {object}");
    found
}
