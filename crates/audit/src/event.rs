//! Events: who did what to whom, from where, and with what outcome.

use kernel::{AccountId, UserId};
use uuid::Uuid;

use crate::{Action, Details, Fact};

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A user who is signed in or signing in.
    User,
    /// A program with an API key.
    ApiKey,
    /// Somebody with access to the machine, by a command.
    Operator,
    /// The service itself.
    System,
    /// Unknown.
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

/// Who acted, with the name at that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The kind of actor.
    pub kind: ActorKind,
    /// The account that the actor belongs to; for a platform administrator it may differ from the event's account.
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

/// The kind of object that was acted upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// An account.
    Account,
    /// A user.
    User,
    /// A role.
    Role,
    /// A permission, identified by its name.
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

/// What was acted upon, with the name at that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its kind.
    pub kind: TargetKind,
    /// Its id.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: Option<String>,
}

/// The outcome of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Success,
    /// The actor is known but lacks the permission.
    Denied,
    /// What was sent or typed was wrong.
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

/// The origin of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The client's address.
    pub address: String,
    /// The user agent that the client reports.
    pub user_agent: Option<String>,
    /// The id of the request in the log.
    pub request_id: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who acted.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// To whom or what.
    pub target: Option<Target>,
    /// With what outcome.
    pub outcome: Outcome,
    /// The origin of the request; `None`: no request.
    pub source: Option<Source>,
    /// Further facts.
    pub details: Details,
}

impl Event {
    /// A success without a target.
    pub fn new(actor: Actor, source: Option<Source>, action: Action) -> Self {
        Self { actor, action, target: None, outcome: Outcome::Success, source, details: Details::default() }
    }

    /// Sets the target.
    #[must_use]
    pub fn on(self, target: impl Into<Target>) -> Self {
        Self { target: Some(target.into()), ..self }
    }

    /// Sets the outcome.
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

    /// Adds the values of a fact before and after, unless they are the same.
    #[must_use]
    pub fn with_change<T: Into<Fact>>(mut self, name: &str, before: T, after: T) -> Self {
        self.details.put_change(name, before, after);
        self
    }

    /// Adds a list, unless it is empty; a long one is truncated.
    #[must_use]
    pub fn with_list<T: Into<String>>(mut self, name: &str, texts: impl IntoIterator<Item = T>) -> Self {
        self.details.put_list(name, texts);
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// They are in chains, which nobody rewrites.
    #[test]
    fn names_stay() {
        use {ActorKind as A, TargetKind as T};
        let actors = [A::User, A::ApiKey, A::Operator, A::System, A::Anonymous].map(A::as_str);
        assert_eq!(actors, ["user", "api_key", "operator", "system", "anonymous"]);
        let targets = [
            (T::Account, "account"),
            (T::User, "user"),
            (T::Role, "role"),
            (T::Permission, "permission"),
            (T::TwoFactorPolicy, "two_factor_policy"),
            (T::PasswordPolicy, "password_policy"),
            (T::UserImport, "user_import"),
            (T::ApiKey, "api_key"),
            (T::BulkJob, "bulk_job"),
        ];
        for (kind, name) in targets {
            assert_eq!(kind.as_str(), name);
        }
        let outcomes = [(Outcome::Success, "success"), (Outcome::Denied, "denied"), (Outcome::Failure, "failure")];
        for (outcome, name) in outcomes {
            assert_eq!((outcome.as_str(), Outcome::from_name(name)), (name, Some(outcome)));
        }
        assert_eq!(Outcome::from_name("Success"), None);
    }

    #[test]
    fn an_event_holds_what_it_was_given() {
        let target = Target { kind: TargetKind::Role, id: None, name: Some("Help desk".to_owned()) };
        let event = Event::new(Actor::unnamed(ActorKind::Operator), None, Action::RoleChanged)
            .on(target.clone())
            .ending_in(Outcome::Denied)
            .with("number", 7_u32)
            .with_change("name", "A", "B")
            .with_list("granted", ["api_keys"]);
        assert_eq!((event.target, event.outcome), (Some(target), Outcome::Denied));
        let expected = json!({ "number": 7, "name": { "before": "A", "after": "B" }, "granted": ["api_keys"] });
        assert_eq!(Value::from(event.details), expected);
    }
}
