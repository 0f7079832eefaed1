//! `POST /v1/permissions`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};
use serde::Deserialize;
use service::NewPermission;
use utoipa::ToSchema;
use validator::Validate;

use super::CataloguedPermission;
use crate::{
    app::App,
    extract::{Body, Fresh, IdempotencyKey, Platform, Then},
    openapi::problems,
    operations::views::IdempotencyKeyHeader,
    problem::{Code, Result},
};

/// The permission to register.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RegisterPermission {
    /// The name: the application's prefix, the resource and the action. The first permission with a prefix registers
    /// the prefix; `latchkey` is reserved.
    #[schema(
        min_length = 5,
        max_length = 64,
        pattern = "^[a-z][a-z0-9_-]*\\.[a-z][a-z0-9_-]*\\.[a-z][a-z0-9_-]*$",
        examples("crm.invoices.approve")
    )]
    name: String,
    /// What it allows, in words that administrators understand.
    #[schema(min_length = 1, max_length = 500, examples("Approves invoices."))]
    description: String,
}

type Args = Then<Platform<Fresh>, (IdempotencyKey, Body<RegisterPermission>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Register a permission of an application
///
/// Once registered, anybody with `user_permissions` can grant the permission like a built-in one, and it is included in
/// access tokens. It guards nothing in this API. All applications together can register up to 100 permissions, so that
/// tokens stay small.
#[utoipa::path(
    tag = "permissions",
    params(IdempotencyKeyHeader),
    request_body(content = RegisterPermission, example = json!({
        "name": "crm.invoices.approve",
        "description": "Approves invoices.",
    })),
    responses(
        (status = 201, description = "The permission was registered.", body = CataloguedPermission,
            headers(("Location" = String, description = "The path of the permission."))),
        Problems,
    ),
)]
#[post("/v1/permissions")]
pub async fn register_permission(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Args,
) -> Result<HttpResponse> {
    let new = NewPermission { name: request.name, description: request.description };
    let registered = app.service.register_permission(&by, new, key.bound_to(&http)).await?;
    let location = format!("/v1/permissions/{}", registered.permission);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(CataloguedPermission::from(registered)))
}
