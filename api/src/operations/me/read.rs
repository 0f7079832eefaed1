//! `GET /v1/me`

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::Person,
    openapi::problems,
    operations::views::{Account, Session, User},
    problem::Result,
};

/// The signed-in user, with the account and the session.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The user.
    user: User,
    /// The user's account.
    account: Account,
    /// The session of this request.
    session: Session,
    /// When the password expires; null: never.
    #[schema(required = true, examples("2026-04-30T12:00:00Z"))]
    password_expires_at: Option<DateTime<Utc>>,
}

type Args = Person;

problems!(Problems = Args);

/// Get the signed-in user
///
/// Returns the current state of the user, the account and the session that the access token belongs to.
#[utoipa::path(
    tag = "me",
    responses((status = 200, description = "The signed-in user.", body = Me), Problems),
)]
#[get("/v1/me")]
pub async fn get_me(app: Data<App>, by: Args) -> Result<HttpResponse> {
    let (user, account, session) = app.service.me(&by.0).await?;
    let password_expires_at = user.password.expires_at;
    let (user, account, session) = (user.into(), account.into(), session.into());
    Ok(HttpResponse::Ok().json(Me { user, account, session, password_expires_at }))
}
