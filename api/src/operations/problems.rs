//! The pages behind the `type` of a problem.

use std::fmt::Write;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_TYPE, VARY},
    web::{self, ServiceConfig},
};

use crate::{
    extract::preferred,
    problem::{Code, Problem, Result},
};

/// The pages. They are about the API and not part of it, so they are not in the document.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/problems", web::get().to(list)).route("/problems/{code}", web::get().to(page));
}

async fn list(request: HttpRequest) -> Result<HttpResponse> {
    let mut text = String::from("Error codes\n");
    let mut html = String::from("<h1>Error codes</h1>\n<ul>\n");
    for code in Code::ALL {
        let (name, title) = (code.as_str(), code.title());
        // Writing to a string does not fail.
        let _ = write!(text, "\n{} {name}: {title}", code.status().as_u16());
        let _ = writeln!(html, "<li><a href=\"problems/{name}\">{name}</a>: {}</li>", escape(title));
    }
    html.push_str("</ul>");
    Ok(answer(&request, "Error codes", &html, text))
}

async fn page(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse> {
    let code = Code::from_name(&name).ok_or_else(Problem::not_found)?;
    let (title, status, page) = (code.title(), code.status().as_u16(), code.page());
    let text = format!("{title}\n\ncode: {name}\nstatus: {status}\n\n{page}");
    let html = format!(
        "<h1>{}</h1>\n<dl><dt>code</dt><dd><code>{}</code></dd><dt>status</dt><dd>{status}</dd></dl>\n<p>{}</p>\n\
         <p><a href=\"../problems\">All error codes</a></p>",
        escape(title),
        escape(&name),
        escape(page)
    );
    Ok(answer(&request, title, &html, text))
}

/// A page for a browser, plain text for all other clients.
fn answer(request: &HttpRequest, title: &str, html: &str, mut text: String) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((VARY, "Accept"));
    if preferred(request.headers(), &["text/plain", "text/html"]) == Some("text/html") {
        let title = escape(title);
        let head = format!("<meta charset=\"utf-8\">\n<title>{title}: Latchkey</title>");
        return response.insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n{head}\n</head>\n<body>\n{html}\n</body>\n</html>\n"
        ));
    }
    text.push('\n');
    response.insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(text)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
