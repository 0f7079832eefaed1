//! Previews the change of the two-factor policy.

use std::collections::HashSet;

use kernel::{AccountId, UserId};
use permissions::AccountSettings;
use store::{
    Conn,
    tables::{
        directory::users::{self, UserAndDevice},
        policies::{two_factor_policies, two_factor_policy_users},
    },
};
use two_factor::{Group, Mode, group};

use super::draft::TwoFactorPolicyDraft;
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

/// Users per query.
const CHUNK: i64 = 5_000;

/// Which users of each group to list.
#[derive(Clone, Copy, Debug)]
pub struct PreviewPage {
    /// List those after this one; `None`: from the beginning.
    pub after: Option<UserId>,
    /// How many of each group; at least 1.
    pub limit: u16,
}

/// A user in a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewedUser {
    /// The id.
    pub id: UserId,
    /// The user name for sign-in.
    pub username: String,
    /// The display name.
    pub display_name: Option<String>,
}

/// Users whom the change affects in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreviewGroup {
    /// How many there are in total, whatever page was requested.
    pub count: u64,
    /// The users of the page.
    pub users: Vec<PreviewedUser>,
    /// The last user of this page, after whom the next page begins; `None` when this is the last.
    pub next: Option<UserId>,
}

/// The effects of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Will be asked, and must enroll a device at their next sign-in.
    pub will_enroll: PreviewGroup,
    /// Will be asked, and have a device.
    pub already_enrolled: PreviewGroup,
    /// Are asked now and will not be.
    pub no_longer_asked: PreviewGroup,
}

impl Service {
    /// What `draft` would mean for the users of the account. Changes nothing. The users are read in chunks, each in its
    /// own transaction, so that nobody waits for all of a large account; a user who changes meanwhile is counted as
    /// before or as after the change.
    ///
    /// # Errors
    /// Those of [`Service::replace_two_factor_policy`].
    pub async fn preview_two_factor_policy(
        &self,
        by: &Allowed<AccountSettings>,
        draft: &TwoFactorPolicyDraft,
        page: PreviewPage,
    ) -> Result<Preview> {
        let account = by.account_id();
        let draft = draft.parse()?;
        let (now, then) = self
            .store
            .read_much(account, move |conn| {
                draft.fits(conn, account)?;
                let now = Asked::today(conn, account)?;
                let listed = draft.users_of(conn, account)?.into_iter().collect();
                Ok::<_, Error>((now, Asked { mode: draft.mode, listed }))
            })
            .await?;
        let (mut preview, mut after) = (Preview::default(), None);
        loop {
            let chunk = move |conn: &mut Conn| Ok::<_, Error>(users::page_with_device(conn, account, after, CHUNK)?);
            let users = self.store.read_much(account, chunk).await?;
            let Some(last) = users.last() else { return Ok(preview) };
            after = Some(last.id);
            preview.add_all(users, &now, &then, page);
        }
    }
}

/// The users whom a policy asks.
struct Asked {
    mode: Mode,
    listed: HashSet<UserId>,
}

impl Asked {
    fn today(conn: &mut Conn, account: AccountId) -> Result<Self> {
        let policy = two_factor_policies::of_account(conn, account)?.ok_or(Error::NotFound)?;
        let mut listed = HashSet::new();
        if policy.mode.has_list() {
            listed.extend(two_factor_policy_users::page(conn, account, None, i64::MAX)?);
        }
        Ok(Self { mode: policy.mode, listed })
    }

    /// Users who have enrolled a device by choice are asked whatever the policy says.
    fn asks(&self, user: &UserAndDevice) -> bool {
        user.device_by_choice == Some(true) || self.mode.asks(self.listed.contains(&user.id))
    }
}

impl Preview {
    fn add_all(&mut self, users: Vec<UserAndDevice>, now: &Asked, then: &Asked, page: PreviewPage) {
        for user in users {
            match group(now.asks(&user), then.asks(&user), user.device_by_choice.is_some()) {
                Some(Group::WillEnroll) => self.will_enroll.add(user, page),
                Some(Group::AlreadyEnrolled) => self.already_enrolled.add(user, page),
                Some(Group::NoLongerAsked) => self.no_longer_asked.add(user, page),
                None => {}
            }
        }
    }
}

impl PreviewGroup {
    fn add(&mut self, user: UserAndDevice, page: PreviewPage) {
        self.count = self.count.saturating_add(1);
        if page.after.is_some_and(|after| user.id <= after) {
            return;
        }
        if self.users.len() < usize::from(page.limit) {
            self.users.push(PreviewedUser { id: user.id, username: user.username, display_name: user.display_name });
        } else {
            self.next = self.users.last().map(|last| last.id);
        }
    }
}
