//! API keys of an account: `/v1/accounts/{account_id}/api-keys`

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header::LOCATION, post, put, web::Data};
use kernel::entity;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use service::{ApiKeyDraft, ApiKeyView};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{ApiKeys, Body, ETag, Fresh, Guarded, IdempotencyKey, IfMatch, Paging, PathId, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, ApiKeyPath, IdempotencyKeyHeader, IfMatchHeader, paged},
    problem::{Code, Result},
};

/// A page of API keys.
#[derive(Serialize, ToSchema)]
pub struct ApiKeyPage {
    /// The keys, oldest first.
    items: Vec<ApiKeyView>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjMtMGM1ZC03YjEyLThlNGYtNWE2YjdjOGQ5ZTBm"))]
    next_cursor: Option<String>,
}

type ListArgs = Then<Guarded<ApiKeys>, Query<Paging>>;

problems!(ListProblems = ListArgs);

/// List the API keys of an account
///
/// Oldest first, without secrets.
#[utoipa::path(
    tag = "api-keys",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of API keys.", body = ApiKeyPage), ListProblems),
)]
#[get("/v1/accounts/{account_id}/api-keys")]
pub async fn list_api_keys(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(paging)): ListArgs,
) -> Result<HttpResponse> {
    let page = app.service.list_api_keys(&by, paging.after()?, paging.limit()).await?;
    Ok(paged(&http, page, |items, next_cursor| ApiKeyPage { items, next_cursor }))
}

/// A key with its secret. The secret is shown only once.
#[derive(Serialize, ToSchema)]
pub struct IssuedApiKey {
    /// The key.
    key: ApiKeyView,
    /// The bearer token that the program sends: `lk_key_` and 49 letters and digits, the last six of which are a
    /// checksum.
    #[schema(
        format = Password,
        pattern = "^lk_key_[0-9A-Za-z]{49}$",
        examples("lk_key_Zq3vT8kWm0RfXc5yLh2JdN7sBa9GpUe4iQoK1tVwSxY4EmF31")
    )]
    secret: String,
}

impl From<service::IssuedApiKey> for IssuedApiKey {
    fn from(issued: service::IssuedApiKey) -> Self {
        Self { key: issued.key.value, secret: issued.secret.expose_secret().to_owned() }
    }
}

type CreateArgs = Then<Guarded<ApiKeys, Fresh>, (IdempotencyKey, Body<ApiKeyDraft>)>;

problems!(CreateProblems = CreateArgs, &[Code::Conflict]);

/// Create an API key
///
/// The reply contains the secret, which is shown only once. You are responsible for the key: at any time, it holds only
/// permissions that you could grant at that time. It does not work while you are disabled. When you are deleted, it
/// stops working until somebody rotates it. You must be able to grant every permission of the key. An account has at
/// most 1,000 keys.
///
/// If you call with an API key, the new secret works only as long as your key does, only from its networks, and with no
/// permission that your key lacks. If your key has networks or an expiry, the new key must have networks within those
/// and an expiry that is no later (otherwise 409). A secret that was itself shown to an API key, or that has been
/// replaced, cannot create keys (409). If your secret is replaced after the request, you can repeat the request with
/// the same `Idempotency-Key` for 2 minutes and get the same reply; after that, it fails with 409.
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
        CreateProblems,
    ),
)]
#[post("/v1/accounts/{account_id}/api-keys")]
pub async fn create_api_key(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): CreateArgs,
) -> Result<HttpResponse> {
    let issued = app.service.create_api_key(&by, &request, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/api-keys/{}", by.account_id(), issued.key.value.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(ETag(issued.key.version))
        .json(IssuedApiKey::from(issued)))
}

type GetArgs = Then<Guarded<ApiKeys>, PathId<entity::ApiKey>>;

problems!(GetProblems = GetArgs);

/// Get an API key
///
/// The secret is not included.
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyPath),
    responses((status = 200, description = "The key.", body = ApiKeyView), GetProblems),
)]
#[get("/v1/accounts/{account_id}/api-keys/{key_id}")]
pub async fn get_api_key(app: Data<App>, Then(by, PathId(key_id)): GetArgs) -> Result<HttpResponse> {
    let key = app.service.read_api_key(&by, key_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(key.version)).json(key.value))
}

type ReplaceArgs = Then<Guarded<ApiKeys, Fresh>, (PathId<entity::ApiKey>, IfMatch, Body<ApiKeyDraft>)>;

