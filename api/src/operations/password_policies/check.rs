//! `POST /v1/accounts/{account_id}/password-policies/{policy_id}/check`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, Guarded, PasswordManagement, PathId, Then},
    openapi::problems,
    operations::views::{PasswordCheck, PasswordPolicyPath},
    problem::{Code, Result},
};

/// A password to check.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CheckPassword {
    /// The password to check. It is neither stored nor logged.
    #[schema(value_type = String, format = Password, examples("a longer horse battery staple"))]
    password: SecretString,
    /// The username of the user who would use the password. A password must not contain it.
    #[schema(nullable = false, max_length = 128, examples("ann"))]
    #[validate(length(max = 128))]
    username: Option<String>,
}

type Args = Then<Guarded<PasswordManagement>, (PathId<entity::PasswordPolicy>, Body<CheckPassword>)>;

problems!(Problems = Args, &[Code::TooManyRequests]);

/// Check a password against a policy
///
/// For live feedback while somebody types. Returns the rules that the password breaks, and how hard it is to guess.
/// Nothing is stored. Does not check whether a user has used the password before.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath),
    request_body(content = CheckPassword, example = json!({ "password": "a longer horse battery staple", "username": "ann" })),
    responses((status = 200, description = "The result of the check.", body = PasswordCheck), Problems),
)]
#[post("/v1/accounts/{account_id}/password-policies/{policy_id}/check")]
pub async fn check_password(app: Data<App>, Then(by, (PathId(policy), Body(request))): Args) -> Result<HttpResponse> {
    let CheckPassword { password, username } = request;
    let checked = app.service.check_password(&by, policy, password, username).await?;
    Ok(HttpResponse::Ok().json(PasswordCheck::from(checked)))
}
