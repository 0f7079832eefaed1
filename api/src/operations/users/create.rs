//! `POST /v1/accounts/{account_id}/users`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};
use serde::{Deserialize, Serialize};
use service::NewUser;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IdempotencyKey, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, Activation, IdempotencyKeyHeader, User},
    problem::{Code, Result},
};

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
    /// Also sends the activation code to `email` once the user is created. The reply contains it in any case. Without
    /// it, no email is sent.
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

type Args = Then<Guarded<UserPermissions, Fresh>, (IdempotencyKey, Body<CreateUser>)>;

problems!(Problems = Args, &[Code::TooManyRequests, Code::Conflict, Code::LimitReached]);

/// Create a user
///
/// The reply contains an activation code, which is shown only once. Give it to the user, who exchanges it for a
/// password at `POST /v1/activations`. Nobody else ever knows the password. With `send_mail`, the user also gets the
/// code by email; an email that cannot be delivered is recorded as the audit event `mail.failed`. If the operator has
/// not configured a mail server, `send_mail` fails with `conflict`; too many emails to one address are rejected for a
/// while. In both cases, no user is created. An account cannot have more users than its plan allows.
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
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/users")]
pub async fn create_user(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Args,
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
