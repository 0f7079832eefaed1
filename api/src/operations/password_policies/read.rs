//! `GET /v1/accounts/{account_id}/password-policies/{policy_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::view::PasswordPolicy;
use crate::{
    app::App,
    extract::{ETag, Guarded, PasswordManagement, PathId, Then},
    operations::views::PasswordPolicyPath,
    problem::{
        Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED);

/// Get a password policy
///
/// Returns the policy and how it conforms to NIST SP 800-63B-4 and OWASP ASVS 5.0. Requires `password_management`.
#[utoipa::path(
    tag = "password-policies",
    security(("accessToken" = [])),
    params(PasswordPolicyPath),
    responses((status = 200, description = "The policy.", body = PasswordPolicy, headers(("ETag"))), Problems),
)]
#[get("/v1/accounts/{account_id}/password-policies/{policy_id}")]
pub async fn get_password_policy(
    app: Data<App>,
    Then(by, PathId(policy)): Then<Guarded<PasswordManagement>, PathId<entity::PasswordPolicy>>,
) -> Result<HttpResponse> {
    let policy = app.service.read_password_policy(by.account_id, policy).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(PasswordPolicy::from(policy)))
}
