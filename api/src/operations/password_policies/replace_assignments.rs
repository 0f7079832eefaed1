//! `PUT /v1/accounts/{account_id}/password-policies/{policy_id}/assignments`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;

use super::assignments::{PasswordPolicyAssignments, PasswordPolicyAssignmentsDraft};
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PasswordManagement, PathId, Then},
    openapi::problems,
    operations::views::{IfMatchHeader, PasswordPolicyPath},
    problem::{Code, Result},
};

/// KiB of a body: 10,000 ids take about 400.
const BODY_KIB: usize = 512;

type Args = Then<
    Guarded<PasswordManagement, Fresh>,
    (PathId<entity::PasswordPolicy>, IfMatch, Body<PasswordPolicyAssignmentsDraft, BODY_KIB>),
>;

problems!(Problems = Args, &[Code::Conflict]);

/// Replace the assignments of a password policy
///
/// The policy applies to these users, to all users who have one of these roles, and to all users who hold one of these
/// permissions, from the next step of every login. Assignments to the user come before those to roles, and those before
/// assignments to permissions. If no assignment reaches a user, the default policy applies. The `ETag` is that of the
/// policy.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath, IfMatchHeader),
    request_body(content = PasswordPolicyAssignmentsDraft, example = json!({ "permissions": ["user_permissions"], "priority": 100 })),
    responses((status = 200, description = "The updated assignments.", body = PasswordPolicyAssignments, headers(("ETag"))), Problems),
)]
#[put("/v1/accounts/{account_id}/password-policies/{policy_id}/assignments")]
pub async fn replace_password_policy_assignments(
    app: Data<App>,
    Then(by, (PathId(policy), if_match, Body(request))): Args,
) -> Result<HttpResponse> {
    let (seen, draft) = (if_match.version()?, request.into());
    let now = app.service.replace_password_policy_assignments(&by, policy, &draft, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(now.version)).json(PasswordPolicyAssignments::from(now)))
}
