//! `DELETE /v1/accounts/{account_id}/password-policies/{policy_id}`

use actix_web::{HttpResponse, delete, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, IfMatch, PasswordManagement, PathId, Then},
    operations::views::{IfMatchHeader, PasswordPolicyPath},
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

problems!(
    Problems = GUARDED,
    &[Code::MalformedRequest, Code::Conflict, Code::PreconditionFailed, Code::ReauthenticationRequired]
);

/// Delete a password policy
///
/// To whom it applied, the next one that reaches them applies, or the default. The default itself cannot be deleted. Needs
/// `password_management` and a recent proof of who you are.
#[utoipa::path(
    tag = "password-policies",
    security(("accessToken" = [])),
    params(PasswordPolicyPath, IfMatchHeader),
    responses((status = 204, description = "The policy is deleted."), Problems),
)]
#[delete("/v1/accounts/{account_id}/password-policies/{policy_id}")]
pub async fn delete_password_policy(
    app: Data<App>,
    Then(by, (PathId(policy), if_match)): Then<
        Guarded<PasswordManagement, Fresh>,
        (PathId<entity::PasswordPolicy>, IfMatch),
    >,
) -> Result<HttpResponse> {
    app.service.delete_password_policy(&by.actor, by.account_id, policy, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
