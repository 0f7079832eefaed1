//! `POST /v1/accounts`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};
use serde::Deserialize;
use service::{LimitChange, LimitsChange, NewAccount, NewUser};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, IdempotencyKey, Platform, Then},
    operations::{
        users::CreatedUser,
        views::{Account, IdempotencyKeyHeader},
    },
    problem::{
        Code, Result,
        document::{BODY, SIGNED_IN, problems},
    },
};

/// What the account is to be.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// The short name that users type at sign-in: lower-case letters, digits and single hyphens inside. It stays.
    #[schema(min_length = 1, max_length = 63, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", examples("acme"))]
    slug: String,
    /// The name for people; authenticator apps show it as the issuer.
    #[schema(min_length = 1, max_length = 200, examples("Acme Inc."))]
    name: String,
    /// What the plan allows; without it everything.
    limits: Option<AccountLimitsDraft>,
    /// Who is to administer the account: created with it, or not at all if the account cannot be. Holds every permission of
    /// ours that has a meaning in an account.
    first_administrator: Option<FirstAdministrator>,
}

/// What the plan of a new account allows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountLimitsDraft {
    /// The greatest number of users, disabled ones included; null: as many as the account likes. Above it no more can be
    /// added (409 `limit_reached`).
    #[schema(minimum = 0, maximum = 1_000_000_000, examples(100))]
    max_users: Option<u32>,
}

impl From<AccountLimitsDraft> for LimitsChange {
    fn from(limits: AccountLimitsDraft) -> Self {
        Self { max_users: limits.max_users.map_or(LimitChange::Lift, LimitChange::Set) }
    }
}

/// Who is to administer a new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAdministrator {
    /// The name to sign in with: 1 to 128 characters of any script.
    #[schema(min_length = 1, max_length = 128, examples("boss"))]
    username: String,
    /// The name for people.
    #[schema(min_length = 1, max_length = 200, examples("Bo Example"))]
    display_name: Option<String>,
    /// The mail address.
    #[schema(min_length = 3, max_length = 254, examples("boss@example.org"))]
    email: Option<String>,
}

impl From<FirstAdministrator> for NewUser {
    fn from(first: FirstAdministrator) -> Self {
        let FirstAdministrator { username, display_name, email } = first;
        Self { username, display_name, email, permissions: Vec::new(), send_mail: false }
    }
}

problems!(
    Problems = SIGNED_IN,
    BODY,
    &[
        Code::PermissionRequired,
        Code::ReauthenticationRequired,
        Code::Conflict,
        Code::LimitReached,
        Code::IdempotencyKeyReused
    ]
);

/// Create an account
///
/// For platform administrators. Name its first administrator in the same request, or create a user with the permission
/// `user_permissions` next; that user appoints the others. The slug of an account that is being deleted is taken until it
/// is deleted for good.
#[utoipa::path(
    tag = "accounts",
    security(("accessToken" = [])),
    params(IdempotencyKeyHeader),
    request_body(content = CreateAccount, example = json!({
        "slug": "acme",
        "name": "Acme Inc.",
        "limits": { "max_users": 100 },
        "first_administrator": { "username": "boss", "display_name": "Bo Example", "email": "boss@example.org" },
    })),
    responses(
        (status = 201, description = "The account is created.", body = Account,
            headers(("Location"), ("ETag"))),
        Problems,
    ),
)]
#[post("/v1/accounts")]
pub async fn create_account(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Then<Platform<Fresh>, (IdempotencyKey, Body<CreateAccount>)>,
) -> Result<HttpResponse> {
    let new = NewAccount {
        slug: request.slug,
        name: request.name,
        limits: request.limits.map(Into::into).unwrap_or_default(),
        first_administrator: request.first_administrator.map(Into::into),
    };
    let created = app.service.create_account(&by.actor, new, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}", created.account.id);
    let etag = ETag(created.account.version);
    let body = Account::from(created.account).with(created.first_administrator.map(CreatedUser::from));
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).insert_header(etag).json(body))
}
