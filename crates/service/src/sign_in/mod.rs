//! Signing in, and what its use cases share.

mod activate;
mod breaches;
mod failure;
pub(crate) mod login;
mod login_result;
pub(crate) mod me;
mod measure;
mod new_password;
mod one_time;
mod open_session;
mod recovery;
pub(crate) mod session;
mod sign_in_state;

pub(crate) use breaches::breaches_unknown;
pub(crate) use failure::{record_failure, waiting};
pub use login_result::{Authenticated, ChallengeView, LoginResult, PasswordChangeStep, SessionView, TotpStep};
pub(crate) use measure::Measure;
pub(crate) use new_password::{NewPassword, Owner, ProvenBy, Written, failures, rules_and_context};
pub(crate) use one_time::{KeptTokens, Repeatable};
pub(crate) use open_session::{Issued, Opened, open_session};
pub(crate) use recovery::{new_recovery_codes, no_recovery_codes, still_valid};
pub(crate) use sign_in_state::SignInState;
