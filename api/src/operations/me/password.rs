//! The signed-in user's password: `/v1/me/password`

use actix_web::{HttpResponse, post, web::Data};
use secrecy::SecretString;
use serde::Deserialize;
use service::NewOwnPassword;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, Person, Then},
    openapi::problems,
    operations::{
        text::{new_password, password},
        views::{CheckOwnPassword, PasswordCheck},
    },
    problem::{Code, Result},
};

/// The current password and the new one.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ChangeMyPassword {
    /// The current password.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256, examples("correct horse battery staple"))]
    current_password: SecretString,
    /// The new password: 1 to 256 characters of any kind, used exactly as sent.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256, examples("a longer horse battery staple"))]
    new_password: SecretString,
}

type ChangePasswordArgs = Then<Person, Body<ChangeMyPassword>>;

problems!(
    ChangePasswordProblems = ChangePasswordArgs,
    &[Code::TooManyRequests, Code::InvalidCredentials, Code::PasswordRefused]
);

/// Change your own password
///
/// Requires the current password. All other sessions of the user end; this one continues.
#[utoipa::path(
    tag = "me",
    request_body(content = ChangeMyPassword, example = json!({
        "current_password": "correct horse battery staple",
        "new_password": "a longer horse battery staple",
    })),
    responses((status = 204, description = "The password was changed."), ChangePasswordProblems),
)]
#[post("/v1/me/password")]
pub async fn change_my_password(app: Data<App>, Then(by, Body(request)): ChangePasswordArgs) -> Result<HttpResponse> {
    let passwords = NewOwnPassword {
        current_password: password("/current_password", request.current_password)?,
        new_password: new_password("/new_password", request.new_password)?,
    };
    app.service.change_own_password(&by.0, passwords).await?;
    Ok(HttpResponse::NoContent().finish())
}

type CheckPasswordArgs = Then<Person, Body<CheckOwnPassword>>;

problems!(CheckPasswordProblems = CheckPasswordArgs, &[Code::TooManyRequests]);

/// Check your new password
///
/// For live feedback while the user types. Returns the rules of the user's policy that the password breaks, and how
/// hard it is to guess. Nothing is stored. Does not check whether the password was used before.
#[utoipa::path(
    tag = "me",
    request_body(content = CheckOwnPassword, example = json!({ "password": "a longer horse battery staple" })),
    responses((status = 200, description = "The result of the check.", body = PasswordCheck), CheckPasswordProblems),
)]
#[post("/v1/me/password/check")]
pub async fn check_my_password(app: Data<App>, Then(by, Body(request)): CheckPasswordArgs) -> Result<HttpResponse> {
    let checked = app.service.check_own_password(&by.0, request.password).await?;
    Ok(HttpResponse::Ok().json(PasswordCheck::from(checked)))
}
