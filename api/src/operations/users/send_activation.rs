//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/send-activation`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Fresh, Guarded, OptionalBody, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::{Activation, UserPath},
    problem::{Code, Result},
};

/// How the code reaches its user.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SendActivation {
    /// Also sends the code to the user's email address. The reply contains it in any case. Without it, no email is
    /// sent.
    #[serde(default)]
    #[schema(required = false)]
    send_mail: bool,
}

type Args = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::User>, OptionalBody<SendActivation>)>;

problems!(Problems = Args, &[Code::TooManyRequests, Code::Conflict]);

/// Issue a new activation code
///
/// For a user who has lost the activation code or the password. The reply contains the code, which is shown only once;
/// older codes become invalid. Anybody with the code can take over the user, so the request is rejected if the user
/// holds a permission that you could not grant. The body is optional.
///
/// With `send_mail`, the user also gets the code by email; an email that cannot be delivered is recorded as the audit
/// event `mail.failed`. `send_mail` fails with `conflict` if the operator has not configured a mail server, or if
/// whoever set the email address could not currently grant every built-in permission that the user holds. In the second
/// case, set the address again, so that you are responsible for it. Too many emails to one user are rejected for a
/// while; older codes then keep working.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    request_body(extensions(("x-optional" = json!(true))), content = SendActivation, example = json!({ "send_mail": false })),
    responses((status = 200, description = "The new code.", body = Activation), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/send-activation")]
pub async fn send_activation(
    app: Data<App>,
    Then(by, (PathId(user_id), OptionalBody(request))): Args,
) -> Result<HttpResponse> {
    let issued = app.service.send_activation(&by, user_id, request.send_mail).await?;
    Ok(HttpResponse::Ok().json(Activation::from(issued)))
}
