//! `GET /v1/accounts/{account_id}/api-keys/{key_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::view::ApiKey;
use crate::{
    app::App,
    extract::{ApiKeys, ETag, Guarded, PathId, Then},
    openapi::problems,
    operations::views::ApiKeyPath,
    problem::Result,
};

type Args = Then<Guarded<ApiKeys>, PathId<entity::ApiKey>>;

problems!(Problems = Args);

/// Get an API key
///
/// The secret is not included.
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyPath),
    responses((status = 200, description = "The key.", body = ApiKey), Problems),
)]
#[get("/v1/accounts/{account_id}/api-keys/{key_id}")]
pub async fn get_api_key(app: Data<App>, Then(by, PathId(key_id)): Args) -> Result<HttpResponse> {
    let key = app.service.read_api_key(&by, key_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(key.version)).json(ApiKey::from(key)))
}
