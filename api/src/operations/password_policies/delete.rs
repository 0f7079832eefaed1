//! `DELETE /v1/accounts/{account_id}/password-policies/{policy_id}`

use actix_web::{HttpResponse, delete, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, IfMatch, PasswordManagement, PathId, Then},
    openapi::problems,
    operations::views::{IfMatchHeader, PasswordPolicyPath},
    problem::{Code, Result},
};

type Args = Then<Guarded<PasswordManagement, Fresh>, (PathId<entity::PasswordPolicy>, IfMatch)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Delete a password policy
///
/// Users to whom the policy applied get the next policy that reaches them, or the default. The default itself cannot be
/// deleted.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath, IfMatchHeader),
    responses((status = 204, description = "The policy was deleted."), Problems),
)]
#[delete("/v1/accounts/{account_id}/password-policies/{policy_id}")]
pub async fn delete_password_policy(
    app: Data<App>,
    Then(by, (PathId(policy), if_match)): Args,
) -> Result<HttpResponse> {
    app.service.delete_password_policy(&by, policy, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
