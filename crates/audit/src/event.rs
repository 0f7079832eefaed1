//! Who did what to whom, from where, and how it ended.

use kernel::{AccountId, UserId};
use uuid::Uuid;

use crate::{Action, Details, Fact};

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A user, signed in or on the way.
    User,
    /// A script with an API key.
    ApiKey,
    /// Whoever can reach the machine, by a command.
    Operator,
    /// The service itself.
    System,
    /// Nobody knows.
    Anonymous,
}

impl ActorKind {
    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::Operator => "operator",
            Self::System => "system",
            Self::Anonymous => "anonymous",
        }
    }
}

/// Who acted, under the name of that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What kind of.
    pub kind: ActorKind,
    /// The account that the actor belongs to; a platform administrator belongs to another one than the event.
    pub account: Option<AccountId>,
    /// The id of the user or the key.
    pub id: Option<Uuid>,
    /// The name of the user or the key.
    pub name: Option<String>,
}

impl Actor {
    /// A user.
    pub fn user(account: AccountId, id: UserId, name: &str) -> Self {
        Self { kind: ActorKind::User, account: Some(account), id: Some(id.as_uuid()), name: Some(name.to_owned()) }
    }

    /// An actor without a name: [`ActorKind::Operator`], [`ActorKind::System`] or [`ActorKind::Anonymous`].
    pub const fn unnamed(kind: ActorKind) -> Self {
        Self { kind, account: None, id: None, name: None }
    }
}

/// What something is that is acted upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// An account.
    Account,
    /// A user.
    User,
    /// A role.
    Role,
    /// A permission; its name says which.
    Permission,
    /// The account's two-factor policy.
    TwoFactorPolicy,
    /// A password policy.
    PasswordPolicy,
    /// An import of users.
    UserImport,
    /// An API key.
    ApiKey,
    /// A bulk job.
    BulkJob,
}

impl TargetKind {
    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::User => "user",
            Self::Role => "role",
            Self::Permission => "permission",
            Self::TwoFactorPolicy => "two_factor_policy",
            Self::PasswordPolicy => "password_policy",
            Self::UserImport => "user_import",
            Self::ApiKey => "api_key",
            Self::BulkJob => "bulk_job",
        }
    }
}

/// What was acted upon, under the name of that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// Its id.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: Option<String>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Success,
    /// The actor is known and may not.
    Denied,
    /// What was shown or typed was wrong.
    Failure,
}

impl Outcome {
    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Denied => "denied",
            Self::Failure => "failure",
        }
    }

    /// The outcome with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Success, Self::Denied, Self::Failure].into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// From where a request came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The client's address.
    pub address: String,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// The id under which the log knows the request.
    pub request_id: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who.
    pub actor: Actor,
    /// Did what.
    pub action: Action,
    /// To whom or what.
    pub target: Option<Target>,
    /// With what outcome.
    pub outcome: Outcome,
    /// From where; `None`: from no request.
    pub source: Option<Source>,
    /// What else there is to say.
    pub details: Details,
}

impl Event {
    /// A success without a target.
    pub fn new(actor: Actor, source: Option<Source>, action: Action) -> Self {
        Self { actor, action, target: None, outcome: Outcome::Success, source, details: Details::default() }
    }

    /// What it was done to.
    #[must_use]
    pub fn on(self, target: impl Into<Target>) -> Self {
        Self { target: Some(target.into()), ..self }
    }

    /// It ended otherwise.
    #[must_use]
    pub fn ending_in(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &str, fact: impl Into<Fact>) -> Self {
        self.details.put(name, fact);
        self
    }

    /// Adds what a fact was and what it is now, unless they are the same.
    #[must_use]
    pub fn with_change<T: Into<Fact>>(mut self, name: &str, before: T, after: T) -> Self {
        self.details.put_change(name, before, after);
        self
    }

    /// Adds a list, unless it is empty; of long ones the beginning.
    #[must_use]
    pub fn with_list<T: Into<String>>(mut self, name: &str, texts: impl IntoIterator<Item = T>) -> Self {
        self.details.put_list(name, texts);
        self
    }
}
