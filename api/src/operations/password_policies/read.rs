//! `GET /v1/accounts/{account_id}/password-policies/{policy_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::view::PasswordPolicy;
use crate::{
    app::App,
    extract::{ETag, Guarded, PasswordManagement, PathId, Then},
    openapi::problems,
    operations::views::PasswordPolicyPath,
    problem::Result,
};

type Args = Then<Guarded<PasswordManagement>, PathId<entity::PasswordPolicy>>;

problems!(Problems = Args);

/// Get a password policy
///
/// Returns the policy and how it conforms to NIST SP 800-63B-4 and OWASP ASVS 5.0.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath),
    responses((status = 200, description = "The policy.", body = PasswordPolicy, headers(("ETag"))), Problems),
)]
#[get("/v1/accounts/{account_id}/password-policies/{policy_id}")]
pub async fn get_password_policy(app: Data<App>, Then(by, PathId(policy)): Args) -> Result<HttpResponse> {
    let policy = app.service.read_password_policy(&by, policy).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(PasswordPolicy::from(policy)))
}
