//! `PATCH /v1/accounts/{account_id}`

use actix_web::{HttpResponse, patch, web::Data};
use kernel::entity;
use serde::Deserialize;
use service::{AccountChange, LimitChange, LimitsChange};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, IfMatch, PathId, Platform, Then},
    openapi::problems,
    operations::{
        patch::Patch,
        views::{Account, AccountPath, IfMatchHeader},
    },
    problem::{Code, FieldError, Problem, Result},
};

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

type Args = Then<Platform<Fresh>, (PathId<entity::Account>, IfMatch, Body<UpdateAccount>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Update an account
///
/// Changes only the members in the body. The slug never changes. The platform's own account cannot have limits.
#[utoipa::path(
    tag = "accounts",
    params(AccountPath, IfMatchHeader),
    request_body(content = UpdateAccount, example = json!({ "name": "Acme Inc.", "limits": { "max_users": 100 } })),
    responses((status = 200, description = "The updated account.", body = Account), Problems),
)]
#[patch("/v1/accounts/{account_id}")]
pub async fn update_account(
    app: Data<App>,
    Then(by, (PathId(account_id), if_match, Body(request))): Args,
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
