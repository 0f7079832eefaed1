#![doc = include_str!("../README.md")]

mod accounts;
mod acting;
mod activation;
mod api_keys;
mod audit;
mod background;
mod bulk_jobs;
mod catalogue;

mod error;
mod hashing;
mod idempotency;
mod login;
mod mails;
mod maintenance;
mod me;
mod model;
mod password_policies;
mod platform;
mod reports;
mod roles;
mod seal;
mod service;
mod session;
mod settings;
mod sign_in;
mod tokens;
mod two_factor_policy;
mod user_imports;
mod users;

pub use self::audit::{AuditExport, AuditVerification};
pub use ::audit::{Action as AuditAction, Entry as AuditEntry, Outcome as AuditOutcome};
pub use accounts::{AccountChange, AccountView, CreatedAccount, LimitChange, LimitsChange, NewAccount};
pub use activation::IssuedActivation;
pub use api_keys::{ApiKeyDraft, ApiKeySecretView, ApiKeyStatus, ApiKeyView, IssuedApiKey};
pub use auth::challenge::Next;
pub use breach::Breaches;
pub use bulk_jobs::{
    BulkAction, BulkCreator, BulkJobView, BulkOutcomeFilter, BulkOutcomeView, BulkRequest, BulkSelection,
    TakenActivation, TakenActivations,
};
pub use catalogue::{CataloguedPermission, NewPermission};
pub use error::{Error, FieldError, Holder, Result};
pub use idempotency::IdempotencyKey;
pub use login::{Credentials, EnrollmentConfirmed};
pub use mails::{ActivationUrl, NotAnActivationUrl};
pub use me::{NewOwnPassword, Reauthenticated, Reauthentication};
pub use model::{
    Actor, Authenticated, ChallengeView, Credential, LoginResult, Page, PasswordChangeStep, PasswordView, PresentedKey,
    QrPayload, SessionView, SignedIn, Source, TotpStep, TwoFactorView, UserView,
};
pub use password_policies::{
    AssignmentsDraft, AssignmentsView, PasswordCheck, PasswordPolicyDraft, PasswordPolicyPreview, PasswordPolicyView,
    PresetView, password_policy_presets,
};
pub use password_policy::HashParams;
pub use permissions::{Permission, PermissionSet};
pub use platform::{Examination, InitialActivation, PLATFORM_SLUG, examine};
pub use reports::{
    PasswordCounts, PasswordReport, PolicyCounts, RoleCounts, TrendPoint, TwoFactorCounts, TwoFactorReport,
};
pub use roles::{RoleDraft, RoleView};
pub use seal::{MasterKey, MasterKeyError, PrivateFileError, read_private_file};
pub use service::{Service, StartError};
pub use session::Introspection;
pub use settings::{HashingSettings, Settings, Throttles};
pub use store::tables::{
    accounts::{AccountFilter, Status as AccountStatus},
    audit_events::Filters as AuditFilters,
    two_factor_days::TwoFactorDay,
};
pub use tokens::{Claims, PublicKey};
pub use two_factor_policy::{
    PolicyDraft, PolicyUsersPage, PolicyView, Preview, PreviewGroup, PreviewPage, PreviewedUser,
};
pub use user_imports::{
    ImportFormat, ImportOutcome, ImportStatus, ImportUpload, LineError, OperatorImport, Tally, UserImportView,
};
pub use users::{
    CreatedUser, FieldChange, NewUser, Origin, PasswordState, TwoFactorState, UserChange, UserCursor, UserPermissions,
    UserQuery, UserRoles, UserSort,
};
