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
    /// The user's recovery codes; null for a user who has never received any.
    #[schema(required = true)]
    recovery_codes: Option<RecoveryCodesLeft>,
}

/// What a user has left for the day when the device is lost.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodesLeft {
    /// The number of unused codes.
    #[schema(examples(10))]
    left: u32,
    /// Whether the user has confirmed that they have kept the codes. If not, the user may never have seen them: offer new
    /// ones.
    acknowledged: bool,
}

impl From<service::RecoveryCodes> for RecoveryCodesLeft {
    fn from(codes: service::RecoveryCodes) -> Self {
        Self { left: codes.left, acknowledged: codes.acknowledged }
    }
}

type GetArgs = Person;

problems!(GetProblems = GetArgs);

/// Get the signed-in user
///
/// Returns the current state of the user, the account and the session that the access token belongs to.
#[utoipa::path(
    tag = "me",
    responses((status = 200, description = "The signed-in user.", body = Me), GetProblems),
)]
#[get("/v1/me")]
pub async fn get_me(app: Data<App>, by: GetArgs) -> Result<HttpResponse> {
    let service::Me { user, account, session, recovery_codes } = app.service.me(&by.0).await?;
    let password_expires_at = user.password.expires_at;
    let (user, account, session) = (user.into(), account.into(), session.into());
    let recovery_codes = recovery_codes.map(RecoveryCodesLeft::from);
    Ok(HttpResponse::Ok().json(Me { user, account, session, password_expires_at, recovery_codes }))
}
