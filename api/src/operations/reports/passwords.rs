//! `GET /v1/accounts/{account_id}/reports/passwords`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use service::{PasswordCounts, PasswordReport as Report, PolicyCounts};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    CSV, JSON, as_csv, chosen,
    csv_table::{Cell, table},
    form_of,
};
use crate::{
    app::App,
    extract::{AccountSettings, Guarded, OneOf, PasswordManagement},
    openapi::problems,
    operations::views::{AccountPath, Download},
    problem::{Code, Result},
};

/// The state of passwords in an account. Disabled users are not counted.
#[derive(Serialize, ToSchema)]
pub struct PasswordReport {
    /// When the numbers were taken.
    #[schema(examples("2026-11-24T12:00:00Z"))]
    as_of: DateTime<Utc>,
    /// All users.
    total: PasswordNumbers,
    /// The users of each policy, oldest policy first. Policies that are neither the default nor assigned are omitted.
    by_policy: Vec<PasswordPolicyNumbers>,
}

/// Numbers of users, by the state of their password. Each user is counted in exactly one of `fine`,
/// `expiring_within_30_days`, `expired`, `change_required` and `not_set`.
#[derive(Serialize, ToSchema)]
pub struct PasswordNumbers {
    /// All users.
    #[schema(examples(120))]
    users: u64,
    /// The password is valid and does not expire within 30 days.
    #[schema(examples(80))]
    fine: u64,
    /// The password is valid and expires within 7 days.
    #[schema(examples(4))]
    expiring_within_7_days: u64,
    /// The password is valid and expires within 14 days, including those that expire within 7 days.
    #[schema(examples(9))]
    expiring_within_14_days: u64,
    /// The password is valid and expires within 30 days, including those that expire within 14 days.
    #[schema(examples(20))]
    expiring_within_30_days: u64,
    /// The password has expired.
    #[schema(examples(10))]
    expired: u64,
    /// The password must be changed at the next sign-in because an administrator requires it.
    #[schema(examples(3))]
    change_required: u64,
    /// No password has been set yet.
    #[schema(examples(7))]
    not_set: u64,
    /// The password was imported with the user and has not been changed since. These users are also counted in one of
    /// the numbers above.
    #[schema(examples(2))]
    never_changed: u64,
}

/// The users to whom one policy applies.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyNumbers {
    /// The id of the policy.
    #[schema(examples("01997f61-3c5d-7d21-a7b0-92c41f5e8d33"))]
    policy_id: Uuid,
    /// The name of the policy.
    #[schema(examples("Basic"))]
    policy: String,
    /// Whether the policy is the account's default.
    #[schema(examples(true))]
    is_default: bool,
    /// A password expires this number of days after its last change; null: never.
    #[schema(required = true, examples(90))]
    expires_after_days: Option<u16>,
    /// The users of the policy.
    numbers: PasswordNumbers,
}

impl From<PasswordCounts> for PasswordNumbers {
    fn from(counts: PasswordCounts) -> Self {
        let number = |count| u64::try_from(count).unwrap_or(0);
        Self {
            users: number(counts.users),
            fine: number(counts.fine),
            expiring_within_7_days: number(counts.within_7_days),
            expiring_within_14_days: number(counts.within_14_days),
            expiring_within_30_days: number(counts.within_30_days),
            expired: number(counts.expired),
            change_required: number(counts.change_required),
            not_set: number(counts.not_set),
            never_changed: number(counts.never_changed),
        }
    }
}

impl From<PolicyCounts> for PasswordPolicyNumbers {
    fn from(policy: PolicyCounts) -> Self {
        Self {
            policy_id: policy.policy_id.as_uuid(),
            policy: policy.name,
            is_default: policy.is_default,
            expires_after_days: policy.expires_after_days,
            numbers: policy.counts.into(),
        }
    }
}

impl From<Report> for PasswordReport {
    fn from(report: Report) -> Self {
        Self {
            as_of: report.as_of,
            total: report.total.into(),
            by_policy: report.by_policy.into_iter().map(Into::into).collect(),
        }
    }
}

const HEADER: [&str; 13] = [
    "section",
    "policy_id",
    "policy",
    "expires_after_days",
    "users",
    "fine",
    "expiring_within_7_days",
    "expiring_within_14_days",
    "expiring_within_30_days",
    "expired",
    "change_required",
    "not_set",
    "never_changed",
];

impl PasswordReport {
    /// One row for the total, one for each policy.
    fn table(&self) -> Result<String> {
        let ids: Vec<_> = self.by_policy.iter().map(|policy| policy.policy_id.to_string()).collect();
        let mut rows = vec![line([Cell::Text("total"), Cell::Empty, Cell::Empty, Cell::Empty], &self.total)];
        for (policy, id) in self.by_policy.iter().zip(&ids) {
            let days = policy.expires_after_days.map_or(Cell::Empty, |days| Cell::Number(days.into()));
            rows.push(line([Cell::Text("policy"), Cell::Text(id), Cell::Text(&policy.policy), days], &policy.numbers));
        }
        table(&HEADER, rows)
    }
}

fn line<'a>(what: [Cell<'a>; 4], numbers: &PasswordNumbers) -> Vec<Cell<'a>> {
    let numbers = [
        numbers.users,
        numbers.fine,
        numbers.expiring_within_7_days,
        numbers.expiring_within_14_days,
        numbers.expiring_within_30_days,
        numbers.expired,
        numbers.change_required,
        numbers.not_set,
        numbers.never_changed,
    ];
    what.into_iter().chain(numbers.map(Cell::Number)).collect()
}

type Args = Guarded<OneOf<AccountSettings, PasswordManagement>>;

problems!(Problems = Args, &[Code::NotAcceptable]);

/// Get the password report
///
/// Returns how many users have a password that is fine, expires soon, has expired, must be changed or is not set yet:
/// in total and for each policy that is the default or assigned. `Accept` chooses the format: JSON, or a table
/// (`text/csv`: one row for the total and one for each policy). `…/export` returns the table for clients that cannot
/// set `Accept`.
#[utoipa::path(
    tag = "reports",
    params(AccountPath),
    responses(
        (status = 200, description = "The report, in the format that `Accept` asks for.", content(
            (PasswordReport = "application/json"),
            (String = "text/csv"),
        )),
        Problems,
    ),
)]
#[get("/v1/accounts/{account_id}/reports/passwords")]
pub async fn get_password_report(app: Data<App>, http: HttpRequest, by: Args) -> Result<HttpResponse> {
    let form = form_of(http.headers(), &[JSON, CSV])?;
    let report = PasswordReport::from(app.service.report_passwords(&by).await?);
    Ok(chosen(match form {
        CSV => as_csv("passwords", report.table()?),
        _ => HttpResponse::Ok().json(report),
    }))
}

problems!(ExportProblems = Args);

/// Export the password report
///
/// Returns the password report as a table (`text/csv`: one row for the total and one for each policy).
#[utoipa::path(
    tag = "reports",
    params(AccountPath),
    responses(
        (status = 200, description = "The table.", body = inline(Download), content_type = "text/csv"),
        ExportProblems,
    ),
)]
#[get("/v1/accounts/{account_id}/reports/passwords/export")]
pub async fn export_password_report(app: Data<App>, by: Args) -> Result<HttpResponse> {
    let report = PasswordReport::from(app.service.report_passwords(&by).await?);
    Ok(as_csv("passwords", report.table()?))
}
