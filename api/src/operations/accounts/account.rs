//! Accounts: `/v1/accounts`

use actix_web::{HttpRequest, HttpResponse, get, http::header::LOCATION, patch, post, web::Data};
use kernel::entity;
use serde::{Deserialize, Serialize};
use service::{AccountChange, LimitChange, LimitsChange, NewAccount, NewUser};
use utoipa::ToSchema;
use validator::Validate;

use super::query::ListAccounts;
use crate::{
    app::App,
    extract::{Authenticated, Body, ETag, Fresh, IdempotencyKey, IfMatch, PathId, Platform, Query, Then},
    openapi::problems,
    operations::{
        patch::Patch,
        users::CreatedUser,
        views::{Account, AccountPath, IdempotencyKeyHeader, IfMatchHeader, paged},
    },
    problem::{Code, FieldError, Problem, Result},
};

/// A page of accounts.
#[derive(Serialize, ToSchema)]
pub struct AccountPage {
    /// The accounts, oldest first.
    items: Vec<Account>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNWUtOGE0Yy03YzJlLTljNTUtMmYxZjZmM2I5YTEw"))]
    next_cursor: Option<String>,
}

type ListArgs = Then<Platform, Query<ListAccounts>>;

problems!(ListProblems = ListArgs);

/// List accounts
///
/// Oldest first. Search and filter can be combined.
#[utoipa::path(
    tag = "accounts",
    params(ListAccounts),
    responses((status = 200, description = "A page of accounts.", body = AccountPage, headers(("Link"))), ListProblems),
)]
#[get("/v1/accounts")]
pub async fn list_accounts(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(asked)): ListArgs,
) -> Result<HttpResponse> {
    let page = app.service.list_accounts(&by, asked.filter()?, asked.after()?, asked.limit()).await?;
    Ok(paged(&http, page, |items, next_cursor| AccountPage {
        items: items.into_iter().map(Account::from).collect(),
        next_cursor,
    }))
}

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

type CreateArgs = Then<Platform<Fresh>, (IdempotencyKey, Body<CreateAccount>)>;

problems!(CreateProblems = CreateArgs, &[Code::Conflict, Code::LimitReached]);

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
        CreateProblems,
    ),
)]
#[post("/v1/accounts")]
pub async fn create_account(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): CreateArgs,
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

type GetArgs = Then<Authenticated, PathId<entity::Account>>;

problems!(GetProblems = GetArgs);

/// Get an account
///
/// For users of the account and platform administrators. For anybody else, the account does not exist (404).
#[utoipa::path(
    tag = "accounts",
    params(AccountPath),
    responses((status = 200, description = "The account.", body = Account), GetProblems),
)]
#[get("/v1/accounts/{account_id}")]
pub async fn get_account(app: Data<App>, Then(by, PathId(account_id)): GetArgs) -> Result<HttpResponse> {
    let account = app.service.read_account(&by.0, account_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(account.version)).json(Account::from(account)))
}

/// Changes to an account. Absent members stay as they are.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct UpdateAccount {
    /// Display name. Authenticator apps show it as the issuer.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, examples("Acme Inc."))]
    name: Patch<String>,
    /// Plan limits.
    #[schema(nullable = false)]
    limits: Option<UpdateAccountLimits>,
}

/// Changes to plan limits. Absent members stay as they are.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateAccountLimits {
    /// Maximum number of users; null: unlimited. A value below the current number removes nobody; it only prevents
    /// adding more users.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 1_000_000_000, examples(100))]
    max_users: Patch<u32>,
}

impl From<UpdateAccountLimits> for LimitsChange {
    fn from(limits: UpdateAccountLimits) -> Self {
        let max_users = match limits.max_users {
            Patch::Absent => LimitChange::Keep,
            Patch::Null => LimitChange::Lift,
            Patch::Value(max) => LimitChange::Set(max),
        };
        Self { max_users }
    }
}

type UpdateArgs = Then<Platform<Fresh>, (PathId<entity::Account>, IfMatch, Body<UpdateAccount>)>;

problems!(UpdateProblems = UpdateArgs, &[Code::Conflict]);

/// Update an account
///
/// Changes only the members in the body. The slug never changes. The platform's own account cannot have limits.
#[utoipa::path(
    tag = "accounts",
    params(AccountPath, IfMatchHeader),
    request_body(content = UpdateAccount, example = json!({ "name": "Acme Inc.", "limits": { "max_users": 100 } })),
    responses((status = 200, description = "The updated account.", body = Account), UpdateProblems),
)]
#[patch("/v1/accounts/{account_id}")]
pub async fn update_account(
    app: Data<App>,
    Then(by, (PathId(account_id), if_match, Body(request))): UpdateArgs,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let name = match request.name {
        Patch::Absent => None,
        Patch::Null => {
            let error = FieldError::new("/name", "required", "`name` is required");
            return Err(Problem::invalid(vec![error]));
        }
        Patch::Value(name) => Some(name),
    };
    let change = AccountChange { name, limits: request.limits.map(Into::into).unwrap_or_default() };
    let account = app.service.update_account(&by, account_id, change, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(account.version)).json(Account::from(account)))
}
