//! `POST /v1/accounts`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};
use serde::Deserialize;
use service::{LimitChange, LimitsChange, NewAccount, NewUser};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, IdempotencyKey, Platform, Then},
    openapi::problems,
    operations::{
        users::CreatedUser,
        views::{Account, IdempotencyKeyHeader},
    },
    problem::{Code, Result},
};

/// The account to create.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// Short name that users type at sign-in: lowercase letters, digits, and single hyphens between them. It cannot be
    /// changed later.
    #[schema(min_length = 1, max_length = 63, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", examples("acme"))]
    slug: String,
    /// Display name. Authenticator apps show it as the issuer.
    #[schema(min_length = 1, max_length = 200, examples("Acme Inc."))]
    name: String,
    /// Limits of the plan. If absent, the account has no limits.
    limits: Option<AccountLimitsDraft>,
    /// First administrator of the account. The account and this user are created together or not at all. The user gets
    /// every built-in permission that applies within an account.
    first_administrator: Option<FirstAdministrator>,
}

/// Plan limits of a new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountLimitsDraft {
    /// Maximum number of users, including disabled ones; null: unlimited. At the limit, no more users can be added (409
    /// `limit_reached`).
    #[schema(minimum = 0, maximum = 1_000_000_000, examples(100))]
    max_users: Option<u32>,
}

impl From<AccountLimitsDraft> for LimitsChange {
    fn from(limits: AccountLimitsDraft) -> Self {
        Self { max_users: limits.max_users.map_or(LimitChange::Lift, LimitChange::Set) }
    }
}

/// First administrator of a new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAdministrator {
    /// Sign-in name: 1 to 128 characters of any script.
    #[schema(min_length = 1, max_length = 128, examples("boss"))]
    username: String,
    /// Display name.
    #[schema(min_length = 1, max_length = 200, examples("Bo Example"))]
    display_name: Option<String>,
    /// Email address.
    #[schema(min_length = 3, max_length = 254, examples("boss@example.org"))]
    email: Option<String>,
}

impl From<FirstAdministrator> for NewUser {
    fn from(first: FirstAdministrator) -> Self {
        let FirstAdministrator { username, display_name, email } = first;
        Self { username, display_name, email, permissions: Vec::new(), send_mail: false }
    }
}

type Args = Then<Platform<Fresh>, (IdempotencyKey, Body<CreateAccount>)>;

problems!(Problems = Args, &[Code::Conflict, Code::LimitReached]);

/// Create an account
///
/// Name the first administrator in the same request, or afterwards create a user with the permission
/// `user_permissions`, who can then appoint the others. The slug of an account that is being deleted stays taken until
/// the account is permanently deleted.
#[utoipa::path(
    tag = "accounts",
    params(IdempotencyKeyHeader),
    request_body(content = CreateAccount, example = json!({
        "slug": "acme",
        "name": "Acme Inc.",
        "limits": { "max_users": 100 },
        "first_administrator": { "username": "boss", "display_name": "Bo Example", "email": "boss@example.org" },
    })),
    responses(
        (status = 201, description = "The account was created.", body = Account,
            headers(("Location"), ("ETag"))),
        Problems,
    ),
)]
#[post("/v1/accounts")]
pub async fn create_account(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Args,
) -> Result<HttpResponse> {
    let new = NewAccount {
        slug: request.slug,
        name: request.name,
        limits: request.limits.map(Into::into).unwrap_or_default(),
        first_administrator: request.first_administrator.map(Into::into),
    };
    let created = app.service.create_account(&by, new, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}", created.account.id);
    let etag = ETag(created.account.version);
    let body = Account::from(created.account).with(created.first_administrator.map(CreatedUser::from));
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).insert_header(etag).json(body))
}
