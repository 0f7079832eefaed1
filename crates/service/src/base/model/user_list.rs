//! Parses lists of user ids.

use std::collections::HashSet;

use kernel::{AccountId, UserId};
use store::{Conn, tables::directory::users};

use crate::base::error::{Error, FieldError, Result};

/// Unknown users that one reply names; further ones are only counted.
const MAX_NAMED: usize = 100;

/// A list of users who may not exist.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserList {
    /// The field of the request.
    field: &'static str,
    /// In the order of the request: an error names the position.
    ids: Vec<UserId>,
}

impl UserList {
    /// A list from ids that came in this field.
    pub(crate) const fn of(field: &'static str, ids: Vec<UserId>) -> Self {
        Self { field, ids }
    }

    /// Parses the ids of the field `user_ids`.
    pub(crate) fn parse(ids: &[String]) -> Result<Self> {
        const FIELD: &str = "user_ids";
        let parsed: Vec<_> = ids.iter().map(|id| id.parse::<UserId>().ok()).collect();
        let wrong = parsed.iter().enumerate().filter(|(_, id)| id.is_none()).map(|(at, _)| at);
        refuse(FIELD, wrong, "invalid_id", |at| {
            format!("{:.64} is not an id", ids.get(at).map_or("", String::as_str))
        })?;
        Ok(Self::of(FIELD, parsed.into_iter().flatten().collect()))
    }

    /// The list without duplicates, in the order of ids.
    ///
    /// # Errors
    /// [`Error::Validation`] names those that are no users of this account.
    pub(crate) fn of_account(&self, conn: &mut Conn, account: AccountId) -> Result<Vec<UserId>> {
        let mut distinct = self.ids.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let existing: HashSet<UserId> = users::existing(conn, account, &distinct)?.into_iter().collect();
        let strangers = self.ids.iter().enumerate().filter(|(_, id)| !existing.contains(id)).map(|(at, _)| at);
        refuse(self.field, strangers, "unknown_user", |at| {
            let id = self.ids.get(at).map(ToString::to_string).unwrap_or_default();
            format!("{id} is not a user of this account")
        })?;
        Ok(distinct)
    }
}

/// An error for each of these positions in the list, up to [`MAX_NAMED`], if there are any.
fn refuse(
    field: &str,
    places: impl Iterator<Item = usize>,
    code: &'static str,
    why: impl Fn(usize) -> String,
) -> Result<()> {
    let places: Vec<usize> = places.collect();
    let name = |at: &usize| FieldError { pointer: format!("/{field}/{at}"), code, message: why(*at) };
    let mut errors: Vec<FieldError> = places.iter().take(MAX_NAMED).map(name).collect();
    if places.len() > MAX_NAMED {
        let message = format!("{} more with the same error", places.len().saturating_sub(MAX_NAMED));
        errors.push(FieldError { pointer: format!("/{field}"), code, message });
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Validation(errors)) }
}
