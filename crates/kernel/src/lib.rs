#![doc = include_str!("../README.md")]

mod clock;
mod id;
mod random;
mod token;

pub use clock::{Clock, ManualClock, SystemClock, Time};
pub use id::{Id, InvalidId};
pub use random::{OsRandom, Random};
pub use token::{MalformedToken, PlainToken, TokenDigest, TokenKind};

/// Marker types for what an [`Id`] belongs to.
pub mod entity {
    /// A tenant: the unit that decides how its users sign in.
    #[derive(Debug)]
    pub enum Account {}
    /// A user of one account.
    #[derive(Debug)]
    pub enum User {}
    /// One login attempt between the password and the session.
    #[derive(Debug)]
    pub enum Challenge {}
    /// One signed-in device of a user.
    #[derive(Debug)]
    pub enum Session {}
    /// A named set of permissions of one account.
    #[derive(Debug)]
    pub enum Role {}
    /// A rule for passwords of one account.
    #[derive(Debug)]
    pub enum PasswordPolicy {}
    /// An import of a file of users.
    #[derive(Debug)]
    pub enum UserImport {}
    /// An action on many users.
    #[derive(Debug)]
    pub enum BulkJob {}
    /// What a program authenticates with instead of a session.
    #[derive(Debug)]
    pub enum ApiKey {}
}

/// Id of an account.
pub type AccountId = Id<entity::Account>;
/// Id of a user.
pub type UserId = Id<entity::User>;
/// Id of a login challenge.
pub type ChallengeId = Id<entity::Challenge>;
/// Id of a session.
pub type SessionId = Id<entity::Session>;
/// Id of a role.
pub type RoleId = Id<entity::Role>;
/// Id of a password policy.
pub type PasswordPolicyId = Id<entity::PasswordPolicy>;
/// Id of an import of users.
pub type UserImportId = Id<entity::UserImport>;
/// Id of a bulk job.
pub type BulkJobId = Id<entity::BulkJob>;
/// Id of an API key.
pub type ApiKeyId = Id<entity::ApiKey>;
