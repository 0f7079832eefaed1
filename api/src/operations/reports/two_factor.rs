//! `GET /v1/accounts/{account_id}/reports/two-factor`

use actix_web::{HttpRequest, HttpResponse, get, http::header::CONTENT_TYPE, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use service::{RoleCounts, TrendPoint, TwoFactorCounts, TwoFactorDay, TwoFactorReport as Report};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    CSV, JSON, SVG, as_csv, chart, chosen,
    csv_table::{Cell, table},
    form_of,
};
use crate::{
    app::App,
    extract::{AccountSettings, Guarded, OneOf, PasswordManagement, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, Download},
    problem::{Code, Problem, Result},
};

const MAX_DAYS: u16 = 366;
const MAX_OVERDUE: u16 = 366;

/// How far to look back, and when a user is overdue.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct TwoFactorReportWindow {
    /// The number of days in the trend, including today.
    #[param(minimum = 1, maximum = 366, default = 30, example = 30)]
    days: u16,
    /// A user who has needed a second factor for more than this number of days and has no device is overdue.
    #[param(minimum = 0, maximum = 366, default = 14, example = 14)]
    overdue_after_days: u16,
}

impl Default for TwoFactorReportWindow {
    fn default() -> Self {
        Self { days: 30, overdue_after_days: 14 }
    }
}

impl TwoFactorReportWindow {
    fn check(self) -> Result<Self> {
        if !(1..=MAX_DAYS).contains(&self.days) {
            return Err(Problem::malformed(format!(
                "The query parameter `days` must be a number from 1 to {MAX_DAYS}."
            )));
        }
        if self.overdue_after_days > MAX_OVERDUE {
            return Err(Problem::malformed(format!(
                "The query parameter `overdue_after_days` must be a number from 0 to {MAX_OVERDUE}."
            )));
        }
        Ok(self)
    }
}

/// The state of two-factor authentication in an account. Disabled users are not counted.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorReport {
    /// When the numbers were taken.
    #[schema(examples("2026-11-24T12:00:00Z"))]
    as_of: DateTime<Utc>,
    /// The mode of the account's two-factor policy.
    #[schema(examples("all_users"))]
    mode: String,
    /// After how many days a user is overdue.
    #[schema(examples(14))]
    overdue_after_days: u16,
    /// All users.
    total: TwoFactorNumbers,
    /// The users of each role, starting with the role that has the most users. A user with several roles is counted in
    /// each. Roles without users are omitted, and so are roles beyond the first 1,000.
    by_role: Vec<TwoFactorRoleNumbers>,
    /// How many roles beyond the first 1,000 were omitted.
    #[schema(examples(0))]
    more_roles: u64,
    /// The last days in chronological order: each with the numbers at its end, today with the current numbers.
    trend: Vec<TwoFactorTrendPoint>,
}

/// Numbers of users, by the state of their second factor. Each user is counted in exactly one of `enrolled`,
/// `not_enrolled`, `asleep` and `not_asked`.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorNumbers {
    /// All users.
    #[schema(examples(120))]
    users: u64,
    /// Users for whom the account's policy requires a second factor, with or without a device.
    #[schema(examples(100))]
    asked: u64,
    /// Users with a device that is required at sign-in: by the policy, or because the device was imported with the
    /// user.
    #[schema(examples(85))]
    enrolled: u64,
    /// Users who need a second factor and have no device.
    #[schema(examples(20))]
    not_enrolled: u64,
    /// Users with a device that is not required at sign-in.
    #[schema(examples(5))]
    asleep: u64,
    /// Users who need no second factor and have no device.
    #[schema(examples(10))]
    not_asked: u64,
    /// Users in `not_enrolled` who have needed a second factor for more days than `overdue_after_days`. The days count
    /// from when the policy first required it of the user, or from when the user was created if that was later. They
    /// count anew after the device is reset.
    #[schema(examples(3))]
    overdue: u64,
}

/// The users of one role.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorRoleNumbers {
    /// The id of the role.
    #[schema(examples("01997f62-5b7e-7f43-9d1a-3f0c2b8a6e11"))]
    role_id: Uuid,
    /// The name of the role.
    #[schema(examples("Support"))]
    role: String,
    /// The users of the role.
    numbers: TwoFactorNumbers,
}

