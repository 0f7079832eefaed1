//! `GET /v1/accounts/{account_id}/user-imports/{import_id}/errors`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use kernel::entity;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Guarded, Paging, PathId, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::{ImportPath, paged},
    problem::Result,
};

/// A page of records that could not be imported.
#[derive(Serialize, ToSchema)]
pub struct UserImportErrorPage {
    /// The records, in the order of their lines.
    items: Vec<UserImportError>,
    /// Send it as `cursor` to get the next page; null on the last page. More records may be added while the import is
    /// running.
    #[schema(required = true, examples("MTc"))]
    next_cursor: Option<String>,
}

/// A record that could not be imported.
#[derive(Serialize, ToSchema)]
pub struct UserImportError {
    /// The number of the line where the record begins, starting at 1.
    #[schema(minimum = 1, examples(17))]
    line: u32,
    /// The reason, for programs: `line_too_long`, `not_utf8`, `malformed`, `required`, `invalid`, `unknown_permission`,
    /// `invalid_password_hash`, `invalid_totp`, `grant_refused`, `conflict`, `limit_reached` or `internal_error`. More
    /// values may be added.
    #[schema(examples("invalid_password_hash"))]
    code: String,
    /// The reason, for people. It never repeats content of the record.
    #[schema(examples("the password hash costs too much to check: bcrypt with a cost over 14"))]
    message: String,
}

type Args = Then<Guarded<UserPermissions>, (PathId<entity::UserImport>, Query<Paging>)>;

problems!(Problems = Args);

/// List the errors of a user import
///
/// Returns the first 10,000 records of the file that could not be imported, with their line numbers and the reasons.
/// `errors_not_kept` of the import says how many more there were.
#[utoipa::path(
    tag = "user-imports",
    params(ImportPath, Paging),
    responses((status = 200, description = "A page of errors.", body = UserImportErrorPage), Problems),
)]
#[get("/v1/accounts/{account_id}/user-imports/{import_id}/errors")]
pub async fn list_user_import_errors(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (PathId(import), Query(paging))): Args,
) -> Result<HttpResponse> {
    let page = app.service.list_user_import_errors(&by, import, paging.after()?, paging.limit()).await?;
    let error =
        |error: service::LineError| UserImportError { line: error.line, code: error.code, message: error.message };
    Ok(paged(&http, page, |items, next_cursor| UserImportErrorPage {
        items: items.into_iter().map(error).collect(),
        next_cursor,
    }))
}
