//! The trend as a picture: it shows what the JSON says.

use chrono::TimeDelta;
use roxmltree::{Document, Node};
use serde_json::Value;

use super::{report_as, two_factor};
use crate::support::TestApp;

fn number(node: Node<'_, '_>, attribute: &str) -> f64 {
    node.attribute(attribute).unwrap_or_else(|| panic!("{attribute} of {node:?}")).parse().unwrap()
}

/// The value of each height, as the scale beside the picture says.
fn scale(document: &Document<'_>) -> impl Fn(f64) -> f64 {
    let marks: Vec<(f64, f64)> = document
        .descendants()
        .filter(|node| node.attribute("class") == Some("scale"))
        .map(|node| (number(node, "y"), node.text().unwrap().parse().unwrap()))
        .collect();
    let ((bottom, low), (top, high)) = (marks[0], marks[marks.len() - 1]);
    assert!(marks.len() > 2 && low == 0.0 && high > 0.0 && bottom > top, "{marks:?}");
    for (y, value) in &marks {
        assert!(((bottom - y) / (bottom - top) - value / high).abs() < 0.001, "equal steps: {marks:?}");
    }
    move |y| (bottom - y) / (bottom - top) * high
}

/// The points of a line: `M` begins a piece, `L` goes on.
fn points(document: &Document<'_>, series: &str) -> Vec<(bool, f64, f64)> {
    let path = document.descendants().find(|node| node.attribute("id") == Some(series)).unwrap();
    let path = path.attribute("d").unwrap();
    let mut points = Vec::new();
    for piece in path.split_inclusive(['M', 'L']).collect::<Vec<_>>().windows(2) {
        let (command, rest) = (piece[0], piece[1].trim_end_matches(['M', 'L']));
        let (x, y) = rest.split_once(' ').unwrap();
        points.push((command.ends_with('M'), x.parse().unwrap(), y.parse().unwrap()));
    }
    points
}

#[tokio::test]
async fn the_points_of_the_chart_are_the_numbers_of_the_report() {
    let app = TestApp::start().await;
    let account = app.account_named("acme", "Acme & <Söhne> \"GmbH\"").await;
    let root = app.platform_admin().await;
    account.set_mode("all_users").await;
    for number in 0..5 {
        app.service().take_two_factor_snapshots().await.unwrap();
        for more in 0..=number {
            let user = account.user(&format!("user {number} {more}")).await;
            if more % 2 == 0 {
                user.sign_in().await;
            }
        }
        app.wait(TimeDelta::days(1));
    }
    for days in [1, 2, 5, 10] {
        let report = two_factor(&root, &account, &format!("days={days}")).await;
        let reply = report_as(&root, &account, &format!("two-factor?days={days}"), "image/svg+xml").await;
        assert_eq!(reply.header("content-type"), "image/svg+xml");
        let document = Document::parse(reply.text()).unwrap();
        let value_at = scale(&document);
        for series in ["asked", "enrolled"] {
            let known: Vec<(usize, &Value)> = report["trend"]
                .as_array()
                .unwrap()
                .iter()
                .enumerate()
                .filter(|(_, point)| !point[series].is_null())
                .collect();
            let drawn = points(&document, series);
            assert_eq!(drawn.len(), known.len(), "{series} of {days} days");
            let width = 700.0 - 64.0;
            for ((at, point), (begins, x, y)) in known.iter().zip(&drawn) {
                let expected = point[series].as_f64().unwrap();
                assert!((value_at(*y) - expected).abs() < 0.05, "{series} on {}: {y}", point["day"]);
                if days > 1 {
                    let place = 64.0 + width * f64::from(u32::try_from(*at).unwrap()) / f64::from(days - 1);
                    assert!((place - x).abs() < 0.11, "{series} on {}: {x}", point["day"]);
                }
                assert_eq!(*begins, *at == known[0].0, "one line without a gap");
                // Each day says its number to who points at it.
                let title = format!("{}: {expected} {series}", point["day"].as_str().unwrap());
                assert!(document.descendants().any(|node| node.text() == Some(&title)), "{title}");
            }
        }
    }
}

#[tokio::test]
async fn the_chart_can_be_read_by_everybody_and_runs_nothing() {
    let app = TestApp::start().await;
    let name = "Acme & <script>alert(1)</script> \"Söhne\"";
    let account = app.account_named("acme", name).await;
    let root = app.platform_admin().await;
    let reply = report_as(&root, &account, "two-factor", "image/svg+xml").await;
    let document = Document::parse(reply.text()).unwrap();
    let svg = document.root_element();
    assert_eq!((svg.tag_name().name(), svg.attribute("role")), ("svg", Some("img")));
    assert_eq!(svg.attribute("viewBox"), Some("0 0 720 320"));
    // It is named and described, by elements that are there.
    let labels = svg.attribute("aria-labelledby").unwrap().split(' ');
    let texts: Vec<_> = labels
        .map(|id| svg.children().find(|node| node.attribute("id") == Some(id)).unwrap().text().unwrap().to_owned())
        .collect();
    assert_eq!(texts[0], format!("Two-factor authentication of {name}"));
    assert!(texts[1].contains("each day from") && texts[1].contains("0 users are asked"), "{texts:?}");
    // A ground of its own: it can be read on a light page and on a dark one.
    let ground = svg.children().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "rect"))).unwrap();
    assert_eq!((number(ground, "width"), number(ground, "height")), (720.0, 320.0));
    for node in document.descendants().filter(Node::is_element) {
        let tag = node.tag_name().name();
        assert!(["svg", "title", "desc", "rect", "text", "path", "circle", "g"].contains(&tag), "{tag}");
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && name != "href" && name != "style", "{name}");
            assert!(!value.contains("url(") && !value.contains("javascript"), "{value}");
        }
    }
    assert!(reply.header("content-security-policy").contains("default-src 'none'"));
}
