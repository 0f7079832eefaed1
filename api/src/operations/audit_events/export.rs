//! `GET /v1/accounts/{account_id}/audit-events/export`

use actix_web::{
    HttpResponse, get,
    web::{Bytes, Data},
};
use futures_util::stream;
use service::{AuditEntry, AuditExport};

use super::{query::ExportAuditEvents, view::AuditEvent};
use crate::{
    app::App,
    extract::{AuditRead, Guarded, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, Download},
    problem::{Problem, Result},
};

const NDJSON: &str = "application/x-ndjson";

type Args = Then<Guarded<AuditRead>, Query<ExportAuditEvents>>;

problems!(Problems = Args);

/// Export the audit events of an account
///
/// All events that match the filters when the export begins, oldest first, one JSON object per line. Without filters,
/// this is the whole chain, which anybody can verify without this service: see `hash`. An export that fails midway is
/// cut off: the HTTP body does not end properly.
#[utoipa::path(
    tag = "audit-events",
    params(AccountPath, ExportAuditEvents),
    responses(
        (status = 200, description = "The events, one per line.", body = inline(Download),
            content_type = "application/x-ndjson"),
        Problems,
    ),
)]
#[get("/v1/accounts/{account_id}/audit-events/export")]
pub async fn export_audit_events(app: Data<App>, Then(by, Query(asked)): Args) -> Result<HttpResponse> {
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