problems!(ReplaceProblems = ReplaceArgs, &[Code::Conflict]);

/// Replace an API key
///
/// Replaces name, description, permissions, networks and expiry. The secret and the user responsible for it stay the
/// same. The change takes effect with the key's next request. You can change only a key whose permissions you could all
/// grant. A key cannot change itself. With an API key, you can extend another key (more permissions, other networks, a
/// later expiry) only within the limits of your own key: the other key must then work from no other networks than
/// yours, and expire no later than yours (otherwise 409). If an API key created your secret, the limits of that key
/// apply too.
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyPath, IfMatchHeader),
    request_body(content = ApiKeyDraft, example = json!({
        "name": "Nightly import",
        "description": "Runs on the HR server and imports new colleagues.",
        "permissions": ["user_permissions"],
        "networks": ["203.0.113.0/24"],
    })),
    responses((status = 200, description = "The updated key.", body = ApiKeyView), ReplaceProblems),
)]
#[put("/v1/accounts/{account_id}/api-keys/{key_id}")]
pub async fn replace_api_key(
    app: Data<App>,
    Then(by, (PathId(key_id), if_match, Body(request))): ReplaceArgs,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let key = app.service.replace_api_key(&by, key_id, &request, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(key.version)).json(key.value))
}

type RevokeArgs = Then<Guarded<ApiKeys, Fresh>, (PathId<entity::ApiKey>, IfMatch)>;

problems!(RevokeProblems = RevokeArgs);

/// Revoke an API key
///
/// The key is rejected from this moment on. So are the secrets of other keys that were created with it, and activation
/// codes that it handed out. A signed-in user can revoke a key even if it has permissions that the user could not
/// grant, unless one of them is `platform_administration`. An API key can revoke itself, and keys whose permissions it
/// could all grant.
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyPath, IfMatchHeader),
    responses((status = 204, description = "The key was revoked."), RevokeProblems),
)]
#[delete("/v1/accounts/{account_id}/api-keys/{key_id}")]
pub async fn revoke_api_key(app: Data<App>, Then(by, (PathId(key_id), if_match)): RevokeArgs) -> Result<HttpResponse> {
    app.service.revoke_api_key(&by, key_id, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}

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

type RotateArgs = Then<Guarded<ApiKeys, Fresh>, (PathId<entity::ApiKey>, IfMatch, IdempotencyKey, Body<RotateApiKey>)>;

problems!(RotateProblems = RotateArgs, &[Code::Conflict]);

/// Rotate an API key
///
/// Creates a new secret. The reply contains it; it is shown only once. Older secrets keep working for a day unless you
/// set `overlap_seconds`. You are responsible for the new secret. A key can rotate itself with its newest secret; the
/// same user then stays responsible. You can rotate only a key whose permissions you could all grant.
///
/// If you rotate another key with an API key, the new secret works only as long as your key does, only from its
/// networks, and with no permission that your key lacks. If the rotation replaces your own secret and the reply is
/// lost, repeat the request with the same `Idempotency-Key` within 2 minutes, while the old secret works. After that,
/// the replaced secret can no longer get the new one (409), so a user must rotate the key.
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyPath, IfMatchHeader, IdempotencyKeyHeader),
    request_body(content = RotateApiKey, example = json!({ "overlap_seconds": 3600 })),
    responses(
        (status = 200, description = "The key with its new secret.", body = IssuedApiKey, headers(("ETag"))),
        RotateProblems,
    ),
)]
#[post("/v1/accounts/{account_id}/api-keys/{key_id}/rotate")]
pub async fn rotate_api_key(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (PathId(key_id), if_match, key, Body(request))): RotateArgs,
) -> Result<HttpResponse> {
    let (seen, key) = (if_match.version()?, key.bound_to(&http));
    let overlap = request.overlap_seconds;
    let issued = app.service.rotate_api_key(&by, key_id, overlap, seen, key).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(issued.key.version)).json(IssuedApiKey::from(issued)))
}

#[cfg(test)]
mod tests {
    use kernel::{PlainToken, TokenKind};
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn the_example_of_a_secret_could_be_one() {
        let schema = serde_json::to_value(IssuedApiKey::schema()).unwrap();
        let example = schema["properties"]["secret"]["examples"][0].as_str().unwrap().to_owned();
        assert!(PlainToken::parse(TokenKind::ApiKey, &example).is_ok(), "{example}");
    }
}
