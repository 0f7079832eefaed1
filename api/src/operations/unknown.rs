//! Requests that no operation handles: 404, or 405 if the path exists with other methods.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, dev::ResourceDef, http::Method};

use crate::{
    openapi::{openapi, operations},
    problem::Problem,
};

/// Paths that are not in the OpenAPI document, all for `GET`.
const OTHER_PATHS: &[&str] =
    &["/openapi.yaml", "/openapi.json", "/docs", "/docs/{file}", "/problems", "/problems/{code}"];

/// Made at the first such request: a start does not wait for it.
static PATHS: LazyLock<PathTable> = LazyLock::new(PathTable::new);

/// The methods that each path supports.
struct PathTable(Vec<(ResourceDef, Vec<Method>)>);

impl PathTable {
    /// The paths of the document, and those that serve the document.
    fn new() -> Self {
        let document = openapi();
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
pub async fn unknown(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(match PATHS.allow(request.path()) {
        Some(allow) => Problem::method_not_allowed(allow),
        None => Problem::not_found(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_path_lists_its_methods() {
        assert_eq!(PATHS.allow("/healthz").unwrap(), "GET, HEAD");
        assert_eq!(PATHS.allow("/docs/x.js").unwrap(), "GET, HEAD");
        assert_eq!(PATHS.allow("/nowhere"), None);
        assert_eq!(PATHS.allow("/docs/a/b"), None);
    }
}
