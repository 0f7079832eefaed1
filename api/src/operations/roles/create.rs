//! `POST /v1/accounts/{account_id}/roles`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};

use super::{draft::RoleDraft, view::Role};
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IdempotencyKey, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, IdempotencyKeyHeader},
    problem::{Code, Result},
};

type Args = Then<Guarded<UserPermissions, Fresh>, (IdempotencyKey, Body<RoleDraft>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Create a role
///
/// The new role is assigned to nobody. You can give it only built-in permissions that you hold yourself, and
/// permissions that applications have registered. An account can have at most 1,000 roles, and a user at most 100.
#[utoipa::path(
    tag = "roles",
    params(AccountPath, IdempotencyKeyHeader),
    request_body(content = RoleDraft, example = json!({
        "name": "Support",
        "description": "Helps users who have lost their phone.",
        "permissions": ["user_permissions"],
    })),
    responses(
        (status = 201, description = "The role was created.", body = Role,
            headers(("Location" = String, description = "The path of the role."))),
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/roles")]
pub async fn create_role(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Args,
) -> Result<HttpResponse> {
    let role = app.service.create_role(&by, &request.into(), key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/roles/{}", by.account_id(), role.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(ETag(role.version))
        .json(Role::from(role)))
}
