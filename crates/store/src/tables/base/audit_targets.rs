//! How events name rows of other tables: by id and by their name at that time, and by nothing else.

use audit::{Target, TargetKind};

use crate::tables::{
    directory::{accounts::Account, api_keys::ApiKey, roles::Role, users::User},
    jobs::{bulk_jobs::BulkJob, user_imports::UserImport},
    policies::password_policies::StoredPolicy,
};

impl From<&Account> for Target {
    fn from(account: &Account) -> Self {
        Self { kind: TargetKind::Account, id: Some(account.id.as_uuid()), name: Some(account.slug.clone()) }
    }
}

impl From<&User> for Target {
    fn from(user: &User) -> Self {
        Self { kind: TargetKind::User, id: Some(user.id.as_uuid()), name: Some(user.username.clone()) }
    }
}

impl From<&Role> for Target {
    fn from(role: &Role) -> Self {
        Self { kind: TargetKind::Role, id: Some(role.id.as_uuid()), name: Some(role.name.clone()) }
    }
}

impl From<&ApiKey> for Target {
    fn from(key: &ApiKey) -> Self {
        Self { kind: TargetKind::ApiKey, id: Some(key.id.as_uuid()), name: Some(key.name.clone()) }
    }
}

impl From<&StoredPolicy> for Target {
    fn from(stored: &StoredPolicy) -> Self {
        let name = stored.policy.name().to_owned();
        Self { kind: TargetKind::PasswordPolicy, id: Some(stored.id.as_uuid()), name: Some(name) }
    }
}

impl From<&BulkJob> for Target {
    fn from(job: &BulkJob) -> Self {
        Self { kind: TargetKind::BulkJob, id: Some(job.id.as_uuid()), name: None }
    }
}

impl From<&UserImport> for Target {
    fn from(import: &UserImport) -> Self {
        Self { kind: TargetKind::UserImport, id: Some(import.id.as_uuid()), name: None }
    }
}
