//! The error replies of an operation: those of what its handler extracts, and those that the operation adds.

use std::collections::BTreeMap;

use utoipa::openapi::{RefOr, Response};

use super::asked;
use crate::{
    extract::{Demands, Documented},
    problem::{
        Code,
        document::{ALWAYS, responses},
    },
};

/// Declares the error replies of an operation whose handler takes `Args`: `problems!(Problems = Args);`, with
/// `problems!(Problems = Args, &[Code::Conflict]);` those that the operation adds, or
/// `problems!(Problems = (), without database);`.
macro_rules! problems {
    ($name:ident = $args:ty, without database) => {
        problems!(@ $name $args, &[]);
    };
    ($name:ident = $args:ty $(, $codes:expr)?) => {
        problems!(@ $name $args, $crate::problem::document::STORED $(, $codes)?);
    };
    (@ $name:ident $args:ty $(, $codes:expr)+) => {
        /// The error replies of this operation.
        struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
                $crate::openapi::error_replies::<$args>(&[$($codes),+])
            }
        }
    };
}
pub(crate) use problems;

/// The error replies of a handler that takes `Args`, and those with the codes of `groups`.
pub fn error_replies<Args: Documented>(groups: &[&[Code]]) -> BTreeMap<String, RefOr<Response>> {
    let demands = Demands::of::<Args>();
    let can_answer = |code: Code| {
        demands.codes().contains(&code) || ALWAYS.contains(&code) || groups.iter().any(|group| group.contains(&code))
    };
    let mut replies = responses(can_answer);
    if let Some(RefOr::T(reply)) = replies.values_mut().next() {
        asked::attach(&demands, reply);
    }
    replies
}
