//! `PUT /v1/accounts/{account_id}/api-keys/{key_id}`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;

use super::{draft::ApiKeyDraft, view::ApiKey};
use crate::{
    app::App,
    extract::{ApiKeys, Body, ETag, Fresh, Guarded, IfMatch, PathId, Then},
    operations::views::{ApiKeyPath, IfMatchHeader},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
};

problems!(Problems = GUARDED, BODY, &[Code::Conflict, Code::PreconditionFailed, Code::ReauthenticationRequired]);

type Guard = Guarded<ApiKeys, Fresh>;
type Rest = (PathId<entity::ApiKey>, IfMatch, Body<ApiKeyDraft>);

/// Replace an API key
///
/// Name, description, permissions, networks and end; the secret stays, and whoever answers for it. Counts from the key's next
/// request on. You can change only a key that was given nothing that you could not grant. A key does not change itself, and a
/// program lets another key do more only where that one then calls from no other networks and ends no later than the program's
/// own, and than the key that made that one (otherwise 409). Needs `api_keys` and a recent proof of who you are.
#[utoipa::path(
    tag = "api-keys",
    security(("accessToken" = [])),
    params(ApiKeyPath, IfMatchHeader),
    request_body(content = ApiKeyDraft, example = json!({
        "name": "Nightly import",
        "description": "Runs on the HR server and imports new colleagues.",
        "permissions": ["user_permissions"],
        "networks": ["203.0.113.0/24"],
    })),
    responses((status = 200, description = "The key as it is now.", body = ApiKey), Problems),
)]
#[put("/v1/accounts/{account_id}/api-keys/{key_id}")]
pub async fn replace_api_key(
    app: Data<App>,
    Then(by, (PathId(key_id), if_match, Body(request))): Then<Guard, Rest>,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let key = app.service.replace_api_key(&by.actor, by.account_id, key_id, &request.into(), seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(key.version)).json(ApiKey::from(key)))
}
