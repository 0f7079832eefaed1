//! Who is assigned a policy: `/v1/accounts/{account_id}/password-policies/{policy_id}/assignments`

use actix_web::{HttpResponse, get, put, web::Data};
use kernel::entity;
use serde::{Deserialize, Serialize};
use service::{AssignmentsDraft, AssignmentsView};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PasswordManagement, PathId, Then},
    openapi::problems,
    operations::views::{IfMatchHeader, PasswordPolicyPath},
    problem::{Code, Result},
};

/// The new assignments of a password policy.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicyAssignmentsDraft {
    /// The ids of users. Every id must belong to a user of this account; the error names each one that does not.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 10000, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Vec<String>,
    /// The ids of roles. The policy applies to every user who has one of them. Every id must belong to a role of this
    /// account; the error names each one that does not.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 100, examples(json!(["01997f61-3b0e-7d15-9c42-8a6f0d5e2b19"])))]
    #[validate(length(max = 100))]
    role_ids: Vec<String>,
    /// The names of permissions. The policy applies to every user who holds one of them.
    #[serde(default)]
    #[schema(max_items = 100, examples(json!(["user_permissions"])))]
    #[validate(length(max = 100))]
    permissions: Vec<String>,
    /// The precedence among several policies that reach a user through roles, or through permissions: the smaller
    /// number comes first, then the policy's name. Assignments to the user come before those to roles, and those before
    /// assignments to permissions.
    #[schema(minimum = 0, maximum = 1000, default = 100, nullable = false, examples(100))]
    priority: Option<i64>,
}

/// The assignments of a password policy.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyAssignments {
    /// The ids of users, in ascending order.
    #[schema(examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Vec<Uuid>,
    /// The ids of roles, in ascending order. The policy applies to every user who has one of them.
    #[schema(examples(json!(["01997f61-3b0e-7d15-9c42-8a6f0d5e2b19"])))]
    role_ids: Vec<Uuid>,
    /// The names of permissions. The policy applies to every user who holds one of them.
    #[schema(examples(json!(["user_permissions"])))]
    permissions: Vec<String>,
    /// The precedence among several policies that reach a user through roles, or through permissions: the smaller
    /// number comes first, then the policy's name.
    #[schema(examples(100))]
    priority: u16,
}

impl From<PasswordPolicyAssignmentsDraft> for AssignmentsDraft {
    fn from(draft: PasswordPolicyAssignmentsDraft) -> Self {
        let PasswordPolicyAssignmentsDraft { user_ids, role_ids, permissions, priority } = draft;
        Self { user_ids, role_ids, permissions, priority }
    }
}

impl From<AssignmentsView> for PasswordPolicyAssignments {
    fn from(view: AssignmentsView) -> Self {
        let user_ids = view.user_ids.into_iter().map(kernel::UserId::as_uuid).collect();
        let role_ids = view.role_ids.into_iter().map(kernel::RoleId::as_uuid).collect();
        Self { user_ids, role_ids, permissions: view.permissions, priority: view.priority }
    }
}

type GetArgs = Then<Guarded<PasswordManagement>, PathId<entity::PasswordPolicy>>;

problems!(GetProblems = GetArgs);

/// Get the assignments of a password policy
///
/// To see which policy applies to a user, use `GET …/users/{user_id}`.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath),
    responses((status = 200, description = "The assignments.", body = PasswordPolicyAssignments, headers(("ETag"))), GetProblems),
)]
#[get("/v1/accounts/{account_id}/password-policies/{policy_id}/assignments")]
pub async fn get_password_policy_assignments(
    app: Data<App>,
    Then(by, PathId(policy)): GetArgs,
) -> Result<HttpResponse> {
    let found = app.service.read_password_policy_assignments(&by, policy).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(found.version)).json(PasswordPolicyAssignments::from(found)))
}

/// KiB of a body: 10,000 ids take about 400.
const BODY_KIB: usize = 512;

type ReplaceArgs = Then<
    Guarded<PasswordManagement, Fresh>,
    (PathId<entity::PasswordPolicy>, IfMatch, Body<PasswordPolicyAssignmentsDraft, BODY_KIB>),
>;

problems!(ReplaceProblems = ReplaceArgs, &[Code::Conflict]);

/// Replace the assignments of a password policy
///
/// The policy applies to these users, to all users who have one of these roles, and to all users who hold one of these
/// permissions, from the next step of every login. Assignments to the user come before those to roles, and those before
/// assignments to permissions. If no assignment reaches a user, the default policy applies. The `ETag` is that of the
/// policy.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath, IfMatchHeader),
    request_body(content = PasswordPolicyAssignmentsDraft, example = json!({ "permissions": ["user_permissions"], "priority": 100 })),
    responses((status = 200, description = "The updated assignments.", body = PasswordPolicyAssignments, headers(("ETag"))), ReplaceProblems),
)]
#[put("/v1/accounts/{account_id}/password-policies/{policy_id}/assignments")]
pub async fn replace_password_policy_assignments(
    app: Data<App>,
    Then(by, (PathId(policy), if_match, Body(request))): ReplaceArgs,
) -> Result<HttpResponse> {
    let (seen, draft) = (if_match.version()?, request.into());
    let now = app.service.replace_password_policy_assignments(&by, policy, &draft, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(now.version)).json(PasswordPolicyAssignments::from(now)))
}
