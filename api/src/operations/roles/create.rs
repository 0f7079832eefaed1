//! `POST /v1/accounts/{account_id}/roles`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};

use super::{draft::RoleDraft, view::Role};
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IdempotencyKey, Then, UserPermissions},
    operations::views::{AccountPath, IdempotencyKeyHeader},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
};

problems!(Problems = GUARDED, BODY, &[Code::Conflict, Code::IdempotencyKeyReused, Code::ReauthenticationRequired]);

type Guard = Guarded<UserPermissions, Fresh>;

/// Create a role
///
/// The new role is assigned to nobody. An account can have at most 1,000 roles, and a user at most 100. Requires
/// `user_permissions`, all permissions of the role, and a recent sign-in.
#[utoipa::path(
    tag = "roles",
    security(("accessToken" = [])),
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
    Then(by, (key, Body(request))): Then<Guard, (IdempotencyKey, Body<RoleDraft>)>,
) -> Result<HttpResponse> {
    let role = app.service.create_role(&by.actor, by.account_id, &request.into(), key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/roles/{}", by.account_id, role.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(ETag(role.version))
        .json(Role::from(role)))
}
