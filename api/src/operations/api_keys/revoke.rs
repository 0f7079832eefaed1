//! `DELETE /v1/accounts/{account_id}/api-keys/{key_id}`

use actix_web::{HttpResponse, delete, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{ApiKeys, Fresh, Guarded, IfMatch, PathId, Then},
    openapi::problems,
    operations::views::{ApiKeyPath, IfMatchHeader},
    problem::Result,
};

type Args = Then<Guarded<ApiKeys, Fresh>, (PathId<entity::ApiKey>, IfMatch)>;

problems!(Problems = Args);

/// Revoke an API key
///
/// The key is rejected from this moment on. So are the secrets of other keys that were created with it, and activation
/// codes that it handed out. A signed-in user can revoke a key that was given permissions the user lacks, except for
/// `platform_administration`; an API key can do so only for itself.
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyPath, IfMatchHeader),
    responses((status = 204, description = "The key was revoked."), Problems),
)]
#[delete("/v1/accounts/{account_id}/api-keys/{key_id}")]
pub async fn revoke_api_key(app: Data<App>, Then(by, (PathId(key_id), if_match)): Args) -> Result<HttpResponse> {
    app.service.revoke_api_key(&by, key_id, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
