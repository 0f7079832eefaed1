//! `DELETE /v1/accounts/{account_id}/users/{user_id}`

use actix_web::{HttpResponse, delete, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, IfMatch, PathId, Then, UserPermissions},
    operations::views::{IfMatchHeader, UserPath},
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

problems!(
    Problems = GUARDED,
    &[Code::MalformedRequest, Code::Conflict, Code::PreconditionFailed, Code::ReauthenticationRequired]
);

/// Delete a user
///
/// For good, with everything that belongs to the user: sessions and logins end at once, and the name is free again. To
/// keep somebody out for a while, disable the user instead. What remains stands in the account's audit events: the id,
/// the username of that time, what was done, and from which address; names for people and mail addresses were never
/// written there. The last holder of a permission of ours in an account cannot be deleted, but by the platform. Refused
/// for somebody who holds what you could not grant. Needs `user_permissions` and a recent proof of who you are.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath, IfMatchHeader),
    responses((status = 204, description = "The user is gone."), Problems),
)]
#[delete("/v1/accounts/{account_id}/users/{user_id}")]
pub async fn delete_user(
    app: Data<App>,
    Then(by, (PathId(user_id), if_match)): Then<Guarded<UserPermissions, Fresh>, (PathId<entity::User>, IfMatch)>,
) -> Result<HttpResponse> {
    app.service.delete_user(&by.actor, by.account_id, user_id, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
