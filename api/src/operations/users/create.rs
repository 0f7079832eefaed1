//! `POST /v1/accounts/{account_id}/users`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};
use serde::{Deserialize, Serialize};
use service::NewUser;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IdempotencyKey, Then, UserPermissions},
    operations::views::{AccountPath, Activation, IdempotencyKeyHeader, User},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, GUESSABLE, problems},
    },
};

/// Who is to be created.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// The name to sign in with: 1 to 128 characters of any script, unique in the account without regard to case,
    /// and not to be mistaken for another one there.
    #[schema(min_length = 1, max_length = 128, examples("ann"))]
    username: String,
    /// The name for people.
    #[schema(min_length = 1, max_length = 200, examples("Ann Example"))]
    display_name: Option<String>,
    /// The mail address.
    #[schema(min_length = 3, max_length = 254, examples("ann@example.org"))]
    email: Option<String>,
    /// What the user is to hold, by name (`GET /v1/permissions` lists them). You can grant only what you hold yourself, and
    /// what applications have registered.
    #[serde(default)]
    #[schema(max_items = 100, examples(json!(["account_settings"])))]
    #[validate(length(max = 100))]
    permissions: Vec<String>,
    /// Also sends the activation code to `email`, once the user is created. The reply has it all the same. Without it
    /// no mail is sent.
    #[serde(default)]
    #[schema(required = false)]
    send_mail: bool,
}

/// The user, and the code that makes a first password.
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

problems!(
    Problems = GUARDED,
    BODY,
    GUESSABLE,
    &[Code::ReauthenticationRequired, Code::Conflict, Code::LimitReached, Code::IdempotencyKeyReused]
);

/// Create a user
///
/// The reply carries an activation code, once: hand it to the user, who exchanges it for a password at
/// `POST /v1/activations`. Nobody else ever knows the password. With `send_mail` the user gets the code by mail, too: a mail
/// that comes to nothing stands in the audit trail as `mail.failed`. Where the operator has set no mail server that is a
/// `conflict`, and too many mails to one address are refused for a while; then no user is created. An account has no more
/// users than its plan allows. Needs `user_permissions`.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(AccountPath, IdempotencyKeyHeader),
    request_body(content = CreateUser, example = json!({
        "username": "ann",
        "display_name": "Ann Example",
        "email": "ann@example.org",
        "permissions": ["account_settings"],
    })),
    responses(
        (status = 201, description = "The user is created.", body = CreatedUser,
            headers(("Location"), ("ETag"))),
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/users")]
pub async fn create_user(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): Then<Guarded<UserPermissions, Fresh>, (IdempotencyKey, Body<CreateUser>)>,
) -> Result<HttpResponse> {
    let new = NewUser {
        username: request.username,
        display_name: request.display_name,
        email: request.email,
        permissions: request.permissions,
        send_mail: request.send_mail,
    };
    let created = app.service.create_user(&by.actor, by.account_id, new, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/users/{}", by.account_id, created.user.id);
    let etag = ETag(created.user.version);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).insert_header(etag).json(CreatedUser::from(created)))
}
