//! What a change would mean, before it is made.

use std::collections::HashSet;

use kernel::{AccountId, UserId};
use store::{
    Conn,
    tables::{
        directory::users::{self, UserAndDevice},
        policies::{two_factor_policies, two_factor_policy_users},
    },
};
use two_factor::{Group, Mode, group};

use super::draft::PolicyDraft;
use crate::base::{
    error::{Error, Result},
    service::Service,
};

/// Users that are looked at in one query.
const CHUNK: i64 = 5_000;

/// Which users of each group to name.
#[derive(Clone, Copy, Debug)]
pub struct PreviewPage {
    /// Name those after this one; `None`: from the beginning.
    pub after: Option<UserId>,
    /// How many of each group; at least 1.
    pub limit: u16,
}

/// A user in a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewedUser {
    /// The id.
    pub id: UserId,
    /// The name typed at sign-in.
    pub username: String,
    /// The name that people read.
    pub display_name: Option<String>,
}

/// Some users whom the change concerns in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreviewGroup {
    /// How many there are, whatever page was asked for.
    pub count: u64,
    /// Those of the page.
    pub users: Vec<PreviewedUser>,
    /// After whom the next page of this group begins; `None` when this is the last.
    pub next: Option<UserId>,
}

/// What a change would mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Will be asked, and have to enrol a device at their next sign-in.
    pub will_enroll: PreviewGroup,
    /// Will be asked, and have a device.
    pub already_enrolled: PreviewGroup,
    /// Are asked today and will not be.
    pub no_longer_asked: PreviewGroup,
}

impl Service {
    /// What `draft` would mean for the users of the account. Changes nothing. The users are looked at in chunks, each a read
    /// of its own, so that nobody waits for all of a large account; who changes meanwhile counts as before or as after.
    ///
    /// # Errors
    /// Those of [`Service::replace_two_factor_policy`].
    pub async fn preview_two_factor_policy(
        &self,
        account: AccountId,
        draft: &PolicyDraft,
        page: PreviewPage,
    ) -> Result<Preview> {
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

/// Whom a policy asks.
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

    /// Who has chosen to have a device is asked whatever the policy says.
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
