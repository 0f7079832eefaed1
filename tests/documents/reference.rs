//! The reference page, which needs only this service.

use crate::support::TestApp;

/// The values of the attributes `src` and `href`.
fn links(html: &str) -> Vec<&str> {
    let attribute = |name: &'static str| {
        html.match_indices(name).map(move |(at, _)| html[at + name.len()..].split('"').next().unwrap())
    };
    attribute("src=\"").chain(attribute("href=\"")).collect()
}

/// The files that a script imports from beside it.
fn imports(script: &str) -> impl Iterator<Item = &str> {
    script.split(" from \"./").skip(1).map(|rest| rest.split('"').next().unwrap())
}

#[tokio::test]
async fn all_that_the_page_loads_comes_from_here() {
    let app = TestApp::start().await;
    let page = app.call("GET", "/docs").send().await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("connect-src 'self'"), "{policy}");
    assert!(!policy.contains("http") && !policy.contains('*'), "{policy}");
    assert!(!page.text().contains("://"), "{}", page.text());
    let mut links: Vec<_> = links(page.text()).into_iter().map(str::to_owned).collect();
    assert!(links.len() >= 4, "{links:?}");
    let start = app.call("GET", "/docs/start.js").send().await;
    links.extend(imports(start.text()).map(|name| format!("docs/{name}")));
    assert!(links.len() >= 7, "{links:?}");
    for link in &links {
        let file = app.call("GET", &format!("/{link}")).send().await;
        assert_eq!(file.status, 200, "{link}");
        assert!(!file.body.is_empty(), "{link}");
        if link.rsplit('.').next() == Some("js") {
            assert!(file.header("content-type").starts_with("text/javascript"), "{file:?}");
        }
        if link.ends_with("start.js") {
            assert!(file.text().contains("openapi.json") && file.text().contains("validatorUrl: null"), "{file:?}");
        }
        if [".js", ".css"].iter().any(|kind| link.ends_with(kind)) && !link.contains("swagger-ui") {
            assert!(!file.text().contains("://"), "{file:?}");
        }
    }
    for nothing in ["/docs/", "/docs/nothing.js", "/docs/index.html", "/docs/..%2fCargo.toml"] {
        app.call("GET", nothing).send().await.problem(404, "not_found");
    }
}
