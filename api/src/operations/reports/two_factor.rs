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
    operations::views::{AccountPath, Download},
    problem::{
        Code, Problem, Result,
        document::{GUARDED, problems},
    },
};

const MAX_DAYS: u16 = 366;
const MAX_OVERDUE: u16 = 366;

/// How far to look back, and when somebody is overdue.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct TwoFactorReportWindow {
    /// Days of the trend, today among them.
    #[param(minimum = 1, maximum = 366, default = 30, example = 30)]
    days: u16,
    /// Who has been asked for more than so many days and has no device is overdue.
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
            return Err(Problem::malformed(format!("The query parameter `days` takes a number from 1 to {MAX_DAYS}.")));
        }
        if self.overdue_after_days > MAX_OVERDUE {
            return Err(Problem::malformed(format!(
                "The query parameter `overdue_after_days` takes a number from 0 to {MAX_OVERDUE}."
            )));
        }
        Ok(self)
    }
}

/// How an account stands with the second factor. Users who are disabled cannot sign in and count nowhere.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorReport {
    /// When it was looked.
    #[schema(examples("2026-11-24T12:00:00Z"))]
    as_of: DateTime<Utc>,
    /// How the account decides who is asked.
    #[schema(examples("all_users"))]
    mode: String,
    /// After how many days somebody is overdue.
    #[schema(examples(14))]
    overdue_after_days: u16,
    /// All users.
    total: TwoFactorNumbers,
    /// The users of each role, the role with the most users first. Who has several roles counts in each; roles that nobody
    /// has are left out, and so are those beyond the first 1,000.
    by_role: Vec<TwoFactorRoleNumbers>,
    /// How many roles were left out beyond the first 1,000.
    #[schema(examples(0))]
    more_roles: u64,
    /// The last days in their order, each as it ended; today as it stands.
    trend: Vec<TwoFactorTrendPoint>,
}

/// Numbers of users. Each user is one of `enrolled`, `not_enrolled`, `asleep` and `not_asked`.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorNumbers {
    /// All of them.
    #[schema(examples(120))]
    users: u64,
    /// Whom the account's policy asks, with and without a device.
    #[schema(examples(100))]
    asked: u64,
    /// With a device that is asked for: by the policy, or because its owner chose to have it.
    #[schema(examples(85))]
    enrolled: u64,
    /// Asked, and without a device.
    #[schema(examples(20))]
    not_enrolled: u64,
    /// With a device that is not asked for.
    #[schema(examples(5))]
    asleep: u64,
    /// Without a device, and not asked for one.
    #[schema(examples(10))]
    not_asked: u64,
    /// Those of `not_enrolled` who have been asked for more days than `overdue_after_days`. Time begins when the policy
    /// asks the user, when the user is created, and again when the device is reset.
    #[schema(examples(3))]
    overdue: u64,
}

/// The users of one role.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorRoleNumbers {
    /// The id of the role.
    #[schema(examples("01997f62-5b7e-7f43-9d1a-3f0c2b8a6e11"))]
    role_id: Uuid,
    /// Its name.
    #[schema(examples("Support"))]
    role: String,
    /// Its users.
    numbers: TwoFactorNumbers,
}

/// How an account stood at the end of a day. The numbers are null for days before the first that is known.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorTrendPoint {
    /// The day, UTC.
    #[schema(examples("2026-11-24"))]
    pub day: NaiveDate,
    /// When it was looked: soon after the end of the day, or, when nothing was running then, before anything changed.
    #[schema(required = true, examples("2026-11-25T00:03:12Z"))]
    pub as_of: Option<DateTime<Utc>>,
    /// All users.
    #[schema(required = true, examples(120))]
    pub users: Option<u64>,
    /// Whom the account's policy asked, with and without a device.
    #[schema(required = true, examples(100))]
    pub asked: Option<u64>,
    /// With a device that was asked for.
    #[schema(required = true, examples(85))]
    pub enrolled: Option<u64>,
    /// Asked, and without a device.
    #[schema(required = true, examples(20))]
    pub not_enrolled: Option<u64>,
    /// With a device that was not asked for.
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

    /// One line for all, one for each role, one for each day.
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

problems!(Problems = GUARDED, &[Code::MalformedRequest, Code::NotAcceptable]);

/// Report on two-factor authentication
///
/// Who is asked for a second factor, who has one, who should have had one long ago; for all, for each role and day by day.
/// `Accept` chooses the form: JSON, a table (`text/csv`: one line for all, one for each role, one for each day) or a chart
/// of the trend (`image/svg+xml`). `…/export` and `…/chart` are the last two for who cannot choose. A day is written down as
/// the next one begins (UTC); before the first day that is known there are no numbers. Needs `account_settings` or
/// `password_management`.
#[utoipa::path(
    tag = "reports",
    security(("accessToken" = [])),
    params(AccountPath, TwoFactorReportWindow),
    responses(
        (status = 200, description = "The report, in the form that `Accept` asks for.", content(
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
    Then(by, Query(window)): Then<Guarded<OneOf<AccountSettings, PasswordManagement>>, Query<TwoFactorReportWindow>>,
) -> Result<HttpResponse> {
    let TwoFactorReportWindow { days, overdue_after_days } = window.check()?;
    let form = form_of(http.headers(), &[JSON, CSV, SVG])?;
    let report = app.service.report_two_factor(by.account_id, days, overdue_after_days).await?;
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

problems!(ExportProblems = GUARDED, &[Code::MalformedRequest]);

/// Export the report on two-factor authentication
///
/// The report on two-factor authentication as a table (`text/csv`: one line for all, one for each role, one for each day).
/// Needs `account_settings` or `password_management`.
#[utoipa::path(
    tag = "reports",
    security(("accessToken" = [])),
    params(AccountPath, TwoFactorReportWindow),
    responses(
        (status = 200, description = "The table.", body = inline(Download), content_type = "text/csv"),
        ExportProblems,
    ),
)]
#[get("/v1/accounts/{account_id}/reports/two-factor/export")]
pub async fn export_two_factor_report(
    app: Data<App>,
    Then(by, Query(window)): Then<Guarded<OneOf<AccountSettings, PasswordManagement>>, Query<TwoFactorReportWindow>>,
) -> Result<HttpResponse> {
    let TwoFactorReportWindow { days, overdue_after_days } = window.check()?;
    let report = app.service.report_two_factor(by.account_id, days, overdue_after_days).await?;
    Ok(as_csv("two-factor", TwoFactorReport::new(report, overdue_after_days).table()?))
}

/// Chart of two-factor authentication
///
/// The trend of the report on two-factor authentication as a picture (`image/svg+xml`): the users who are asked and the
/// users who are enrolled, day by day. Needs `account_settings` or `password_management`.
#[utoipa::path(
    tag = "reports",
    security(("accessToken" = [])),
    params(AccountPath, TwoFactorReportWindow),
    responses(
        (status = 200, description = "The picture.", body = inline(Download), content_type = "image/svg+xml"),
        ExportProblems,
    ),
)]
#[get("/v1/accounts/{account_id}/reports/two-factor/chart")]
pub async fn get_two_factor_chart(
    app: Data<App>,
    Then(by, Query(window)): Then<Guarded<OneOf<AccountSettings, PasswordManagement>>, Query<TwoFactorReportWindow>>,
) -> Result<HttpResponse> {
    let TwoFactorReportWindow { days, overdue_after_days } = window.check()?;
    let report = app.service.report_two_factor(by.account_id, days, overdue_after_days).await?;
    let account = report.account.clone();
    Ok(as_svg(&account, &TwoFactorReport::new(report, overdue_after_days)))
}
