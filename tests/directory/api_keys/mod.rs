//! API keys: the credentials of programs.

mod answerable;
mod audited;
mod bad_input;
mod create;
mod escalation;
mod imports;
mod last_used;
mod list;
mod networks;
mod people_only;
mod replace;
mod revoke;
mod rotate;
mod typo;
mod within;

use serde_json::Value;

use crate::support::{Account, Program, User};

/// How the key looks to an administrator.
async fn look_at(by: &User, program: &Program) -> Value {
    by.get(&program.path("")).await.ok(200)
}

/// What the key needs to see whether it counts: the users of its account.
fn users(account: &Account) -> String {
    account.path("/users")
}
