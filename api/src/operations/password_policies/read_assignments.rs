//! `GET /v1/accounts/{account_id}/password-policies/{policy_id}/assignments`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::assignments::PasswordPolicyAssignments;
use crate::{
    app::App,
    extract::{ETag, Guarded, PasswordManagement, PathId, Then},
    openapi::problems,
    operations::views::PasswordPolicyPath,
    problem::Result,
};

type Args = Then<Guarded<PasswordManagement>, PathId<entity::PasswordPolicy>>;

problems!(Problems = Args);

/// Get the assignments of a password policy
///
/// To see which policy applies to a user, use `GET …/users/{user_id}`.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath),
    responses((status = 200, description = "The assignments.", body = PasswordPolicyAssignments, headers(("ETag"))), Problems),
)]
#[get("/v1/accounts/{account_id}/password-policies/{policy_id}/assignments")]
pub async fn get_password_policy_assignments(app: Data<App>, Then(by, PathId(policy)): Args) -> Result<HttpResponse> {
    let found = app.service.read_password_policy_assignments(&by, policy).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(found.version)).json(PasswordPolicyAssignments::from(found)))
}
