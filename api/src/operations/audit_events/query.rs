//! Which events: the query parameters.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de::Error};
use service::{AuditAction, AuditFilters, AuditOutcome};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use uuid::Uuid;

use crate::extract::{Cursor, Limit, Moment};

/// Adds the filters to a struct of query parameters: the list and the export have the same.
macro_rules! with_filters {
    ($(#[$about:meta])* pub struct $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, Deserialize, IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// The action.
            #[param(value_type = String, schema_with = actions, required = false, nullable = false, example = "user.created")]
            action: Option<ActionName>,
            /// Id of the actor: a user or an API key.
            #[param(required = false, nullable = false)]
            actor: Option<Uuid>,
            /// Id of the target. A user's own sign-in events also have this user as their target.
            #[param(required = false, nullable = false)]
            target: Option<Uuid>,
            /// Outcome of the event.
            #[param(inline, required = false, nullable = false)]
            outcome: Option<OutcomeFilter>,
            /// Only events at or after this time.
            #[param(value_type = String, format = DateTime, required = false, nullable = false, example = "2026-11-24T00:00:00Z")]
            from: Option<Moment>,
            /// Only events before this time.
            #[param(value_type = String, format = DateTime, required = false, nullable = false, example = "2026-11-25T00:00:00Z")]
            to: Option<Moment>,
        }

        impl $name {
            /// What the events have in common.
            pub fn filters(&self) -> AuditFilters {
                AuditFilters {
                    action: self.action.map(|ActionName(action)| action.as_str().to_owned()),
                    actor: self.actor,
                    target: self.target,
                    outcome: self.outcome.map(|outcome| AuditOutcome::from(outcome).as_str().to_owned()),
                    from: self.from.map(|Moment(from)| from),
                    until: self.to.map(|Moment(to)| to),
                }
            }
        }
    };
}

with_filters! {
    /// Which events, and which page of them. An event must match all given filters.
    pub struct ListAuditEvents {
        /// Maximum number of items per page.
        #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
        pub limit: Limit,
        /// The `next_cursor` of the previous page. Omit it to get the newest events.
        #[param(value_type = String, required = false, nullable = false)]
        pub cursor: Option<Cursor>,
    }
}

with_filters! {
    /// Which events. An event must match all given filters.
    pub struct ExportAuditEvents {}
}

/// The name of an action.
#[derive(Clone, Copy, Debug)]
struct ActionName(AuditAction);

impl<'de> Deserialize<'de> for ActionName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        AuditAction::from_name(&name).map(Self).ok_or_else(|| D::Error::custom("expected the name of an action"))
    }
}

/// Outcome of an event.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OutcomeFilter {
    /// The action was done.
    Success,
    /// The actor is known but lacks the permission.
    Denied,
    /// The action failed, for example because of a wrong password or code.
    Failure,
}

impl From<OutcomeFilter> for AuditOutcome {
    fn from(filter: OutcomeFilter) -> Self {
        match filter {
            OutcomeFilter::Success => Self::Success,
            OutcomeFilter::Denied => Self::Denied,
            OutcomeFilter::Failure => Self::Failure,
        }
    }
}

/// All names, and what they mean.
fn actions() -> RefOr<Schema> {
    let names = AuditAction::ALL.iter().map(|action| action.as_str());
    let meanings = AuditAction::ALL.iter().map(|action| format!("- `{}`: {}\n", action.as_str(), action.meaning()));
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .description(Some(meanings.collect::<String>()))
        .into()
}
