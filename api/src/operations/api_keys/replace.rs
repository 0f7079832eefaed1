//! `PUT /v1/accounts/{account_id}/api-keys/{key_id}`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;

use super::{draft::ApiKeyDraft, view::ApiKey};
use crate::{
    app::App,
    extract::{ApiKeys, Body, ETag, Fresh, Guarded, IfMatch, PathId, Then},
    openapi::problems,
    operations::views::{ApiKeyPath, IfMatchHeader},
    problem::{Code, Result},
};

type Args = Then<Guarded<ApiKeys, Fresh>, (PathId<entity::ApiKey>, IfMatch, Body<ApiKeyDraft>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Replace an API key
///
/// Replaces name, description, permissions, networks and expiry. The secret and the user responsible for it stay the
/// same. The change takes effect with the key's next request. You can change only a key whose permissions you could all
/// grant. A key cannot change itself. With an API key, you can extend another key (more permissions, other networks, a
/// later expiry) only if the result calls from no other networks and expires no later than your key, and than the key
/// that created your secret (otherwise 409).
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyPath, IfMatchHeader),
    request_body(content = ApiKeyDraft, example = json!({
        "name": "Nightly import",
        "description": "Runs on the HR server and imports new colleagues.",
        "permissions": ["user_permissions"],
        "networks": ["203.0.113.0/24"],
    })),
    responses((status = 200, description = "The updated key.", body = ApiKey), Problems),
)]
#[put("/v1/accounts/{account_id}/api-keys/{key_id}")]
pub async fn replace_api_key(
    app: Data<App>,
    Then(by, (PathId(key_id), if_match, Body(request))): Args,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let key = app.service.replace_api_key(&by, key_id, &request.into(), seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(key.version)).json(ApiKey::from(key)))
}
