//! `PATCH /v1/accounts/{account_id}/users/{user_id}`

use actix_web::{HttpResponse, patch, web::Data};
use kernel::entity;
use serde::Deserialize;
use service::{FieldChange, UserChange};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PathId, Then, UserPermissions},
    openapi::problems,
    operations::{
        patch::Patch,
        views::{IfMatchHeader, User, UserPath},
    },
    problem::{Code, FieldError, Problem, Result},
};

/// Changes to a user. Absent members stay as they are; null removes the display name or the email address.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct UpdateUser {
    /// Sign-in name: 1 to 128 characters of any script, unique in the account (case-insensitive) and not confusable
    /// with another one there.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 128, examples("ann"))]
    username: Patch<String>,
    /// Display name.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200, examples("Ann Example"))]
    display_name: Patch<String>,
    /// Email address.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 3, max_length = 254, examples("ann@example.org"))]
    email: Patch<String>,
}

fn change(patch: Patch<String>) -> FieldChange {
    match patch {
        Patch::Absent => FieldChange::Keep,
        Patch::Null => FieldChange::Clear,
        Patch::Value(text) => FieldChange::Set(text),
    }
}

type Args = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::User>, IfMatch, Body<UpdateUser>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Update a user
///
/// Changes only the members in the body. With a new username, the user signs in with it from now on; sessions continue.
/// If you set the email address, even to the same value, you are responsible for it: an activation code that is mailed
/// there works only while you could grant every built-in permission that the user holds. Rejected if the user holds a
/// permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath, IfMatchHeader),
    request_body(content = UpdateUser, example = json!({ "display_name": "Ann Example", "email": "ann@example.org" })),
    responses((status = 200, description = "The updated user.", body = User), Problems),
)]
#[patch("/v1/accounts/{account_id}/users/{user_id}")]
pub async fn update_user(
    app: Data<App>,
    Then(by, (PathId(user_id), if_match, Body(request))): Args,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let username = match request.username {
        Patch::Absent => None,
        Patch::Null => {
            let error = FieldError::new("/username", "required", "`username` is required");
            return Err(Problem::invalid(vec![error]));
        }
        Patch::Value(username) => Some(username),
    };
    let change = UserChange { username, display_name: change(request.display_name), email: change(request.email) };
    let user = app.service.update_user(&by, user_id, change, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(user.version)).json(User::from(user)))
}
