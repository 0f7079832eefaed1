//! Audit events of an account: `/v1/accounts/{account_id}/audit-events`

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{Bytes, Data},
};
use futures_util::stream;
use kernel::{AccountId, Time};
use serde::{Serialize, Serializer};
use serde_json::Value;
use service::{AuditEntry, AuditExport};
use utoipa::ToSchema;
use uuid::Uuid;

use super::query::{ExportAuditEvents, ListAuditEvents};
use crate::{
    app::App,
    extract::{AuditRead, Cursor, Guarded, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, Download, paged},
    problem::{Problem, Result},
};

/// An event in the account's chain of audit events.
#[derive(Serialize, ToSchema)]
pub struct AuditEvent {
    /// The account whose chain contains the event.
    #[schema(value_type = Uuid, examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: AccountId,
    /// Its number in the chain: from 1, without gaps.
    #[schema(minimum = 1, examples(17))]
    sequence: i64,
    /// When it happened, to the microsecond.
    #[schema(value_type = String, format = DateTime, examples("2026-11-24T09:30:00.000000Z"))]
    #[serde(serialize_with = "in_microseconds")]
    occurred_at: Time,
    /// Who acted.
    actor: AuditActor,
    /// What was done: one of the values that the list's parameter `action` accepts. More values may be added.
    #[schema(examples("user.permissions_changed"))]
    action: String,
    /// The target of the action; null if there is none.
    #[schema(required = true)]
    target: Option<AuditTarget>,
    /// `success`; `denied`: the actor is known but lacks the permission; or `failure`: it failed, for example because
    /// of a wrong password or code.
    #[schema(examples("success"))]
    outcome: String,
    /// Where the request came from; null if there was no request.
    #[schema(required = true, value_type = Option<AuditSource>)]
    source: Value,
    /// Further details by name: a string, a number, a boolean, a list of strings, or `{before, after}`. Contains no
    /// secrets, and nothing about people except ids and usernames.
    #[schema(value_type = HashMap<String, Value>, examples(json!({ "granted": ["account_settings"] })))]
    details: Value,
    /// SHA-256 in hexadecimal of the 32 bytes of the previous event's hash (zeros for the first event), followed by
    /// this event without `hash` as JSON in the order of RFC 8785. Null if the stored value cannot be a hash.
    #[schema(required = true, examples("24b291bd36654eef72013b06acac2b389168ed95ffda9c7ba9ea503d2b155480"))]
    hash: Option<String>,
}

/// Who acted.
#[derive(Serialize, ToSchema)]
pub struct AuditActor {
    /// `user`, `api_key`, `operator` (anybody with access to the machine), `system` (the service itself) or
    /// `anonymous`.
    #[schema(examples("user"))]
    kind: String,
    /// The account of the actor. For a platform administrator, it may differ from the account of the event.
    #[schema(required = true, examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: Option<Uuid>,
    /// Id of the user or API key. It remains after they are deleted.
    #[schema(required = true, examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    id: Option<Uuid>,
    /// Name at that time. It remains after they are deleted.
    #[schema(required = true, examples("ann"))]
    name: Option<String>,
}

/// The target of an action.
#[derive(Serialize, ToSchema)]
pub struct AuditTarget {
    /// `account`, `user`, `role`, `permission`, `two_factor_policy`, `password_policy`, `user_import`, `api_key` or
    /// `bulk_job`. More values may be added.
    #[schema(examples("user"))]
    kind: String,
    /// Id of the target; for a two-factor policy, the id of the account. It remains after the target is deleted.
    #[schema(required = true, examples("01997f60-2b71-7d15-a9b8-0a6f4c1de2b3"))]
    id: Option<Uuid>,
    /// Name at that time. It remains after the target is deleted.
    #[schema(required = true, examples("bob"))]
    name: Option<String>,
}

/// Where a request came from.
// For the document only: the service returns it as it was recorded.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the fields are read by the derive that documents them")]
pub struct AuditSource {
    /// IP address of the client.
    #[schema(examples("192.0.2.17"))]
    address: String,
    /// User agent of the client.
    #[schema(required = true, examples("curl/8.14.1"))]
    user_agent: Option<String>,
    /// `X-Request-Id` of the request.
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
fn in_microseconds<S: Serializer>(time: &Time, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
}

/// A page of events.
#[derive(Serialize, ToSchema)]
pub struct AuditEventPage {
    /// The events, newest first.
    items: Vec<AuditEvent>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MTc"))]
    next_cursor: Option<String>,
}

type ListArgs = Then<Guarded<AuditRead>, Query<ListAuditEvents>>;

problems!(ListProblems = ListArgs);

/// List the audit events of an account
///
/// Every change to the account and what is in it, and every attempt to sign in, newest first. Each event is written
/// together with the change that it records: neither exists without the other. Events about deleted users remain, with
/// the user's id, the username at that time, what was done and from where.
#[utoipa::path(
    tag = "audit-events",
    params(AccountPath, ListAuditEvents),
    responses((status = 200, description = "A page of events.", body = AuditEventPage, headers(("Link"))), ListProblems),
)]
#[get("/v1/accounts/{account_id}/audit-events")]
pub async fn list_audit_events(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(asked)): ListArgs,
) -> Result<HttpResponse> {
    let refuse = || Problem::malformed(format!("The query parameter `cursor` {}.", Cursor::EXPECTED));
    let before = asked.cursor.as_ref().map(|cursor| cursor.key().ok_or_else(refuse)).transpose()?;
    let page = app.service.list_audit_events(&by, asked.filters(), before, asked.limit.get().into()).await?;
    Ok(paged(&http, page, |items, next_cursor| AuditEventPage {
        items: items.into_iter().map(AuditEvent::from).collect(),
        next_cursor,
    }))
}

const NDJSON: &str = "application/x-ndjson";

type ExportArgs = Then<Guarded<AuditRead>, Query<ExportAuditEvents>>;

problems!(ExportProblems = ExportArgs);

/// Export the audit events of an account
///
/// All events that match the filters when the export begins, oldest first, one JSON object per line. Without filters,
/// this is the whole chain, which anybody can verify without this service: see `hash`. If the export fails midway, the
/// HTTP body breaks off, which HTTP clients report as an error.
#[utoipa::path(
    tag = "audit-events",
    params(AccountPath, ExportAuditEvents),
    responses(
        (status = 200, description = "The events, one per line.", body = inline(Download),
            content_type = "application/x-ndjson"),
        ExportProblems,
    ),
)]
#[get("/v1/accounts/{account_id}/audit-events/export")]
pub async fn export_audit_events(app: Data<App>, Then(by, Query(asked)): ExportArgs) -> Result<HttpResponse> {
    let export = app.service.export_audit_events(&by, asked.filters()).await?;
    // One piece at a time, and the next one only when the client has taken this one.
    let pieces = stream::try_unfold(export, next_piece);
    Ok(HttpResponse::Ok().content_type(NDJSON).streaming(pieces))
}

async fn next_piece(mut export: AuditExport) -> Result<Option<(Bytes, AuditExport)>> {
    let entries = export.next().await.map_err(|error| {
        tracing::warn!(%error, "an audit event export was cut off");
        Problem::from(error)
    })?;
    if entries.is_empty() {
        return Ok(None);
    }
    Ok(Some((lines(entries)?.into(), export)))
}

fn lines(entries: Vec<AuditEntry>) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, &AuditEvent::from(entry)).map_err(|why| {
            tracing::error!(%why, "an audit event cannot be written as JSON");
            Problem::internal()
        })?;
        lines.push(b'\n');
    }
    Ok(lines)
}
