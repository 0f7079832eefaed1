//! Replies and parameters that several operations share.

mod account;
mod activation;
mod login_result;
mod page;
mod parameters;
mod password_check;
mod session;
mod user;

pub use self::{
    account::{Account, AccountLimits},
    activation::Activation,
    login_result::{Authenticated, LoginChallenge, LoginResult},
    page::paged,
    parameters::{
        AccountPath, IdempotencyKeyHeader, IfMatchHeader, PasswordPolicyPath, PermissionPath, RolePath, UserPath,
    },
    password_check::{CheckOwnPassword, PasswordCheck},
    session::Session,
    user::User,
};
