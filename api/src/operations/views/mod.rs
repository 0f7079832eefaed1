//! Replies and parameters that several operations share.

mod account;
mod activation;
mod download;
mod login_result;
mod page;
mod parameters;
mod password_check;
mod session;
mod user;

pub use self::{
    account::Account,
    activation::Activation,
    download::Download,
    login_result::{Authenticated, LoginChallenge, LoginResult},
    page::paged,
    parameters::{
        AccountPath, ApiKeyPath, BulkJobPath, IdempotencyKeyHeader, IfMatchHeader, ImportPath, PasswordPolicyPath,
        PermissionPath, RepeatKeyHeader, RolePath, UserPath,
    },
    password_check::{CheckOwnPassword, PasswordCheck},
    session::Session,
    user::User,
};
