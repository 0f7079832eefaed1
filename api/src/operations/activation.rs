//! First passwords.

use crate::operations::registry::Registry;
use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ClientSource, IdempotencyKey, Then},
    openapi::problems,
    operations::{text::new_password, views::RepeatKeyHeader},
    problem::{Code, Result},
};

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config.service(activate_user);
}

/// An activation code and the user's new password.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ActivateUser {
    /// The activation code that an administrator handed out.
    #[schema(value_type = String, format = Password, examples("lk_act_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U"))]
    code: SecretString,
    /// The new password: up to 256 characters of any kind, used exactly as sent.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256, examples("correct horse battery staple"))]
    new_password: SecretString,
}

type Args = Then<IdempotencyKey, Body<ActivateUser>>;

problems!(Problems = Args, &[Code::TooManyRequests, Code::InvalidCode, Code::PasswordRefused]);

/// Set a first password
///
/// Exchanges an activation code for a password that only the user knows. The code works once, and using it ends all
/// sessions of the user. A rejected password does not use up the code. Sign in afterwards.
#[utoipa::path(
    tag = "activation",
    params(RepeatKeyHeader),
    request_body(content = ActivateUser, example = json!({
        "code": "lk_act_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U",
        "new_password": "correct horse battery staple",
    })),
    responses((status = 204, description = "The password is set."), Problems),
)]
#[post("/v1/activations")]
pub async fn activate_user(
    app: Data<App>,
    http: HttpRequest,
    source: ClientSource,
    Then(key, Body(request)): Args,
) -> Result<HttpResponse> {
    let password = new_password("/new_password", request.new_password)?;
    app.service.activate(request.code.expose_secret(), password, &source.0, key.bound_to(&http)).await?;
    Ok(HttpResponse::NoContent().finish())
}
