//! Requests that no operation handles: 404, or 405 if the path exists with other methods.

use actix_web::{HttpRequest, HttpResponse, dev::ResourceDef, http::Method, web::Data};
use utoipa::openapi::OpenApi;

use crate::{openapi::operations, problem::Problem};

/// Paths that are not in the OpenAPI document, all for `GET`.
const OTHER_PATHS: &[&str] =
    &["/openapi.yaml", "/openapi.json", "/docs", "/docs/{file}", "/problems", "/problems/{code}"];

/// The methods that each path supports.
pub struct PathTable(Vec<(ResourceDef, Vec<Method>)>);

impl PathTable {
    /// The paths of the document, and those that serve the document.
    pub fn new(document: &OpenApi) -> Self {
        let documented = document.paths.paths.iter().map(|(path, item)| {
            let methods = operations(item).map(|(method, _)| method).collect();
            (ResourceDef::new(path.as_str()), methods)
        });
        let others = OTHER_PATHS.iter().map(|path| (ResourceDef::new(*path), vec![Method::GET]));
        Self(documented.chain(others).collect())
    }

    /// The methods that this path supports, as in the header `Allow`; `None` if there is no such path.
    fn allow(&self, path: &str) -> Option<String> {
        let mut methods = Vec::new();
        // Two patterns may fit one path.
        for (_, taken) in self.0.iter().filter(|(pattern, _)| pattern.is_match(path)) {
            methods.extend(taken.iter().map(Method::as_str));
            if taken.contains(&Method::GET) {
                methods.push(Method::HEAD.as_str());
            }
        }
        methods.sort_unstable();
        methods.dedup();
        if methods.is_empty() { None } else { Some(methods.join(", ")) }
    }
}

/// Replies to requests that no operation handles.
pub async fn unknown(request: HttpRequest, table: Data<PathTable>) -> Result<HttpResponse, Problem> {
    Err(match table.allow(request.path()) {
        Some(allow) => Problem::method_not_allowed(allow),
        None => Problem::not_found(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_path_lists_its_methods() {
        let table = PathTable::new(&crate::openapi());
        assert_eq!(table.allow("/healthz").unwrap(), "GET, HEAD");
        assert_eq!(table.allow("/docs/x.js").unwrap(), "GET, HEAD");
        assert_eq!(table.allow("/nowhere"), None);
        assert_eq!(table.allow("/docs/a/b"), None);
    }
}
