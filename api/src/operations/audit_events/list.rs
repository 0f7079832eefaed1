//! `GET /v1/accounts/{account_id}/audit-events`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{query::ListAuditEvents, view::AuditEvent};
use crate::{
    app::App,
    extract::{AuditRead, Cursor, Guarded, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, paged},
    problem::{Problem, Result},
};

/// A page of events.
#[derive(Serialize, ToSchema)]
pub struct AuditEventPage {
    /// The events, newest first.
    items: Vec<AuditEvent>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MTc"))]
    next_cursor: Option<String>,
}

type Args = Then<Guarded<AuditRead>, Query<ListAuditEvents>>;

problems!(Problems = Args);

/// List the audit events of an account
///
/// Every change to the account and what is in it, and every attempt to sign in, newest first. Each event is written
/// together with the change that it records: neither exists without the other. Events about deleted users remain, with
/// the user's id, the username at that time, what was done and from where.
#[utoipa::path(
    tag = "audit-events",
    params(AccountPath, ListAuditEvents),
    responses((status = 200, description = "A page of events.", body = AuditEventPage, headers(("Link"))), Problems),
)]
#[get("/v1/accounts/{account_id}/audit-events")]
pub async fn list_audit_events(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(asked)): Args,
) -> Result<HttpResponse> {
    let refuse = || Problem::malformed(format!("The query parameter `cursor` {}.", Cursor::EXPECTED));
    let before = asked.cursor.as_ref().map(|cursor| cursor.key().ok_or_else(refuse)).transpose()?;
    let page = app.service.list_audit_events(&by, asked.filters(), before, asked.limit.get().into()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(AuditEvent::from).collect();
    let body = AuditEventPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
