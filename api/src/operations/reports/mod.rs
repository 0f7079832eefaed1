//! How an account stands, in numbers: as JSON, as a table, as a picture.
//!
//! `Accept` chooses the form. Generated clients know one form of a reply, the first; hence each other form has an operation
//! of its own, too.

mod chart;
mod csv_table;
mod passwords;
mod two_factor;

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderValue, VARY},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    extract::preferred,
    problem::{Code, Problem, Result},
};

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(two_factor::get_two_factor_report)
        .service(two_factor::export_two_factor_report)
        .service(two_factor::get_two_factor_chart)
        .service(passwords::get_password_report)
        .service(passwords::export_password_report);
}

const JSON: &str = "application/json";
const CSV: &str = "text/csv";
const SVG: &str = "image/svg+xml";

/// The form that the client likes best.
fn form_of<'o>(headers: &HeaderMap, offers: &[&'o str]) -> Result<&'o str> {
    preferred(headers, offers).ok_or_else(|| {
        let detail = format!("This resource has the forms {}.", offers.join(", "));
        Problem::new(Code::NotAcceptable, detail)
    })
}

/// The reply to a request whose `Accept` chose the form.
fn chosen(mut reply: HttpResponse) -> HttpResponse {
    reply.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    reply
}

/// A table to be saved under this name (RFC 4180).
fn as_csv(file: &str, table: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file}.csv\"")))
        .body(table)
}
