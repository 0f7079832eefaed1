//! `PUT /v1/accounts/{account_id}/users/{user_id}/permissions`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::UserPermissions;
use crate::{
    app::App,
    extract::{self, Body, ETag, Fresh, Guarded, IfMatch, PathId, Then},
    operations::views::{IfMatchHeader, UserPath},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
};

/// What the user is to hold.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReplaceUserPermissions {
    /// All permissions that the user is to hold; those that are missing are revoked.
    #[schema(max_items = 100, examples(json!(["account_settings"])))]
    #[validate(length(max = 100))]
    permissions: Vec<String>,
}

problems!(Problems = GUARDED, BODY, &[Code::Conflict, Code::PreconditionFailed, Code::ReauthenticationRequired]);

type Guard = Guarded<extract::UserPermissions, Fresh>;
type Rest = (PathId<entity::User>, IfMatch, Body<ReplaceUserPermissions>);

/// Replace what a user holds
///
/// What is granted to the user, beside what the user's roles carry. Counts at once here, and in access tokens from the
/// next refresh on. You can grant only what you hold yourself, and what applications have registered; the last holder
/// of a permission of ours in an account keeps it, unless the platform takes it. Refused for somebody who holds what
/// you could not grant. Needs `user_permissions` and a recent proof of who you are.
#[utoipa::path(
    tag = "permissions",
    security(("accessToken" = [])),
    params(UserPath, IfMatchHeader),
    request_body(content = ReplaceUserPermissions, example = json!({ "permissions": ["account_settings"] })),
    responses((status = 200, description = "What the user holds now.", body = UserPermissions, headers(("ETag"))), Problems),
)]
#[put("/v1/accounts/{account_id}/users/{user_id}/permissions")]
pub async fn replace_user_permissions(
    app: Data<App>,
    Then(by, (PathId(user_id), if_match, Body(request))): Then<Guard, Rest>,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let held =
        app.service.replace_user_permissions(&by.actor, by.account_id, user_id, &request.permissions, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(held.version)).json(UserPermissions::from(held)))
}
