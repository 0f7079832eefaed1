//! Who is assigned a policy: `/v1/accounts/{account_id}/password-policies/{policy_id}/assignments`

use actix_web::{HttpResponse, get, put, web::Data};
use kernel::entity;
use service::{AssignmentsDraft, AssignmentsView};

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PasswordManagement, PathId, Then},
    openapi::problems,
    operations::views::{IfMatchHeader, PasswordPolicyPath},
    problem::{Code, Result},
};

type GetArgs = Then<Guarded<PasswordManagement>, PathId<entity::PasswordPolicy>>;

problems!(GetProblems = GetArgs);

/// Get the assignments of a password policy
///
/// To see which policy applies to a user, use `GET …/users/{user_id}`.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath),
    responses((status = 200, description = "The assignments.", body = AssignmentsView, headers(("ETag"))), GetProblems),
)]
#[get("/v1/accounts/{account_id}/password-policies/{policy_id}/assignments")]
pub async fn get_password_policy_assignments(
    app: Data<App>,
    Then(by, PathId(policy)): GetArgs,
) -> Result<HttpResponse> {
    let found = app.service.read_password_policy_assignments(&by, policy).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(found.version)).json(found.value))
}

/// KiB of a body: 10,000 ids take about 400.
const BODY_KIB: usize = 512;

type ReplaceArgs = Then<
    Guarded<PasswordManagement, Fresh>,
    (PathId<entity::PasswordPolicy>, IfMatch, Body<AssignmentsDraft, BODY_KIB>),
>;

problems!(ReplaceProblems = ReplaceArgs, &[Code::Conflict]);

/// Replace the assignments of a password policy
///
/// The policy applies to these users, to all users who have one of these roles, and to all users who hold one of these
/// permissions, from the next step of every login. An assignment to the user wins over one to a role, and an assignment
/// to a role wins over one to a permission. If no assignment reaches a user, the default policy applies. The `ETag` is
/// that of the policy.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath, IfMatchHeader),
    request_body(content = AssignmentsDraft, example = json!({ "permissions": ["user_permissions"], "priority": 100 })),
    responses((status = 200, description = "The updated assignments.", body = AssignmentsView, headers(("ETag"))), ReplaceProblems),
)]
#[put("/v1/accounts/{account_id}/password-policies/{policy_id}/assignments")]
pub async fn replace_password_policy_assignments(
    app: Data<App>,
    Then(by, (PathId(policy), if_match, Body(request))): ReplaceArgs,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let now = app.service.replace_password_policy_assignments(&by, policy, &request, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(now.version)).json(now.value))
}
