#![doc = include_str!("../README.md")]

mod authority;
mod base;
mod directory;
mod jobs;
mod platform;
mod policies;
mod sign_in;

pub use ::audit::{Action as AuditAction, Entry as AuditEntry, Outcome as AuditOutcome};
pub use auth::challenge::Next;
pub use authority::allowed::Allowed;
pub use base::activation_url::{ActivationUrl, NotAnActivationUrl};
pub use base::error::{Error, FieldError, Holder, Result};
pub use base::idempotency::IdempotencyKey;
pub use base::model::{
    Actor, Credential, IssuedActivation, Page, PresentedKey, QrPayload, SignedIn, Source, Versioned,
};
pub use base::platform_account::PLATFORM_SLUG;
pub use base::seal::{MasterKey, MasterKeyError, PrivateFileError, read_private_file};
pub use base::service::Service;
pub use base::settings::{HashingSettings, Settings, Throttles};
pub use base::tokens::{Claims, PublicKey};
pub use breach::Breaches;
pub use directory::accounts::{AccountChange, AccountView, CreatedAccount, LimitChange, LimitsChange, NewAccount};
pub use directory::api_keys::{ApiKeyDraft, ApiKeyView, IssuedApiKey};
pub use directory::audit_events::{AuditExport, AuditVerification};
pub use directory::catalogue::{CataloguedPermission, NewPermission};
pub use directory::roles::{RoleDraft, RoleView};
pub use directory::users::{
    CreatedUser, FieldChange, NewUser, Origin, PasswordState, TwoFactorState, TwoFactorView, UserChange, UserCursor,
    UserPermissions, UserQuery, UserRoles, UserSort, UserView,
};
pub use jobs::bulk_jobs::{
    BulkAction, BulkCreator, BulkJobView, BulkOutcomeFilter, BulkOutcomeView, BulkRequest, BulkSelection,
    TakenActivation, TakenActivations,
};
pub use jobs::reports::{
    PasswordCounts, PasswordReport, PolicyCounts, RoleCounts, TrendPoint, TwoFactorCounts, TwoFactorReport,
};
pub use jobs::user_imports::{
    ImportFormat, ImportOutcome, ImportStatus, ImportUpload, LineError, OperatorImport, Tally, UserImportView,
};
pub use password_policy::HashParams;
pub use permissions::{Permission, PermissionSet};
pub use platform::{Examination, InitialActivation, StartError, examine};
pub use policies::password_policies::{
    AssignmentsDraft, AssignmentsView, PasswordCheck, PasswordPolicyDraft, PasswordPolicyPreset, PasswordPolicyPreview,
    PasswordPolicyView, PasswordView, password_policy_presets,
};
pub use policies::two_factor_policy::{
    PolicyUsersPage, PolicyView, Preview, PreviewGroup, PreviewPage, PreviewedUser, TwoFactorPolicyDraft,
};
pub use sign_in::login::{Credentials, EnrollmentConfirmed};
pub use sign_in::me::{Me, NewOwnPassword, Reauthenticated, Reauthentication, RecoveryCodes};
pub use sign_in::session::Introspection;
pub use sign_in::{Authenticated, ChallengeView, LoginResult, PasswordChangeStep, SessionView, TotpStep};
pub use store::tables::{
    base::audit_events::Filters as AuditFilters,
    directory::accounts::{AccountFilter, Status as AccountStatus},
    jobs::two_factor_days::TwoFactorDay,
};
