//! Reports about an account: as JSON, as a table, as a chart.
//!
//! `Accept` chooses the format. Generated clients know only the first format of a reply, so each other format also has
//! an operation of its own.

mod chart;
mod csv_table;
mod passwords;
mod two_factor;

use crate::operations::registry::Registry;
use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderValue, VARY},
};

use crate::{
    extract::preferred,
    problem::{Code, Problem, Result},
};

/// The operations.
pub fn routes(config: &mut impl Registry) {
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

/// The format that the client prefers.
fn form_of<'o>(headers: &HeaderMap, offers: &[&'o str]) -> Result<&'o str> {
    preferred(headers, offers).ok_or_else(|| {
        let detail = format!("This resource is available as {}.", offers.join(", "));
        Problem::new(Code::NotAcceptable, detail)
    })
}

/// The reply to a request whose `Accept` chose the format.
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
