//! `GET /v1/accounts/{account_id}/bulk-jobs/{job_id}/outcomes`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use kernel::entity;
use serde::Serialize;
use service::BulkOutcomeView;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{query::ListOutcomes, view::BulkJobPath};
use crate::{
    app::App,
    extract::{Cursor, Guarded, PathId, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::paged,
    problem::Result,
};

/// A page of the outcomes of a job.
#[derive(Serialize, ToSchema)]
pub struct BulkJobOutcomePage {
    /// The outcomes, ordered by user id.
    items: Vec<BulkJobOutcome>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

/// The outcome for one user.
#[derive(Serialize, ToSchema)]
pub struct BulkJobOutcome {
    /// The user, who may have been deleted.
    #[schema(examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    user_id: Uuid,
    /// The username when the user was processed, or the current one if that has not happened yet; null if the user was
    /// deleted before.
    #[schema(required = true, examples("ann"))]
    username: Option<String>,
    /// `succeeded`, `unchanged`, `failed`, `waiting` or `skipped`. More values may be added.
    #[schema(examples("failed"))]
    outcome: String,
    /// With `failed`, the code for programs: `not_found`, `permission_required`, `conflict`, `platform_only`,
    /// `validation_failed`, `too_many_requests` or `internal_error`. More values may be added.
    #[schema(required = true, examples("conflict"))]
    code: Option<String>,
    /// With `failed`: the reason.
    #[schema(
        required = true,
        examples(
            "nobody would be left in the account who holds user_permissions and can sign in; grant it to another user \
             first"
        )
    )]
    message: Option<String>,
}

impl From<BulkOutcomeView> for BulkJobOutcome {
    fn from(view: BulkOutcomeView) -> Self {
        let BulkOutcomeView { user_id, username, outcome, code, message } = view;
        Self { user_id: user_id.as_uuid(), username, outcome: outcome.to_owned(), code, message }
    }
}

type Args = Then<Guarded<UserPermissions>, (PathId<entity::BulkJob>, Query<ListOutcomes>)>;

problems!(Problems = Args);

/// List the outcomes of a bulk job
///
/// Lists every user that the job covers. Empty until all users have been collected.
#[utoipa::path(
    tag = "bulk-jobs",
    params(BulkJobPath, ListOutcomes),
    responses((status = 200, description = "The outcomes.", body = BulkJobOutcomePage, headers(("Link"))), Problems),
)]
#[get("/v1/accounts/{account_id}/bulk-jobs/{job_id}/outcomes")]
pub async fn list_bulk_job_outcomes(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (PathId(job), Query(asked))): Args,
) -> Result<HttpResponse> {
    let (only, after, limit) = (asked.outcome(), asked.after()?, asked.limit());
    let page = app.service.list_bulk_job_outcomes(&by, job, only, after, limit).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(BulkJobOutcome::from).collect();
    let body = BulkJobOutcomePage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