/// The state of an account at the end of a day. The numbers are null for days before the first recorded day.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorTrendPoint {
    /// The day (UTC).
    #[schema(examples("2026-11-24"))]
    pub day: NaiveDate,
    /// When the numbers were taken: soon after the end of the day, or, if the service was not running then, before
    /// anything changed.
    #[schema(required = true, examples("2026-11-25T00:03:12Z"))]
    pub as_of: Option<DateTime<Utc>>,
    /// All users.
    #[schema(required = true, examples(120))]
    pub users: Option<u64>,
    /// Users for whom the account's policy required a second factor, with or without a device.
    #[schema(required = true, examples(100))]
    pub asked: Option<u64>,
    /// Users with a device that was required at sign-in.
    #[schema(required = true, examples(85))]
    pub enrolled: Option<u64>,
    /// Users who needed a second factor and had no device.
    #[schema(required = true, examples(20))]
    pub not_enrolled: Option<u64>,
    /// Users with a device that was not required at sign-in.
    #[schema(required = true, examples(5))]
    pub asleep: Option<u64>,
}

impl From<TrendPoint> for TwoFactorTrendPoint {
    fn from(TrendPoint { day, known }: TrendPoint) -> Self {
        let number = |pick: fn(&TwoFactorDay) -> i64| known.as_ref().and_then(|known| u64::try_from(pick(known)).ok());
        Self {
            day,
            as_of: known.map(|known| known.taken_at),
            users: number(|known| known.users),
            asked: number(|known| known.asked),
            enrolled: number(|known| known.enrolled),
            not_enrolled: number(|known| known.not_enrolled),
            asleep: number(|known| known.asleep),
        }
    }
}

impl From<TwoFactorCounts> for TwoFactorNumbers {
    fn from(counts: TwoFactorCounts) -> Self {
        let TwoFactorCounts { users, asked, enrolled, not_enrolled, asleep, not_asked, overdue } = counts;
        Self { users, asked, enrolled, not_enrolled, asleep, not_asked, overdue }
    }
}

impl From<RoleCounts> for TwoFactorRoleNumbers {
    fn from(role: RoleCounts) -> Self {
        Self { role_id: role.role_id.as_uuid(), role: role.name, numbers: role.counts.into() }
    }
}

impl TwoFactorReport {
    fn new(report: Report, overdue_after_days: u16) -> Self {
        Self {
            as_of: report.as_of,
            mode: report.mode.as_str().to_owned(),
            overdue_after_days,
            total: report.total.into(),
            by_role: report.by_role.into_iter().map(Into::into).collect(),
            more_roles: report.more_roles,
            trend: report.trend.into_iter().map(Into::into).collect(),
        }
    }

    /// One row for the total, one for each role, one for each day.
    fn table(&self) -> Result<String> {
        let mut rows = vec![line([Cell::Text("total"), Cell::Empty, Cell::Empty, Cell::Empty], &self.total)];
        let ids: Vec<_> = self.by_role.iter().map(|role| role.role_id.to_string()).collect();
        for (role, id) in self.by_role.iter().zip(&ids) {
            rows.push(line([Cell::Text("role"), Cell::Text(id), Cell::Text(&role.role), Cell::Empty], &role.numbers));
        }
        let days: Vec<_> = self.trend.iter().map(|point| point.day.to_string()).collect();
        rows.extend(self.trend.iter().zip(&days).map(|(point, day)| of_day(point, day)));
        table(&HEADER, rows)
    }
}

const HEADER: [&str; 11] = [
    "section",
    "role_id",
    "role",
    "day",
    "users",
    "asked",
    "enrolled",
    "not_enrolled",
    "asleep",
    "not_asked",
    "overdue",
];

fn line<'a>(what: [Cell<'a>; 4], numbers: &TwoFactorNumbers) -> Vec<Cell<'a>> {
    let TwoFactorNumbers { users, asked, enrolled, not_enrolled, asleep, not_asked, overdue } = *numbers;
    let numbers = [users, asked, enrolled, not_enrolled, asleep, not_asked, overdue];
    what.into_iter().chain(numbers.map(Cell::Number)).collect()
}

