//! `POST /v1/accounts/{account_id}/api-keys`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};

use super::{draft::ApiKeyDraft, view::IssuedApiKey};
use crate::{
    app::App,
    extract::{ApiKeys, Body, ETag, Fresh, Guarded, IdempotencyKey, Then},
    openapi::problems,
    operations::views::{AccountPath, IdempotencyKeyHeader},
    problem::{Code, Result},
};

type Args = Then<Guarded<ApiKeys, Fresh>, (IdempotencyKey, Body<ApiKeyDraft>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Create an API key
///
/// The reply contains the secret, which is shown only once. You are responsible for the key: at any time, it holds only
/// permissions that you could grant at that time, and it stops working when you are disabled or deleted, until somebody
/// rotates it. You must be able to grant every permission of the key. An account has at most 1,000 keys.
///
/// If you call with an API key, the new secret works only as long as your key does, only from its networks, and with no
/// permission that your key lacks. If your key has networks or an expiry, the new key must have networks within those
/// and an expiry that is no later (otherwise 409). If your secret has since been replaced, repeating the request with
/// the same `Idempotency-Key` returns the same reply for 2 minutes after the creation; after that, it fails with 409.
#[utoipa::path(
    tag = "api-keys",
    params(AccountPath, IdempotencyKeyHeader),
    request_body(content = ApiKeyDraft, example = json!({
        "name": "Nightly import",
        "description": "Runs on the HR server and imports new colleagues.",
        "permissions": ["user_permissions"],
        "networks": ["203.0.113.0/24", "2001:db8::7"],
    })),
    responses(
        (status = 201, description = "The key was created.", body = IssuedApiKey, headers(("Location"), ("ETag"))),
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/api-keys")]
pub async fn create_api_key(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Args,
) -> Result<HttpResponse> {
    let issued = app.service.create_api_key(&by, &request.into(), key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/api-keys/{}", by.account_id(), issued.key.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(ETag(issued.key.version))
        .json(IssuedApiKey::from(issued)))
}
