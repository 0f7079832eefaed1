//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/send-activation`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Fresh, Guarded, OptionalBody, PathId, Then, UserPermissions},
    operations::views::{Activation, UserPath},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, GUESSABLE, problems},
    },
};

/// How the code gets to its user.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SendActivation {
    /// Also sends the code to the user's mail address. The reply has it all the same. Without it no
    /// mail is sent.
    #[serde(default)]
    #[schema(required = false)]
    send_mail: bool,
}

problems!(Problems = GUARDED, BODY, GUESSABLE, &[Code::ReauthenticationRequired, Code::Conflict]);

type Guard = Guarded<UserPermissions, Fresh>;
type Rest = (PathId<entity::User>, OptionalBody<SendActivation>);

/// Hand out a new activation code
///
/// For a user who has lost the code or the password. The reply carries the code, once; older codes are void. Whoever
/// has the code can become the user, so it is refused for somebody who holds what you could not grant. The body may be
/// left out. With `send_mail` the user gets the code by mail, too: a mail that comes to nothing stands in the audit
/// trail as `mail.failed`. Where the operator has set no mail server that is a `conflict`. So it is when whoever set
/// the address could not grant, at this moment, what of ours the user holds: set the address again, so that you answer
/// for it. Too many mails to one user are refused for a while; then older codes go on to work. Needs `user_permissions`
/// and a recent proof of who you are.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    request_body(extensions(("x-optional" = json!(true))), content = SendActivation, example = json!({ "send_mail": false })),
    responses((status = 200, description = "The new code.", body = Activation), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/send-activation")]
pub async fn send_activation(
    app: Data<App>,
    Then(by, (PathId(user_id), OptionalBody(request))): Then<Guard, Rest>,
) -> Result<HttpResponse> {
    let issued = app.service.send_activation(&by.actor, by.account_id, user_id, request.send_mail).await?;
    Ok(HttpResponse::Ok().json(Activation::from(issued)))
}
