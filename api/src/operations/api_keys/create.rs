//! `POST /v1/accounts/{account_id}/api-keys`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};

use super::{draft::ApiKeyDraft, view::IssuedApiKey};
use crate::{
    app::App,
    extract::{ApiKeys, Body, ETag, Fresh, Guarded, IdempotencyKey, Then},
    operations::views::{AccountPath, IdempotencyKeyHeader},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
};

problems!(Problems = GUARDED, BODY, &[Code::Conflict, Code::IdempotencyKeyReused, Code::ReauthenticationRequired]);

type Guard = Guarded<ApiKeys, Fresh>;

/// Create an API key
///
/// The reply carries the secret, once. You answer for it: at every moment the key holds no more than you could grant then, and
/// it stops to work when you are disabled or deleted, until somebody rotates it. What a program creates with its own key works
/// no longer, holds no more, and is used from nowhere else than that key; so a program whose key has networks or an end names
/// networks within those and an end that is no later (otherwise 409). A program whose own secret has been replaced since is
/// told this one again, for the same `Idempotency-Key`, for two minutes after the creation; then it gets 409. An account has at
/// most 1,000 keys. Needs `api_keys`, all that the key is given, and a recent proof of who you are.
#[utoipa::path(
    tag = "api-keys",
    security(("accessToken" = [])),
    params(AccountPath, IdempotencyKeyHeader),
    request_body(content = ApiKeyDraft, example = json!({
        "name": "Nightly import",
        "description": "Runs on the HR server and imports new colleagues.",
        "permissions": ["user_permissions"],
        "networks": ["203.0.113.0/24", "2001:db8::7"],
    })),
    responses(
        (status = 201, description = "The key is created.", body = IssuedApiKey, headers(("Location"), ("ETag"))),
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/api-keys")]
pub async fn create_api_key(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Then<Guard, (IdempotencyKey, Body<ApiKeyDraft>)>,
) -> Result<HttpResponse> {
    let issued = app.service.create_api_key(&by.actor, by.account_id, &request.into(), key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/api-keys/{}", by.account_id, issued.key.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(ETag(issued.key.version))
        .json(IssuedApiKey::from(issued)))
}
