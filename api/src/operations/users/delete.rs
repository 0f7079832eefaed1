//! `DELETE /v1/accounts/{account_id}/users/{user_id}`

use actix_web::{HttpResponse, delete, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, IfMatch, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::{IfMatchHeader, UserPath},
    problem::{Code, Result},
};

type Args = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::User>, IfMatch)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Delete a user
///
/// Permanently deletes the user and everything that belongs to the user. Sessions and logins end at once, and the
/// username becomes free. To keep somebody out for a while, disable the user instead. The account's audit events
/// remain; they contain the id, the username at that time, what was done, and from which address, but never display
/// names or email addresses. Only a platform administrator can delete the last holder of a built-in permission in an
/// account. Rejected if the user holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath, IfMatchHeader),
    responses((status = 204, description = "The user was deleted."), Problems),
)]
#[delete("/v1/accounts/{account_id}/users/{user_id}")]
pub async fn delete_user(app: Data<App>, Then(by, (PathId(user_id), if_match)): Args) -> Result<HttpResponse> {
    app.service.delete_user(&by, user_id, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
