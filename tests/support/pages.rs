//! Reads lists, page by page.

use serde_json::Value;

use super::User;

/// All items of the list at `path`, which may have filters, `limit` a page. Checks each page on the way: its size, its cursor and its `Link`.
pub async fn all_pages(user: &User, path: &str, limit: usize) -> Vec<Value> {
    let mut items: Vec<Value> = Vec::new();
    let path = if path.contains('?') { format!("{path}&") } else { format!("{path}?") };
    let mut next = format!("{path}limit={limit}");
    loop {
        let reply = user.get(&next).await;
        let mut page = reply.ok(200);
        let page_items = std::mem::take(page["items"].as_array_mut().unwrap());
        assert!(page_items.len() <= limit, "{reply:?}");
        let last = page["next_cursor"].is_null();
        assert!(last || page_items.len() == limit, "only the last page is shorter: {reply:?}");
        items.extend(page_items);
        if last {
            assert_eq!(reply.header("link"), "", "{reply:?}");
            return items;
        }
        let cursor = page["next_cursor"].as_str().unwrap();
        next = format!("{path}limit={limit}&cursor={cursor}");
        assert_eq!(reply.header("link"), format!("<{next}>; rel=\"next\""), "{reply:?}");
    }
}
