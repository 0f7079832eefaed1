//! What a two-factor policy is to be, and its validation.

use kernel::{AccountId, UserId};
use serde::Deserialize;
use store::{Conn, tables::directory::accounts};
use two_factor::Mode;
use utoipa::ToSchema;
use validator::Validate;

use crate::base::{
    error::{Error, Result},
    model::UserList,
    platform_account::{PLATFORM_MODE, PLATFORM_SLUG},
};

/// The new two-factor policy.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TwoFactorPolicyDraft {
    /// Which users need a second factor.
    mode: TwoFactorMode,
    /// The ids of the listed users. Only for `selected_users` and `all_users_except`. Every id must belong to a user of
    /// this account; the error names each one that does not.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, nullable = false, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Option<Vec<String>>,
}

/// Which users need a second factor.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TwoFactorMode {
    /// No user.
    Disabled,
    /// All users.
    AllUsers,
    /// Only the listed users.
    SelectedUsers,
    /// All users except the listed ones.
    AllUsersExcept,
}

impl From<TwoFactorMode> for Mode {
    fn from(mode: TwoFactorMode) -> Self {
        match mode {
            TwoFactorMode::Disabled => Self::Disabled,
            TwoFactorMode::AllUsers => Self::AllUsers,
            TwoFactorMode::SelectedUsers => Self::SelectedUsers,
            TwoFactorMode::AllUsersExcept => Self::AllUsersExcept,
        }
    }
}

/// A valid policy, whose users were not looked up yet.
#[derive(Clone, Debug)]
pub(super) struct ParsedDraft {
    pub(super) mode: Mode,
    listed: UserList,
}

impl TwoFactorPolicyDraft {
    /// Parses the ids; only some modes have a list.
    pub(super) fn parse(&self) -> Result<ParsedDraft> {
        let mode = Mode::from(self.mode);
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
