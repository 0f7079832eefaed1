//! The catalog of permissions that can be granted.

use crate::operations::registry::Registry;
use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::header::LOCATION,
    post,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use service::NewPermission;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Authenticated, Body, Fresh, IdempotencyKey, Platform, Then},
    openapi::problems,
    operations::views::{IdempotencyKeyHeader, PermissionPath},
    problem::{Code, Result},
};

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config.service(list_permissions).service(register_permission).service(unregister_permission);
}

/// A permission that can be granted.
#[derive(Serialize, ToSchema)]
pub struct CataloguedPermission {
    /// Its name.
    #[schema(examples("crm.invoices.approve"))]
    name: String,
    /// What it allows, in words.
    #[schema(examples("Approves invoices."))]
    description: String,
    /// Prefix of the application that registered it; null if it is built in.
    #[schema(required = true, examples("crm"))]
    application: Option<String>,
    /// When it was registered; null if it is built in.
    #[schema(required = true, examples("2026-01-31T12:00:00Z"))]
    registered_at: Option<DateTime<Utc>>,
}

impl From<service::CataloguedPermission> for CataloguedPermission {
    fn from(listed: service::CataloguedPermission) -> Self {
        let name = listed.permission.to_string();
        let application = listed.registered_at.and(name.split('.').next()).map(str::to_owned);
        Self { application, name, description: listed.description, registered_at: listed.registered_at }
    }
}

/// The catalog of permissions.
#[derive(Serialize, ToSchema)]
pub struct PermissionCatalogue {
    /// Built-in permissions first, then those of applications, by name. The list is short, so it is not paginated.
    items: Vec<CataloguedPermission>,
}

type ListArgs = Authenticated;

problems!(ListProblems = ListArgs);

/// List the permissions
///
/// Lists built-in permissions, which guard the operations of this API, and permissions that applications have
/// registered, which only those applications interpret and which are included in access tokens. Any authenticated
/// caller can list them.
#[utoipa::path(
    tag = "permissions",
    responses((status = 200, description = "The permissions.", body = PermissionCatalogue), ListProblems),
)]
#[get("/v1/permissions")]
pub async fn list_permissions(app: Data<App>, _by: ListArgs) -> Result<HttpResponse> {
    let items = app.service.list_permissions().await?.into_iter().map(CataloguedPermission::from).collect();
    Ok(HttpResponse::Ok().json(PermissionCatalogue { items }))
}

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

type RegisterArgs = Then<Platform<Fresh>, (IdempotencyKey, Body<RegisterPermission>)>;

problems!(RegisterProblems = RegisterArgs, &[Code::Conflict]);

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
        RegisterProblems,
    ),
)]
#[post("/v1/permissions")]
pub async fn register_permission(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): RegisterArgs,
) -> Result<HttpResponse> {
    let new = NewPermission { name: request.name, description: request.description };
    let registered = app.service.register_permission(&by, new, key.bound_to(&http)).await?;
    let location = format!("/v1/permissions/{}", registered.permission);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(CataloguedPermission::from(registered)))
}

type UnregisterArgs = Then<Platform<Fresh>, Path<String>>;

problems!(UnregisterProblems = UnregisterArgs, &[Code::NotFound]);

/// Delete a permission of an application
///
/// Removes the permission from everybody who holds it and from every role. This takes effect at once in this API, and
/// in access tokens from the next refresh on.
#[utoipa::path(
    tag = "permissions",
    params(PermissionPath),
    responses((status = 204, description = "The permission was deleted."), UnregisterProblems),
)]
#[delete("/v1/permissions/{permission}")]
pub async fn unregister_permission(app: Data<App>, Then(by, name): UnregisterArgs) -> Result<HttpResponse> {
    app.service.unregister_permission(&by, &name).await?;
    Ok(HttpResponse::NoContent().finish())
}
