//! Password policies of an account: `/v1/accounts/{account_id}/password-policies`

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header::LOCATION, post, put, web::Data};
use kernel::entity;
use serde::Serialize;
use service::{PasswordPolicyDraft, PasswordPolicyView};
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IdempotencyKey, IfMatch, Paging, PasswordManagement, PathId, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, IdempotencyKeyHeader, IfMatchHeader, PasswordPolicyPath, paged},
    problem::{Code, Result},
};

/// A page of password policies.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyPage {
    /// The policies, oldest first.
    items: Vec<PasswordPolicyView>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

type ListArgs = Then<Guarded<PasswordManagement>, Query<Paging>>;

problems!(ListProblems = ListArgs);

/// List an account's password policies
///
/// Oldest first. Exactly one policy is the default.
#[utoipa::path(
    tag = "password-policies",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of policies.", body = PasswordPolicyPage, headers(("Link"))), ListProblems),
)]
#[get("/v1/accounts/{account_id}/password-policies")]
pub async fn list_password_policies(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(paging)): ListArgs,
) -> Result<HttpResponse> {
    let page = app.service.list_password_policies(&by, paging.after()?, paging.limit()).await?;
    Ok(paged(&http, page, |items, next_cursor| PasswordPolicyPage { items, next_cursor }))
}

type CreateArgs = Then<Guarded<PasswordManagement, Fresh>, (IdempotencyKey, Body<PasswordPolicyDraft>)>;

problems!(CreateProblems = CreateArgs, &[Code::Conflict]);

/// Create a password policy
///
/// The policy applies to nobody until it is assigned or made the default.
#[utoipa::path(
    tag = "password-policies",
    params(AccountPath, IdempotencyKeyHeader),
    request_body(content = PasswordPolicyDraft, example = json!({
        "name": "Staff",
        "strength": "advanced",
        "expires_after_days": 90,
        "remember_last": 5,
        "forbidden_words": ["Rocket Skates"],
    })),
    responses(
        (status = 201, description = "The policy was created.", body = PasswordPolicyView,
            headers(("Location"), ("ETag"))),
        CreateProblems,
    ),
)]
#[post("/v1/accounts/{account_id}/password-policies")]
pub async fn create_password_policy(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): CreateArgs,
) -> Result<HttpResponse> {
    let key = key.bound_to(&http);
    let policy = app.service.create_password_policy(&by, request, key).await?;
    let location = format!("/v1/accounts/{}/password-policies/{}", by.account_id(), policy.value.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(ETag(policy.version))
        .json(policy.value))
}

type GetArgs = Then<Guarded<PasswordManagement>, PathId<entity::PasswordPolicy>>;

problems!(GetProblems = GetArgs);

/// Get a password policy
///
/// Returns the policy and how it conforms to NIST SP 800-63B-4 and OWASP ASVS 5.0.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath),
    responses((status = 200, description = "The policy.", body = PasswordPolicyView, headers(("ETag"))), GetProblems),
)]
#[get("/v1/accounts/{account_id}/password-policies/{policy_id}")]
pub async fn get_password_policy(app: Data<App>, Then(by, PathId(policy)): GetArgs) -> Result<HttpResponse> {
    let policy = app.service.read_password_policy(&by, policy).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(policy.value))
}

type ReplaceArgs =
    Then<Guarded<PasswordManagement, Fresh>, (PathId<entity::PasswordPolicy>, IfMatch, Body<PasswordPolicyDraft>)>;

problems!(ReplaceProblems = ReplaceArgs, &[Code::Conflict]);

/// Replace a password policy
///
/// Applies from the next step of every login, including logins in progress. If the new policy has `at_next_login`, a
/// login in progress whose password was checked against other rules must start again: its next step returns 401
/// `challenge_invalid`. If it is already certain that the user must choose a new password, the login continues instead.
/// Preview the change first to see how many passwords would expire immediately.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath, IfMatchHeader),
    request_body(content = PasswordPolicyDraft, example = json!({
        "name": "Staff",
        "strength": "advanced",
        "expires_after_days": 90,
        "spread_expiry_over_days": 14,
        "remember_last": 5,
        "forbidden_words": ["Rocket Skates"],
    })),
    responses((status = 200, description = "The updated policy.", body = PasswordPolicyView, headers(("ETag"))), ReplaceProblems),
)]
#[put("/v1/accounts/{account_id}/password-policies/{policy_id}")]
pub async fn replace_password_policy(
    app: Data<App>,
    Then(by, (PathId(policy), if_match, Body(request))): ReplaceArgs,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let policy = app.service.replace_password_policy(&by, policy, request, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(policy.value))
}

type DeleteArgs = Then<Guarded<PasswordManagement, Fresh>, (PathId<entity::PasswordPolicy>, IfMatch)>;

problems!(DeleteProblems = DeleteArgs, &[Code::Conflict]);

/// Delete a password policy
///
/// Users to whom the policy applied get the next policy that reaches them, or the default. The default itself cannot be
/// deleted.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath, IfMatchHeader),
    responses((status = 204, description = "The policy was deleted."), DeleteProblems),
)]
#[delete("/v1/accounts/{account_id}/password-policies/{policy_id}")]
pub async fn delete_password_policy(
    app: Data<App>,
    Then(by, (PathId(policy), if_match)): DeleteArgs,
) -> Result<HttpResponse> {
    app.service.delete_password_policy(&by, policy, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
