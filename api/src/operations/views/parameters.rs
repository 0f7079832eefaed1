//! Parameters in the path and in headers, for the document. The values are read by the extractors.
#![expect(dead_code, reason = "the fields are read by the derive that documents them")]

use utoipa::IntoParams;
use uuid::Uuid;

/// The account in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AccountPath {
    /// The id of the account.
    #[param(example = "01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10")]
    account_id: Uuid,
}

/// Declares the path of something in an account.
macro_rules! paths {
    ($($(#[$about:meta])* $name:ident { $(#[$what:meta])* $id:ident = $example:literal })*) => {
        $(
            $(#[$about])*
            #[derive(IntoParams)]
            #[into_params(parameter_in = Path)]
            pub struct $name {
                /// The id of the account.
                #[param(example = "01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10")]
                account_id: Uuid,
                $(#[$what])*
                #[param(example = $example)]
                $id: Uuid,
            }
        )*
    };
}

paths! {
    /// The account and the user in the path.
    UserPath {
        /// The id of the user.
        user_id = "01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"
    }
    /// The account and the role in the path.
    RolePath {
        /// The id of the role.
        role_id = "01997f62-5b7e-7f43-9d1a-3f0c2b8a6e11"
    }
    /// The account and the API key in the path.
    ApiKeyPath {
        /// The id of the API key.
        key_id = "01997f63-0c5d-7b12-8e4f-5a6b7c8d9e0f"
    }
    /// The account and the password policy in the path.
    PasswordPolicyPath {
        /// The id of the password policy.
        policy_id = "01997f62-5b0d-7e21-8c3a-94d1e0f7a233"
    }
    /// The account and the job in the path.
    BulkJobPath {
        /// The id of the job.
        job_id = "01997f63-0c1d-7b52-8e77-51a2c3d4e5f6"
    }
    /// The account and the import in the path.
    ImportPath {
        /// The id of the import.
        import_id = "01997f61-2b7c-7d10-8a5e-90c1f2b3d4e5"
    }
}

/// The permission in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PermissionPath {
    /// The name of the permission.
    #[param(example = "crm.invoices.approve")]
    permission: String,
}

/// The version that the client has read.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfMatchHeader {
    // No example: the reference page would send it.
    /// The `ETag` that you read, such as `"v3"`. If the resource has changed since, the request is rejected with 412.
    /// Without this header, or with `*`, the change is made unconditionally.
    #[param(rename = "If-Match", required = false, nullable = false)]
    if_match: Option<String>,
}

/// The client's name for a request.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyKeyHeader {
    // No example: the reference page would send it, each time the same one.
    /// A unique name that you choose for this request, such as a UUID. If a reply is lost, send the same request again
    /// with the same key: the request is carried out once, and you get the first reply. The service remembers a key for
    /// one day.
    #[param(
        rename = "Idempotency-Key",
        required = false,
        nullable = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[!-~]+$"
    )]
    idempotency_key: Option<String>,
}

/// For requests whose reply shows secrets once, or uses something up.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct RepeatKeyHeader {
    // No example: the reference page would send it, each time the same one.
    /// A unique name that you choose for this request, such as a UUID. Choose a new one for each step. If a reply is lost,
    /// send the same request again, byte for byte, with the same key within 2 minutes: you get the first reply, as long
    /// as its session or its login goes on. Refused requests are not remembered.
    #[param(
        rename = "Idempotency-Key",
        required = false,
        nullable = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[!-~]+$"
    )]
    idempotency_key: Option<String>,
}
