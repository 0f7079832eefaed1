//! `POST /v1/accounts/{account_id}/user-imports`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};
use service::{ImportFormat, ImportUpload, UserImportView};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Fresh, Guarded, IdempotencyKey, Then, Upload, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, IdempotencyKeyHeader},
    problem::{Code, Problem, Result},
};

/// KiB of a file.
const FILE_KIB: usize = 64 * 1024;

/// The content of the file, sent as raw bytes.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only read by the derive that documents it")]
struct UserImportFile(Vec<u8>);

type Args = Then<Guarded<UserPermissions, Fresh>, (IdempotencyKey, Upload<FILE_KIB>)>;

problems!(Problems = Args, &[Code::ValidationFailed, Code::Conflict]);

/// Import users
///
/// Imports users from another system, with their password hashes and authenticator apps. The file is NDJSON or CSV,
/// with at most 64 MiB and 1,000,000 records. Records are imported one after another in the background. To see the
/// progress, use `GET …/user-imports/{import_id}`.
///
/// Fields: `username` (required), `display_name`, `email`, `status` (`active` or `disabled`), `permissions` (in CSV,
/// separated by spaces, semicolons or commas), `password_hash` (Argon2, bcrypt, scrypt, PBKDF2-SHA256 or PBKDF2-SHA512,
/// as a PHC string or in the format of Django), `password_changed_at`, `must_change_password`, and either `totp_secret`
/// (base32) or `totp_migration` (an `otpauth://totp/` or `otpauth-migration://` URI with one account). A CSV file
/// begins with a header that names its columns.
///
/// A record that cannot be imported is reported with its line number; the other records are imported. The first 10,000
/// errors of a file are kept. Up to ten imports of an account may be open at the same time; accounts take turns. An
/// existing user is never changed: a record that was imported before counts as `unchanged`; a different record with the
/// same username is reported as `conflict`. When the account has as many users as its plan allows, records of new users
/// are reported as `limit_reached`. You can grant only built-in permissions that you hold yourself, and permissions
/// that applications have registered; a record with any other is reported as `grant_refused` or `unknown_permission`. A
/// user without `password_hash` needs an activation code. An imported authenticator app is required at every sign-in,
/// whatever the two-factor policy says.
#[utoipa::path(
    tag = "user-imports",
    params(AccountPath, IdempotencyKeyHeader),
    request_body(
        description = "The file.",
        content(
            (UserImportFile = "text/csv", example = "username,email\nann,ann@example.org\n"),
            (UserImportFile = "application/x-ndjson", example = "{\"username\":\"ann\",\"email\":\"ann@example.org\"}\n"),
        ),
    ),
    responses(
        (status = 202, description = "The file was received and will be imported.", body = UserImportView,
            headers(("Location" = String, description = "The path of the import."))),
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/user-imports")]
pub async fn import_users(app: Data<App>, http: HttpRequest, Then(by, (key, mut file)): Args) -> Result<HttpResponse> {
    let format = ImportFormat::of_media_type(file.media_type()).ok_or_else(|| {
        let detail = "Send the file with `Content-Type: application/x-ndjson` or `text/csv`.";
        Problem::new(Code::UnsupportedMediaType, detail)
    })?;
    let mut upload = app.service.receive_user_import(&by, format).await?;
    let digest = match receive(&mut file, &mut upload).await {
        Ok(digest) => digest,
        Err(problem) => {
            upload.abandon().await;
            return Err(problem);
        }
    };
    let view = upload.finish(key.bound_to_digest(&http, &digest)).await?;
    let location = format!("/v1/accounts/{}/user-imports/{}", by.account_id(), view.id);
    Ok(HttpResponse::Accepted().insert_header((LOCATION, location)).json(view))
}

/// Passes the file on, and returns its SHA-256.
async fn receive(file: &mut Upload<FILE_KIB>, upload: &mut ImportUpload) -> Result<[u8; 32]> {
    let mut digest = Sha256::new();
    while let Some(piece) = file.next().await? {
        digest.update(&piece);
        upload.push(&piece).await?;
    }
    Ok(digest.finalize().into())
}
