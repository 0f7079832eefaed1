//! `PUT /v1/accounts/{account_id}/password-policies/{policy_id}/assignments`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;

use super::assignments::{PasswordPolicyAssignments, PasswordPolicyAssignmentsDraft};
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PasswordManagement, PathId, Then},
    operations::views::{IfMatchHeader, PasswordPolicyPath},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
};

/// KiB of a body: 10,000 ids take about 400.
const BODY_KIB: usize = 512;

problems!(Problems = GUARDED, BODY, &[Code::Conflict, Code::PreconditionFailed, Code::ReauthenticationRequired]);

type Guard = Guarded<PasswordManagement, Fresh>;
type Rest = (PathId<entity::PasswordPolicy>, IfMatch, Body<PasswordPolicyAssignmentsDraft, BODY_KIB>);

/// Replace to whom a password policy is assigned
///
/// The policy applies to these users, to whoever has one of these roles and to the holders of these permissions, from the
/// next step of every login on. What is assigned to a user goes before what comes by roles, and that before what comes by
/// permissions; where none reaches a user the default applies. The `ETag` is that of the policy. Needs
/// `password_management` and a recent proof of who you are.
#[utoipa::path(
    tag = "password-policies",
    security(("accessToken" = [])),
    params(PasswordPolicyPath, IfMatchHeader),
    request_body(content = PasswordPolicyAssignmentsDraft, example = json!({ "permissions": ["user_permissions"], "priority": 100 })),
    responses((status = 200, description = "The assignments as they are now.", body = PasswordPolicyAssignments, headers(("ETag"))), Problems),
)]
#[put("/v1/accounts/{account_id}/password-policies/{policy_id}/assignments")]
pub async fn replace_password_policy_assignments(
    app: Data<App>,
    Then(by, (PathId(policy), if_match, Body(request))): Then<Guard, Rest>,
) -> Result<HttpResponse> {
    let (seen, draft) = (if_match.version()?, request.into());
    let now = app.service.replace_password_policy_assignments(&by.actor, by.account_id, policy, &draft, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(now.version)).json(PasswordPolicyAssignments::from(now)))
}
