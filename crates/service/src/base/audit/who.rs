//! Builds events: who acts, from where, and upon what.

use ::audit::{Action, ActorKind, Event, Target, TargetKind};
use kernel::AccountId;
use permissions::PermissionSet;
use store::tables::directory::users::User;

use crate::base::model::{Actor, Credential, Source};

impl Actor {
    /// An event: this caller did `action`.
    pub(crate) fn did(&self, action: Action) -> Event {
        Event::new(self.in_events(), Some(self.source.in_events()), action)
    }

    /// This caller, as events name it.
    fn in_events(&self) -> ::audit::Actor {
        let (kind, id) = match &self.credential {
            Credential::Session(session) => (ActorKind::User, session.user_id.as_uuid()),
            Credential::ApiKey(key) => (ActorKind::ApiKey, key.id.as_uuid()),
        };
        ::audit::Actor { kind, account: Some(self.account_id), id: Some(id), name: Some(self.name.clone()) }
    }
}

impl Source {
    /// An event: somebody unknown did `action` from here.
    pub(crate) fn anonymous(&self, action: Action) -> Event {
        Event::new(::audit::Actor::unnamed(ActorKind::Anonymous), Some(self.in_events()), action)
    }

    /// An event: this user did `action` from here, without being signed in.
    pub(crate) fn user(&self, user: &User, action: Action) -> Event {
        let actor = ::audit::Actor::user(user.account_id, user.id, &user.username);
        Event::new(actor, Some(self.in_events()), action)
    }

    /// This source, as events name it.
    fn in_events(&self) -> ::audit::Source {
        ::audit::Source {
            address: self.address.to_canonical().to_string(),
            user_agent: self.user_agent.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

/// An event: the operator, who has access to the machine, did `action`.
pub(crate) fn by_operator(action: Action) -> Event {
    Event::new(::audit::Actor::unnamed(ActorKind::Operator), None, action)
}

/// An event: the service did `action` by itself.
pub(crate) fn by_service(action: Action) -> Event {
    Event::new(::audit::Actor::unnamed(ActorKind::System), None, action)
}

/// The names of permissions, for the lists of events.
pub(crate) fn names_of(permissions: &PermissionSet) -> impl Iterator<Item = &str> {
    permissions.iter().map(permissions::Permission::as_str)
}

/// A permission of the catalogue, as the target of an event.
pub(crate) fn permission_named(name: &str) -> Target {
    Target { kind: TargetKind::Permission, id: None, name: Some(name.to_owned()) }
}

/// An account's two-factor policy, as the target of an event: there is one, so its id is the account's.
pub(crate) fn two_factor_policy_of(account: AccountId) -> Target {
    Target { kind: TargetKind::TwoFactorPolicy, id: Some(account.as_uuid()), name: None }
}
