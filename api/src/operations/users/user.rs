//! Users of an account: `/v1/accounts/{account_id}/users`

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header::LOCATION, patch, post, web::Data};
use kernel::entity;
use serde::{Deserialize, Serialize};
use service::{FieldChange, NewUser, UserChange};
use utoipa::ToSchema;
use validator::Validate;

use super::query::ListUsers;
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IdempotencyKey, IfMatch, PathId, Query, Then, UserPermissions},
    openapi::problems,
    operations::{
        patch::Patch,
        views::{AccountPath, Activation, IdempotencyKeyHeader, IfMatchHeader, User, UserPath, paged},
    },
    problem::{Code, FieldError, Problem, Result},
};

/// A page of users.
#[derive(Serialize, ToSchema)]
pub struct UserPage {
    /// The users, in the requested order.
    items: Vec<User>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

type ListArgs = Then<Guarded<UserPermissions>, Query<ListUsers>>;

problems!(ListProblems = ListArgs);

/// List the users of an account
///
/// Includes the second-factor, password and lock state of each user. You can combine search, filters and sort order; a
/// cursor is valid only for the combination that it came from.
#[utoipa::path(
    tag = "users",
    params(AccountPath, ListUsers),
    responses((status = 200, description = "A page of users.", body = UserPage, headers(("Link"))), ListProblems),
)]
#[get("/v1/accounts/{account_id}/users")]
pub async fn list_users(app: Data<App>, http: HttpRequest, Then(by, Query(asked)): ListArgs) -> Result<HttpResponse> {
    let query = asked.query()?;
    let after = asked.after(by.account_id(), &query)?;
    let page = app.service.list_users(&by, query, after, asked.limit()).await?;
    Ok(paged(&http, page, |items, next_cursor| UserPage {
        items: items.into_iter().map(User::from).collect(),
        next_cursor,
    }))
}

/// The user to create.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// Sign-in name: 1 to 128 characters of any script, unique in the account (case-insensitive) and not confusable
    /// with another one there.
    #[schema(min_length = 1, max_length = 128, examples("ann"))]
    username: String,
    /// Display name.
    #[schema(min_length = 1, max_length = 200, examples("Ann Example"))]
    display_name: Option<String>,
    /// Email address.
    #[schema(min_length = 3, max_length = 254, examples("ann@example.org"))]
    email: Option<String>,
    /// Permissions to grant, by name (`GET /v1/permissions` lists them). You can grant only built-in permissions that
    /// you hold, and permissions that applications have registered.
    #[serde(default)]
    #[schema(max_items = 100, examples(json!(["account_settings"])))]
    #[validate(length(max = 100))]
    permissions: Vec<String>,
    /// Also sends the activation code to `email` once the user is created. The reply contains the code in any case. If
    /// `send_mail` is absent or false, no email is sent.
    #[serde(default)]
    #[schema(required = false)]
    send_mail: bool,
}

/// A new user and the activation code for the first password.
#[derive(Serialize, ToSchema)]
pub struct CreatedUser {
    /// The user.
    user: User,
    /// The activation code.
    activation: Activation,
}

impl From<service::CreatedUser> for CreatedUser {
    fn from(created: service::CreatedUser) -> Self {
        let activation = Activation::new(&created.activation_code, created.activation_expires_at);
        Self { user: created.user.into(), activation }
    }
}

type CreateArgs = Then<Guarded<UserPermissions, Fresh>, (IdempotencyKey, Body<CreateUser>)>;

problems!(CreateProblems = CreateArgs, &[Code::TooManyRequests, Code::Conflict, Code::LimitReached]);

/// Create a user
///
/// The reply contains an activation code, which is shown only once. Give it to the user, who exchanges it for a
/// password at `POST /v1/activations`. Nobody else ever knows the password. With `send_mail`, the user also gets the
/// code by email; an email that cannot be delivered is recorded as the audit event `mail.failed`. If the operator has
/// not configured a mail server, `send_mail` fails with `conflict`; if there were too many emails to one address, it
/// fails with `too_many_requests` for a while. In both cases, no user is created. An account cannot have more users
/// than its plan allows.
#[utoipa::path(
    tag = "users",
    params(AccountPath, IdempotencyKeyHeader),
    request_body(content = CreateUser, example = json!({
        "username": "ann",
        "display_name": "Ann Example",
        "email": "ann@example.org",
        "permissions": ["account_settings"],
    })),
    responses(
        (status = 201, description = "The user was created.", body = CreatedUser,
            headers(("Location"), ("ETag"))),
        CreateProblems,
    ),
)]
#[post("/v1/accounts/{account_id}/users")]
pub async fn create_user(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): CreateArgs,
) -> Result<HttpResponse> {
    let new = NewUser {
        username: request.username,
        display_name: request.display_name,
        email: request.email,
        permissions: request.permissions,
        send_mail: request.send_mail,
    };
    let created = app.service.create_user(&by, new, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/users/{}", by.account_id(), created.user.id);
    let etag = ETag(created.user.version);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).insert_header(etag).json(CreatedUser::from(created)))
}

type GetArgs = Then<Guarded<UserPermissions>, PathId<entity::User>>;

problems!(GetProblems = GetArgs);

/// Get a user
///
/// Includes the state of the second factor and the password.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 200, description = "The user.", body = User, headers(("ETag"))), GetProblems),
)]
#[get("/v1/accounts/{account_id}/users/{user_id}")]
pub async fn get_user(app: Data<App>, Then(by, PathId(user_id)): GetArgs) -> Result<HttpResponse> {
    let user = app.service.read_user(&by, user_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(user.version)).json(User::from(user)))
}

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

type UpdateArgs = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::User>, IfMatch, Body<UpdateUser>)>;

problems!(UpdateProblems = UpdateArgs, &[Code::Conflict]);

/// Update a user
///
/// Changes only the members in the body. If you change the username, the user must sign in with the new one from then
/// on; sessions continue. If you set the email address, even to the same value, you are responsible for it: an
/// activation code that is mailed there works only while you could grant every built-in permission that the user holds.
/// Rejected if the user holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath, IfMatchHeader),
    request_body(content = UpdateUser, example = json!({ "display_name": "Ann Example", "email": "ann@example.org" })),
    responses((status = 200, description = "The updated user.", body = User), UpdateProblems),
)]
#[patch("/v1/accounts/{account_id}/users/{user_id}")]
pub async fn update_user(
    app: Data<App>,
    Then(by, (PathId(user_id), if_match, Body(request))): UpdateArgs,
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

type DeleteArgs = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::User>, IfMatch)>;

problems!(DeleteProblems = DeleteArgs, &[Code::Conflict]);

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
    responses((status = 204, description = "The user was deleted."), DeleteProblems),
)]
#[delete("/v1/accounts/{account_id}/users/{user_id}")]
pub async fn delete_user(app: Data<App>, Then(by, (PathId(user_id), if_match)): DeleteArgs) -> Result<HttpResponse> {
    app.service.delete_user(&by, user_id, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
