//! What a role is to be, and its validation.

use permissions::PermissionSet;
use serde::Deserialize;
use store::StoreError;
use utoipa::ToSchema;
use validator::Validate;

use crate::base::{
    error::{Error, FieldError, Result},
    model::description,
    permission_names::parse_permissions,
};

/// Characters of a role's name.
const MAX_NAME: usize = 100;

/// The name, description and permissions of a role.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RoleDraft {
    /// Display name, unique in the account (case-insensitive).
    #[schema(min_length = 1, max_length = 100, examples("Support"))]
    pub name: String,
    /// What the role is for.
    #[schema(min_length = 1, max_length = 500, examples("Helps users who have lost their phone."))]
    pub description: Option<String>,
    /// The names of the permissions in the role (`GET /v1/permissions` lists them). You can add only built-in
    /// permissions that you hold yourself, and permissions that applications have registered.
    #[schema(max_items = 200, examples(json!(["user_permissions"])))]
    #[validate(length(max = 200))]
    pub permissions: Vec<String>,
}

/// The parsed draft.
#[derive(Clone)]
pub(super) struct ParsedDraft {
    pub(super) name: String,
    pub(super) name_key: String,
    pub(super) description: Option<String>,
    pub(super) permissions: PermissionSet,
}

impl RoleDraft {
    /// Parses it.
    ///
    /// # Errors
    /// [`Error::Validation`] names the fields.
    pub(super) fn parse(&self) -> Result<ParsedDraft> {
        let mut errors = Vec::new();
        let mut note = |pointer: &str, why: &str| {
            errors.push(FieldError { pointer: pointer.to_owned(), code: "invalid", message: why.to_owned() });
        };
        let name = self.name.trim();
        let key = names::fold(name);
        let key = key.trim();
        if key.is_empty() || name.chars().nth(MAX_NAME).is_some() || names::find_hidden(name).is_some() {
            note("/name", "must have 1 to 100 characters and no control or invisible characters");
        }
        let text = self.description.as_deref().map(description).transpose();
        let text = text.map_err(|why| note("/description", why)).ok();
        let permissions = parse_permissions(&self.permissions).map_err(|wrong| errors.extend(wrong)).ok();
        match (text, permissions) {
            (Some(description), Some(permissions)) if errors.is_empty() => {
                Ok(ParsedDraft { name: name.to_owned(), name_key: key.to_owned(), description, permissions })
            }
            _ => Err(Error::Validation(errors)),
        }
    }
}

/// The error for a role that cannot be written.
pub(super) fn name_taken(why: StoreError) -> Error {
    match why {
        StoreError::UniqueViolation { .. } => {
            Error::Conflict("the account already has a role with this name".to_owned())
        }
        other => other.into(),
    }
}
