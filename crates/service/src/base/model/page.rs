//! Pages of lists.

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T, K> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The key that the next page begins after; `None` when this is the last.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// The first `limit` of `found`. The query asked for one more, to see whether there is one.
    pub(crate) fn of(mut found: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(key);
        Self { items: found, next }
    }
}

/// How many rows to read, to see whether more than `limit` follow.
pub(crate) fn one_more(limit: u16) -> i64 {
    i64::from(limit) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_part_is_announced_only_when_there_is_one() {
        let page = |found: Vec<i32>| Page::of(found, 2, |item| *item);
        assert_eq!((page(vec![]).items, page(vec![]).next), (vec![], None));
        assert_eq!((page(vec![1, 2]).items, page(vec![1, 2]).next), (vec![1, 2], None));
        assert_eq!((page(vec![1, 2, 3]).items, page(vec![1, 2, 3]).next), (vec![1, 2], Some(2)));
    }
}
