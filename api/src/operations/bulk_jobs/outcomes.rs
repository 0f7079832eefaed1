//! `GET /v1/accounts/{account_id}/bulk-jobs/{job_id}/outcomes`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use kernel::{UserId, entity};
use serde::{Deserialize, Serialize};
use service::{BulkOutcomeFilter, BulkOutcomeView};
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Cursor, Guarded, Limit, PathId, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::{BulkJobPath, paged},
    problem::{Problem, Result},
};

/// Which users of a job, and which page of them.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListOutcomes {
    /// Maximum number of items per page.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the previous page. Omit it to get the first page.
    #[param(value_type = String, required = false, nullable = false)]
    cursor: Option<Cursor>,
    /// Only users with this outcome.
    #[param(inline, required = false, nullable = false)]
    outcome: Option<OutcomeFilter>,
}

/// Outcome for a user.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeFilter {
    /// The action succeeded.
    Succeeded,
    /// There was nothing to do.
    Unchanged,
    /// The action failed.
    Failed,
    /// The user has not been processed yet.
    Waiting,
    /// The job was cancelled or failed before it processed the user.
    Skipped,
}

impl From<OutcomeFilter> for BulkOutcomeFilter {
    fn from(filter: OutcomeFilter) -> Self {
        match filter {
            OutcomeFilter::Succeeded => Self::Succeeded,
            OutcomeFilter::Unchanged => Self::Unchanged,
            OutcomeFilter::Failed => Self::Failed,
            OutcomeFilter::Waiting => Self::Waiting,
            OutcomeFilter::Skipped => Self::Skipped,
        }
    }
}

impl ListOutcomes {
    /// Only users with this outcome.
    pub fn outcome(&self) -> Option<BulkOutcomeFilter> {
        self.outcome.map(Into::into)
    }

    /// The user whom the page comes after.
    pub fn after(&self) -> Result<Option<UserId>> {
        let refuse = || Problem::malformed(format!("The query parameter `cursor` {}.", Cursor::EXPECTED));
        self.cursor.as_ref().map(|cursor| cursor.key().ok_or_else(refuse)).transpose()
    }

    /// Maximum number of items per page.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }
}

/// A page of the outcomes of a job.
#[derive(Serialize, ToSchema)]
pub struct BulkJobOutcomePage {
    /// The outcomes, ordered by user id.
    items: Vec<BulkOutcomeView>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
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
    Ok(paged(&http, page, |items, next_cursor| BulkJobOutcomePage { items, next_cursor }))
}
