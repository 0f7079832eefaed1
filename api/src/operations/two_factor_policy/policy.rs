//! The policy of an account: `/v1/accounts/{account_id}/two-factor-policy`

use actix_web::{HttpRequest, HttpResponse, get, put, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use service::{PolicyView, TwoFactorPolicyDraft};
use utoipa::ToSchema;
use uuid::Uuid;

use super::BODY_KIB;
use crate::{
    app::App,
    extract::{AccountSettings, Body, ETag, Fresh, Guarded, IfMatch, Paging, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, IfMatchHeader, paged},
    problem::{Code, Result},
};

/// Which users of an account need a second factor to sign in.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorPolicy {
    /// Which users need a second factor: `disabled` (no user), `all_users`, `selected_users` (only the listed users) or
    /// `all_users_except` (all users except the listed ones). A user whose device was imported is asked for a code in
    /// every mode. More values may be added.
    #[schema(
        value_type = String,
        examples("selected_users"),
        extensions(("x-extensible-enum" = json!(["disabled", "all_users", "selected_users", "all_users_except"])))
    )]
    mode: &'static str,
    /// The ids of the listed users. Empty in the two modes without a list. Absent if there are more than 1,000: page
    /// through `…/two-factor-policy/users` instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Option<Vec<Uuid>>,
    /// The number of listed users.
    #[schema(examples(1))]
    user_count: u64,
    /// When the policy was last changed.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    updated_at: DateTime<Utc>,
}

impl From<PolicyView> for TwoFactorPolicy {
    fn from(policy: PolicyView) -> Self {
        let whole = |ids: Vec<kernel::UserId>| ids.into_iter().map(kernel::UserId::as_uuid).collect();
        Self {
            mode: policy.mode.as_str(),
            user_ids: if policy.mode.has_list() { policy.user_ids.map(whole) } else { Some(Vec::new()) },
            user_count: policy.user_count.unwrap_or_default(),
            updated_at: policy.updated_at,
        }
    }
}

type GetArgs = Guarded<AccountSettings>;

problems!(GetProblems = GetArgs);

/// Get an account's two-factor policy
#[utoipa::path(
    tag = "two-factor-policy",
    params(AccountPath),
    responses((status = 200, description = "The policy.", body = TwoFactorPolicy, headers(("ETag"))), GetProblems),
)]
#[get("/v1/accounts/{account_id}/two-factor-policy")]
pub async fn get_two_factor_policy(app: Data<App>, by: GetArgs) -> Result<HttpResponse> {
    let policy = app.service.read_two_factor_policy(&by).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(TwoFactorPolicy::from(policy)))
}

type ReplaceArgs = Then<Guarded<AccountSettings, Fresh>, (IfMatch, Body<TwoFactorPolicyDraft, BODY_KIB>)>;

problems!(ReplaceProblems = ReplaceArgs, &[Code::Conflict]);

/// Replace an account's two-factor policy
///
/// Applies from the next step of every login, including logins in progress. Users who need a second factor and have no
/// device enroll one at their next sign-in. Users who no longer need one keep their device, which is then asleep. (A
/// device that was imported with its user is always required.) Preview the change first. The body may have up to 4 MiB,
/// enough for 100,000 ids. The policy of the platform's own account is always `all_users`: any other is rejected as a
/// conflict.
#[utoipa::path(
    tag = "two-factor-policy",
    params(AccountPath, IfMatchHeader),
    request_body(content = TwoFactorPolicyDraft, example = json!({ "mode": "all_users" })),
    responses((status = 200, description = "The updated policy.", body = TwoFactorPolicy, headers(("ETag"))), ReplaceProblems),
)]
#[put("/v1/accounts/{account_id}/two-factor-policy")]
pub async fn replace_two_factor_policy(
    app: Data<App>,
    Then(by, (if_match, Body(request))): ReplaceArgs,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let policy = app.service.replace_two_factor_policy(&by, &request, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(TwoFactorPolicy::from(policy)))
}

/// A page of the users listed in a two-factor policy.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorPolicyUserPage {
    /// The ids of the listed users, in ascending order.
    #[schema(examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    items: Vec<Uuid>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

type ListUsersArgs = Then<Guarded<AccountSettings>, Query<Paging>>;

problems!(ListUsersProblems = ListUsersArgs);

/// List the users in a two-factor policy
///
/// Returns the listed users page by page, for lists that are too long for the policy itself. Empty in the modes without
/// a list.
#[utoipa::path(
    tag = "two-factor-policy",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of user ids.", body = TwoFactorPolicyUserPage, headers(("Link"))), ListUsersProblems),
)]
#[get("/v1/accounts/{account_id}/two-factor-policy/users")]
pub async fn list_two_factor_policy_users(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(paging)): ListUsersArgs,
) -> Result<HttpResponse> {
    let page = app.service.list_two_factor_policy_users(&by, paging.after()?, paging.limit()).await?;
    Ok(paged(&http, page, |items, next_cursor| TwoFactorPolicyUserPage {
        items: items.into_iter().map(kernel::UserId::as_uuid).collect(),
        next_cursor,
    }))
}
