//! Replies and parameters that several operations share.

mod account;
mod activation;
mod login_result;
mod page;
mod parameters;
mod session;
mod user;

pub use self::{
    account::Account,
    activation::Activation,
    login_result::{Authenticated, LoginChallenge, LoginResult},
    page::paged,
    parameters::{AccountPath, IdempotencyKeyHeader, IfMatchHeader, PermissionPath, RolePath, UserPath},
    session::Session,
    user::User,
};
