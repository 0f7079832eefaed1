//! Sends many requests at once.

use std::{collections::BTreeMap, future::Future};

use futures_util::{StreamExt, stream};

use super::Reply;

/// How many requests are under way at the same moment.
const AT_ONCE: usize = 64;

/// What `count` requests come to, at most 64 of them at the same moment.
pub async fn in_parallel<F: Future>(count: usize, request: impl Fn(usize) -> F) -> Vec<F::Output> {
    stream::iter(0..count).map(request).buffer_unordered(AT_ONCE).collect().await
}

/// How often which status and code came, such as `"200"` or `"401 invalid_code"`.
pub fn statuses(replies: &[Reply]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for reply in replies {
        let what = if reply.status < 400 {
            reply.status.to_string()
        } else {
            format!("{} {}", reply.status, super::Problem::of(reply).code())
        };
        *counts.entry(what).or_default() += 1;
    }
    counts
}