fn of_day<'a>(point: &TwoFactorTrendPoint, day: &'a str) -> Vec<Cell<'a>> {
    let TwoFactorTrendPoint { day: _, as_of: _, users, asked, enrolled, not_enrolled, asleep } = *point;
    let numbers = [users, asked, enrolled, not_enrolled, asleep, None, None];
    let numbers = numbers.map(|number| number.map_or(Cell::Empty, Cell::Number));
    [Cell::Text("day"), Cell::Empty, Cell::Empty, Cell::Text(day)].into_iter().chain(numbers).collect()
}

type Args = Then<Guarded<OneOf<AccountSettings, PasswordManagement>>, Query<TwoFactorReportWindow>>;

problems!(Problems = Args, &[Code::NotAcceptable]);

/// Get the two-factor report
///
/// Returns how many users need a second factor, how many have one, and how many are overdue: in total, for each role
/// and for each day. `Accept` chooses the format: JSON, a table (`text/csv`: one row for the total, one for each role
/// and one for each day) or a chart of the trend (`image/svg+xml`). `…/export` and `…/chart` return the table and the
/// chart for clients that cannot set `Accept`. The numbers of a day are recorded when the next day begins (UTC); there
/// are none before the first recorded day.
#[utoipa::path(
    tag = "reports",
    params(AccountPath, TwoFactorReportWindow),
    responses(
        (status = 200, description = "The report, in the format that `Accept` asks for.", content(
            (TwoFactorReport = "application/json"),
            (String = "text/csv"),
            (String = "image/svg+xml"),
        )),
        Problems,
    ),
)]
#[get("/v1/accounts/{account_id}/reports/two-factor")]
pub async fn get_two_factor_report(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(window)): Args,
) -> Result<HttpResponse> {
    let TwoFactorReportWindow { days, overdue_after_days } = window.check()?;
    let form = form_of(http.headers(), &[JSON, CSV, SVG])?;
    let report = app.service.report_two_factor(&by, days, overdue_after_days).await?;
    let account = report.account.clone();
    let report = TwoFactorReport::new(report, overdue_after_days);
    Ok(chosen(match form {
        CSV => as_csv("two-factor", report.table()?),
        SVG => as_svg(&account, &report),
        _ => HttpResponse::Ok().json(report),
    }))
}

fn as_svg(account: &str, report: &TwoFactorReport) -> HttpResponse {
    let picture = chart::svg(account, &report.trend);
    HttpResponse::Ok().insert_header((CONTENT_TYPE, SVG)).body(picture)
}

problems!(ExportProblems = Args);

/// Export the two-factor report
///
/// Returns the two-factor report as a table (`text/csv`: one row for the total, one for each role and one for each
/// day).
#[utoipa::path(
    tag = "reports",
    params(AccountPath, TwoFactorReportWindow),
    responses(
        (status = 200, description = "The table.", body = inline(Download), content_type = "text/csv"),
        ExportProblems,
    ),
)]
#[get("/v1/accounts/{account_id}/reports/two-factor/export")]
pub async fn export_two_factor_report(app: Data<App>, Then(by, Query(window)): Args) -> Result<HttpResponse> {
    let TwoFactorReportWindow { days, overdue_after_days } = window.check()?;
    let report = app.service.report_two_factor(&by, days, overdue_after_days).await?;
    Ok(as_csv("two-factor", TwoFactorReport::new(report, overdue_after_days).table()?))
}

/// Get the two-factor chart
///
/// Returns the trend of the two-factor report as a chart (`image/svg+xml`): for each day, the users who need a second
/// factor and the users who are enrolled.
#[utoipa::path(
    tag = "reports",
    params(AccountPath, TwoFactorReportWindow),
    responses(
        (status = 200, description = "The chart.", body = inline(Download), content_type = "image/svg+xml"),
        ExportProblems,
    ),
)]
#[get("/v1/accounts/{account_id}/reports/two-factor/chart")]
pub async fn get_two_factor_chart(app: Data<App>, Then(by, Query(window)): Args) -> Result<HttpResponse> {
    let TwoFactorReportWindow { days, overdue_after_days } = window.check()?;
    let report = app.service.report_two_factor(&by, days, overdue_after_days).await?;
    let account = report.account.clone();
    Ok(as_svg(&account, &TwoFactorReport::new(report, overdue_after_days)))
}
