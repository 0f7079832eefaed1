//! A policy as an administrator writes it.

use std::collections::HashSet;

use kernel::{AccountId, UserId};
use store::{Conn, tables::users};
use two_factor::Mode;

use crate::{Error, FieldError, Result};

/// Unknown users that one reply names; the rest are counted.
const MAX_NAMED: usize = 100;

/// A policy as an administrator writes it.
#[derive(Clone, Debug)]
pub struct PolicyDraft {
    /// `disabled`, `all_users`, `selected_users` or `all_users_except`.
    pub mode: String,
    /// The list, for the two modes that have one.
    pub user_ids: Option<Vec<String>>,
}

/// A policy that makes sense, for an account whose users are not known yet.
#[derive(Clone, Debug)]
pub(super) struct ParsedDraft {
    pub(super) mode: Mode,
    /// As they were written: the place of each is told when it is no user.
    listed: Vec<UserId>,
}

impl PolicyDraft {
    /// Reads mode and ids.
    pub(super) fn parse(&self) -> Result<ParsedDraft> {
        let mode: Mode = self
            .mode
            .parse()
            .map_err(|why: two_factor::UnknownMode| Error::field("/mode", "unknown_mode", why.to_string()))?;
        let listed = match (&self.user_ids, mode.has_list()) {
            (Some(ids), true) => parse_ids(ids)?,
            (None, false) => Vec::new(),
            (None, true) => {
                let why = format!("the mode {} needs a list of users", mode.as_str());
                return Err(Error::field("/user_ids", "required", why));
            }
            (Some(_), false) => {
                let why = format!("the mode {} has no list of users", mode.as_str());
                return Err(Error::field("/user_ids", "not_allowed", why));
            }
        };
        Ok(ParsedDraft { mode, listed })
    }
}

fn parse_ids(ids: &[String]) -> Result<Vec<UserId>> {
    let parsed: Vec<_> = ids.iter().map(|id| id.parse::<UserId>().ok()).collect();
    let wrong = parsed.iter().enumerate().filter(|(_, id)| id.is_none()).map(|(at, _)| at);
    refuse(wrong, "invalid_id", |at| format!("{:.64} is no id", ids.get(at).map_or("", String::as_str)))?;
    Ok(parsed.into_iter().flatten().collect())
}

impl ParsedDraft {
    /// The list without doubles, in the order of ids.
    ///
    /// # Errors
    /// [`Error::Validation`] names those that are no users of this account.
    pub(super) fn users_of(&self, conn: &mut Conn, account: AccountId) -> Result<Vec<UserId>> {
        let mut distinct = self.listed.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let existing: HashSet<UserId> = users::existing(conn, account, &distinct)?.into_iter().collect();
        let strangers = self.listed.iter().enumerate().filter(|(_, id)| !existing.contains(id)).map(|(at, _)| at);
        refuse(strangers, "unknown_user", |at| {
            let id = self.listed.get(at).map(ToString::to_string).unwrap_or_default();
            format!("{id} is no user of this account")
        })?;
        Ok(distinct)
    }
}

/// An error for each of these places in the list, up to [`MAX_NAMED`], if there are any.
fn refuse(places: impl Iterator<Item = usize>, code: &'static str, why: impl Fn(usize) -> String) -> Result<()> {
    let places: Vec<usize> = places.collect();
    let name = |at: &usize| FieldError { pointer: format!("/user_ids/{at}"), code, message: why(*at) };
    let mut errors: Vec<FieldError> = places.iter().take(MAX_NAMED).map(name).collect();
    if places.len() > MAX_NAMED {
        let message = format!("{} more are wrong in the same way", places.len().saturating_sub(MAX_NAMED));
        errors.push(FieldError { pointer: "/user_ids".to_owned(), code, message });
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Validation(errors)) }
}
