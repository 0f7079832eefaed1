//! `GET /v1/accounts/{account_id}/api-keys/{key_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::view::ApiKey;
use crate::{
    app::App,
    extract::{ApiKeys, ETag, Guarded, PathId, Then},
    operations::views::ApiKeyPath,
    problem::{
        Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED);

/// Get an API key
///
/// The secret is not included. Requires `api_keys`.
#[utoipa::path(
    tag = "api-keys",
    security(("accessToken" = [])),
    params(ApiKeyPath),
    responses((status = 200, description = "The key.", body = ApiKey), Problems),
)]
#[get("/v1/accounts/{account_id}/api-keys/{key_id}")]
pub async fn get_api_key(
    app: Data<App>,
    Then(by, PathId(key_id)): Then<Guarded<ApiKeys>, PathId<entity::ApiKey>>,
) -> Result<HttpResponse> {
    let key = app.service.read_api_key(by.account_id, key_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(key.version)).json(ApiKey::from(key)))
}
