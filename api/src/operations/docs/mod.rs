//! The document, and a reference page that shows it. Both come from this binary: the page works offline.

mod document;
mod page;

use actix_web::web::ServiceConfig;

pub use self::document::Served;

/// The document in both forms, and the page.
pub fn routes(config: &mut ServiceConfig) {
    document::routes(config);
    page::routes(config);
}
