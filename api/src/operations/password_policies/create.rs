//! `POST /v1/accounts/{account_id}/password-policies`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};

use super::{draft::PasswordPolicyDraft, view::PasswordPolicy};
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IdempotencyKey, PasswordManagement, Then},
    openapi::problems,
    operations::views::{AccountPath, IdempotencyKeyHeader},
    problem::{Code, Result},
};

type Args = Then<Guarded<PasswordManagement, Fresh>, (IdempotencyKey, Body<PasswordPolicyDraft>)>;

problems!(Problems = Args, &[Code::Conflict]);

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
        (status = 201, description = "The policy was created.", body = PasswordPolicy,
            headers(("Location"), ("ETag"))),
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/password-policies")]
pub async fn create_password_policy(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Args,
) -> Result<HttpResponse> {
    let key = key.bound_to(&http);
    let policy = app.service.create_password_policy(&by, request.into(), key).await?;
    let location = format!("/v1/accounts/{}/password-policies/{}", by.account_id(), policy.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(ETag(policy.version))
        .json(PasswordPolicy::from(policy)))
}
