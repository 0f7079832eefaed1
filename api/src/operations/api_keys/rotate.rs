//! `POST /v1/accounts/{account_id}/api-keys/{key_id}/rotate`

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use kernel::entity;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::view::IssuedApiKey;
use crate::{
    app::App,
    extract::{ApiKeys, Body, ETag, Fresh, Guarded, IdempotencyKey, IfMatch, PathId, Then},
    openapi::problems,
    operations::views::{ApiKeyPath, IdempotencyKeyHeader, IfMatchHeader},
    problem::{Code, Result},
};

/// A day: enough time to deploy the new secret.
const OVERLAP: u32 = 86_400;

/// How to rotate a key.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RotateApiKey {
    /// How many more seconds older secrets work, up to 7 days. Use 0 for a secret that has leaked: older secrets stop
    /// working at once.
    #[serde(default = "overlap")]
    #[schema(required = false, minimum = 0, maximum = 604_800, default = 86_400, examples(3600))]
    overlap_seconds: u32,
}

const fn overlap() -> u32 {
    OVERLAP
}

type Args = Then<Guarded<ApiKeys, Fresh>, (PathId<entity::ApiKey>, IfMatch, IdempotencyKey, Body<RotateApiKey>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Rotate an API key
///
/// Creates a new secret. The reply contains it; it is shown only once. Older secrets keep working for a day unless you
/// set `overlap_seconds`. You are responsible for the new secret. A key can rotate itself with its newest secret; the
/// same user then stays responsible. You can rotate only a key whose permissions you could all grant.
///
/// If you rotate another key with an API key, the new secret works only as long as your key does, only from its
/// networks, and with no permission that your key lacks. If the rotation replaces your own secret and the reply is
/// lost, repeat the request with the same `Idempotency-Key` within 2 minutes, while the old secret works. After that, a
/// replaced secret gets no other secret (409).
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyPath, IfMatchHeader, IdempotencyKeyHeader),
    request_body(content = RotateApiKey, example = json!({ "overlap_seconds": 3600 })),
    responses(
        (status = 200, description = "The key with its new secret.", body = IssuedApiKey, headers(("ETag"))),
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/api-keys/{key_id}/rotate")]
pub async fn rotate_api_key(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (PathId(key_id), if_match, key, Body(request))): Args,
) -> Result<HttpResponse> {
    let (seen, key) = (if_match.version()?, key.bound_to(&http));
    let overlap = request.overlap_seconds;
    let issued = app.service.rotate_api_key(&by, key_id, overlap, seen, key).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(issued.key.version)).json(IssuedApiKey::from(issued)))
}
