//! JSON pointers (RFC 6901) to faults.

use std::borrow::Cow;

use serde_path_to_error::{Path, Segment};
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::problem::FieldError;

/// The pointer to where deserialization stopped.
pub fn of_path(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer = parent_and(&pointer, &index.to_string()),
            Segment::Map { key } => pointer = parent_and(&pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// The pointer to `name` inside `parent`.
pub fn parent_and(parent: &str, name: &str) -> String {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The errors of a validation, in the order of their pointers.
pub fn field_errors(errors: &ValidationErrors) -> Vec<FieldError> {
    let mut found = Vec::new();
    collect("", errors, &mut found);
    found.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    found
}

fn collect(parent: &str, errors: &ValidationErrors, found: &mut Vec<FieldError>) {
    for (name, kind) in errors.errors() {
        let pointer = parent_and(parent, name);
        match kind {
            ValidationErrorsKind::Field(errors) => found.extend(errors.iter().map(|error| field(&pointer, error))),
            ValidationErrorsKind::Struct(errors) => collect(&pointer, errors, found),
            ValidationErrorsKind::List(items) => {
                for (index, errors) in items {
                    collect(&parent_and(&pointer, &index.to_string()), errors, found);
                }
            }
        }
    }
}

/// The parameters of an error hold the value that was sent, so only the bounds and the kind are used.
fn field(pointer: &str, error: &ValidationError) -> FieldError {
    let bound = |name| error.params.get(name).map(ToString::to_string);
    let message = error.message.clone().unwrap_or_else(|| {
        let bounds = match (bound("min"), bound("max")) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (Some(min), None) => format!("at least {min}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => return Cow::Borrowed("is not valid"),
        };
        let is_list = error.params.get("value").is_some_and(serde_json::Value::is_array);
        Cow::Owned(match (&*error.code, is_list) {
            ("length", true) => format!("must have {bounds} items"),
            ("length", false) => format!("must have {bounds} characters"),
            _ => format!("must be {bounds}"),
        })
    });
    FieldError::new(pointer, error.code.clone(), message)
}

#[cfg(test)]
mod tests {
    use validator::Validate;

    use super::*;

    #[derive(Validate)]
    struct Outer {
        #[validate(length(min = 1, max = 4))]
        name: String,
        #[validate(nested)]
        items: Vec<Item>,
        #[validate(length(max = 2))]
        tags: Vec<&'static str>,
    }

    #[derive(Validate)]
    struct Item {
        #[validate(range(min = 1), custom(function = "even"))]
        count: u8,
    }

    fn even(count: u8) -> Result<(), ValidationError> {
        if count.is_multiple_of(2) {
            Ok(())
        } else {
            Err(ValidationError::new("even").with_message("must be even".into()))
        }
    }

    #[test]
    fn every_error_has_its_pointer() {
        let items = vec![Item { count: 2 }, Item { count: 3 }];
        let outer = Outer { name: "hunter2".to_owned(), items, tags: vec!["a", "b", "c"] };
        let errors = field_errors(&outer.validate().unwrap_err());
        assert_eq!(
            errors,
            [
                FieldError::new("/items/1/count", "even", "must be even"),
                FieldError::new("/name", "length", "must have 1 to 4 characters"),
                FieldError::new("/tags", "length", "must have at most 2 items"),
            ]
        );
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(parent_and("/a", "b/c~d"), "/a/b~1c~0d");
    }
}
