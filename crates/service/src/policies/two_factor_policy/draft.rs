//! Parses a two-factor policy.

use kernel::{AccountId, UserId};
use store::{Conn, tables::directory::accounts};
use two_factor::Mode;

use crate::base::{
    error::{Error, Result},
    model::UserList,
    platform_account::{PLATFORM_MODE, PLATFORM_SLUG},
};

/// A policy as an administrator requests it.
#[derive(Clone, Debug)]
pub struct PolicyDraft {
    /// `disabled`, `all_users`, `selected_users` or `all_users_except`.
    pub mode: String,
    /// The list, for the two modes that have one.
    pub user_ids: Option<Vec<String>>,
}

/// A valid policy, whose users were not looked up yet.
#[derive(Clone, Debug)]
pub(super) struct ParsedDraft {
    pub(super) mode: Mode,
    listed: UserList,
}

impl PolicyDraft {
    /// Parses the mode and the ids.
    pub(super) fn parse(&self) -> Result<ParsedDraft> {
        let mode: Mode = self
            .mode
            .parse()
            .map_err(|why: two_factor::UnknownMode| Error::field("/mode", "unknown_mode", why.to_string()))?;
        let listed = match (&self.user_ids, mode.has_list()) {
            (Some(ids), true) => UserList::parse(ids)?,
            (None, false) => UserList::default(),
            (None, true) => {
                let why = format!("is required with the mode {}", mode.as_str());
                return Err(Error::field("/user_ids", "required", why));
            }
            (Some(_), false) => {
                let why = format!("is not allowed with the mode {}", mode.as_str());
                return Err(Error::field("/user_ids", "not_allowed", why));
            }
        };
        Ok(ParsedDraft { mode, listed })
    }
}

impl ParsedDraft {
    /// Rejects what would let a platform administrator sign in with a password alone.
    ///
    /// # Errors
    /// [`Error::Conflict`]; [`Error::NotFound`] when there is no such account.
    pub(super) fn fits(&self, conn: &mut Conn, account: AccountId) -> Result<()> {
        let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
        if account.slug == PLATFORM_SLUG && self.mode != PLATFORM_MODE {
            let why = "platform administrators always sign in with two factors: the policy of the platform's own \
                       account must stay all_users";
            return Err(Error::Conflict(why.to_owned()));
        }
        Ok(())
    }

    /// The list without duplicates, in the order of ids.
    ///
    /// # Errors
    /// [`Error::Validation`] names those that are no users of this account.
    pub(super) fn users_of(&self, conn: &mut Conn, account: AccountId) -> Result<Vec<UserId>> {
        self.listed.of_account(conn, account)
    }
}
