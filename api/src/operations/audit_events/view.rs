//! An event as the API shows it.

use kernel::{AccountId, Time};
use serde::{Serialize, Serializer};
use serde_json::Value;
use service::AuditEntry;
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that happened, as it stands in the account's chain of events.
#[derive(Serialize, ToSchema)]
pub struct AuditEvent {
    /// The account in whose chain it stands.
    #[schema(value_type = Uuid, examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: AccountId,
    /// Its number in the chain: from 1, without a gap.
    #[schema(minimum = 1, examples(17))]
    sequence: i64,
    /// When it happened, to the microsecond.
    #[schema(value_type = String, format = DateTime, examples("2026-11-24T09:30:00.000000Z"))]
    #[serde(serialize_with = "in_microseconds")]
    occurred_at: Time,
    /// Who acted.
    actor: AuditActor,
    /// What was done: one of the names that the parameter `action` of the list takes. More may come.
    #[schema(examples("user.permissions_changed"))]
    action: String,
    /// What was acted upon; null when there is nothing to name.
    #[schema(required = true)]
    target: Option<AuditTarget>,
    /// `success`; `denied`: the actor is known and may not; `failure`: what was shown or typed was wrong.
    #[schema(examples("success"))]
    outcome: String,
    /// From where; null when it came from no request.
    #[schema(required = true, value_type = Option<AuditSource>)]
    source: Value,
    /// What else there is to say, by name: a text, a number, yes or no, a list of texts, or `{before, after}`. Never a
    /// secret, and of people nothing but ids and usernames.
    #[schema(value_type = HashMap<String, Value>, examples(json!({ "granted": ["account_settings"] })))]
    details: Value,
    /// SHA-256 of the 32 bytes of the hash before (zeros, before the first event) and of this event without `hash`, as JSON
    /// in the order of RFC 8785; in hexadecimal. Null when what stands there can be no hash.
    #[schema(required = true, examples("24b291bd36654eef72013b06acac2b389168ed95ffda9c7ba9ea503d2b155480"))]
    hash: Option<String>,
}

/// Who acted.
#[derive(Serialize, ToSchema)]
pub struct AuditActor {
    /// `user`, `api_key`, `operator` (whoever can reach the machine), `system` (the service itself) or `anonymous`.
    #[schema(examples("user"))]
    kind: String,
    /// The account that the actor belongs to: of a platform administrator another one than the event's.
    #[schema(required = true, examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: Option<Uuid>,
    /// The id of the user or the API key. It stays when they are gone.
    #[schema(required = true, examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    id: Option<Uuid>,
    /// The name at that moment. It stays when they are gone.
    #[schema(required = true, examples("ann"))]
    name: Option<String>,
}

/// What was acted upon.
#[derive(Serialize, ToSchema)]
pub struct AuditTarget {
    /// `account`, `user`, `role`, `permission`, `two_factor_policy`, `password_policy` or `user_import`. More may come.
    #[schema(examples("user"))]
    kind: String,
    /// Its id; of a two-factor policy that of the account. It stays when the thing is gone.
    #[schema(required = true, examples("01997f60-2b71-7d15-a9b8-0a6f4c1de2b3"))]
    id: Option<Uuid>,
    /// The name at that moment. It stays when the thing is gone.
    #[schema(required = true, examples("bob"))]
    name: Option<String>,
}

/// From where a request came. For the document only: it is shown as it was written down.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the fields are read by the derive that documents them")]
pub struct AuditSource {
    /// The client's address.
    #[schema(examples("192.0.2.17"))]
    address: String,
    /// What the client called itself.
    #[schema(required = true, examples("curl/8.14.1"))]
    user_agent: Option<String>,
    /// The `X-Request-Id` of the request.
    #[schema(examples("01997f70-9c1e-7b52-8d3f-5e6a7b8c9d0e"))]
    request_id: String,
}

impl From<AuditEntry> for AuditEvent {
    fn from(entry: AuditEntry) -> Self {
        Self {
            account_id: entry.account_id,
            sequence: entry.sequence,
            occurred_at: entry.at,
            actor: AuditActor {
                kind: entry.actor.kind,
                account_id: entry.actor.account,
                id: entry.actor.id,
                name: entry.actor.name,
            },
            action: entry.action,
            target: entry.target.map(|target| AuditTarget { kind: target.kind, id: target.id, name: target.name }),
            outcome: entry.outcome,
            source: entry.source,
            details: entry.details,
            hash: entry.hash.map(|hash| hash.to_string()),
        }
    }
}

/// Always with all six digits: the hash covers the text.
fn in_microseconds<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
}
