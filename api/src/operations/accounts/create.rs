//! `POST /v1/accounts`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};
use serde::Deserialize;
use service::NewAccount;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, Fresh, IdempotencyKey, Platform, Then},
    operations::views::{Account, IdempotencyKeyHeader},
    problem::{
        Code, Result,
        document::{BODY, SIGNED_IN, problems},
    },
};

/// What the account is to be called.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// The short name that users type at sign-in: lower-case letters, digits and single hyphens inside. It stays.
    #[schema(min_length = 1, max_length = 63, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", examples("acme"))]
    slug: String,
    /// The name for people; authenticator apps show it as the issuer.
    #[schema(min_length = 1, max_length = 200, examples("Acme Inc."))]
    name: String,
}

problems!(
    Problems = SIGNED_IN,
    BODY,
    &[Code::PermissionRequired, Code::ReauthenticationRequired, Code::Conflict, Code::IdempotencyKeyReused]
);

/// Create an account
///
/// For platform administrators. Create its first user next, with the permission `user_permissions`; that user appoints
/// the others.
#[utoipa::path(
    tag = "accounts",
    security(("accessToken" = [])),
    params(IdempotencyKeyHeader),
    request_body = CreateAccount,
    responses(
        (status = 201, description = "The account is created.", body = Account,
            headers(("Location"))),
        Problems,
    ),
)]
#[post("/v1/accounts")]
pub async fn create_account(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Then<Platform<Fresh>, (IdempotencyKey, Body<CreateAccount>)>,
) -> Result<HttpResponse> {
    let new = NewAccount { slug: request.slug, name: request.name };
    let account = app.service.create_account(&by.actor, new, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}", account.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(Account::from(account)))
}
