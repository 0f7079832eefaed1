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
    operations::views::{ApiKeyPath, IdempotencyKeyHeader, IfMatchHeader},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
};

/// A day: time enough to bring the new secret to where it is used.
const OVERLAP: u32 = 86_400;

/// How a key gets its new secret.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RotateApiKey {
    /// For how many seconds more older secrets work, up to a week. With 0 they stop at once, as a secret must that is in the
    /// wrong hands.
    #[serde(default = "overlap")]
    #[schema(required = false, minimum = 0, maximum = 604_800, default = 86_400, examples(3600))]
    overlap_seconds: u32,
}

const fn overlap() -> u32 {
    OVERLAP
}

problems!(
    Problems = GUARDED,
    BODY,
    &[Code::Conflict, Code::PreconditionFailed, Code::IdempotencyKeyReused, Code::ReauthenticationRequired]
);

type Guard = Guarded<ApiKeys, Fresh>;
type Rest = (PathId<entity::ApiKey>, IfMatch, IdempotencyKey, Body<RotateApiKey>);

/// Rotate an API key
///
/// Gives it a new secret, which the reply carries, once. Older ones go on working for a while, a day unless you say otherwise.
/// You answer for the new secret; a key may rotate itself with its newest secret, and then whoever answered goes on to. You can
/// rotate only a key that was given nothing that you could not grant. What a program gets for another key works no longer, and
/// is used from nowhere else, than the program's own key. A program whose own secret is replaced by this and that
/// did not get the reply can ask for it with the same `Idempotency-Key` for two minutes, as long as the old secret works; after
/// that a replaced secret is told no other (409). Needs `api_keys` and a recent proof of who you are.
#[utoipa::path(
    tag = "api-keys",
    security(("accessToken" = [])),
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
    Then(by, (PathId(key_id), if_match, key, Body(request))): Then<Guard, Rest>,
) -> Result<HttpResponse> {
    let (seen, key) = (if_match.version()?, key.bound_to(&http));
    let overlap = request.overlap_seconds;
    let issued = app.service.rotate_api_key(&by.actor, by.account_id, key_id, overlap, seen, key).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(issued.key.version)).json(IssuedApiKey::from(issued)))
}
