//! Reports of whom a second factor is required, and who has one.

use std::collections::HashMap;

use chrono::TimeDelta;
use kernel::{AccountId, RoleId, Time, UserId};
use permissions::{AccountSettings, OneOf, PasswordManagement};
use store::{
    Conn,
    tables::{
        directory::{accounts, roles},
        jobs::{
            two_factor_counts::{self, Tally},
            two_factor_days::{self, TwoFactorDay},
        },
        policies::two_factor_policies,
    },
};
use two_factor::Mode;

use super::trend::{TrendPoint, day_of, trend};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

/// The longest list of roles in a report.
const MAX_ROLES: usize = 1_000;

/// The state of the account's second factors. Disabled users are not counted.
#[derive(Clone, Debug)]
pub struct TwoFactorReport {
    /// The account's display name.
    pub account: String,
    /// The time of the report.
    pub as_of: Time,
    /// How the account decides of whom a second factor is required.
    pub mode: Mode,
    /// All users.
    pub total: TwoFactorCounts,
    /// The users of each role that has users, the one with the most users first; at most 1,000.
    pub by_role: Vec<RoleCounts>,
    /// How many roles there are beyond these.
    pub more_roles: u64,
    /// The last days; today's values are the current ones.
    pub trend: Vec<TrendPoint>,
}

/// The users of one role.
#[derive(Clone, Debug)]
pub struct RoleCounts {
    /// The role.
    pub role_id: RoleId,
    /// Its name.
    pub name: String,
    /// Its users.
    pub counts: TwoFactorCounts,
}

/// Numbers of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TwoFactorCounts {
    /// All of them: the sum of `enrolled`, `not_enrolled`, `asleep` and `not_asked`.
    pub users: u64,
    /// Of whom the account's policy requires a second factor.
    pub asked: u64,
    /// With a device whose code is required: by the policy, or because its owner chose to have it.
    pub enrolled: u64,
    /// Required, but without a device.
    pub not_enrolled: u64,
    /// With a device whose code is not required.
    pub asleep: u64,
    /// Without a device, and not required to have one.
    pub not_asked: u64,
    /// Not enrolled, for more days than the account allows.
    pub overdue: u64,
}

impl Service {
    /// The state of the account's second factors, now and in the last `days` days. Users of whom a second factor has
    /// been required for `overdue_after_days` days and who have no device are overdue.
    ///
    /// # Errors
    /// [`Error::NotFound`]: there is no such account.
    pub async fn report_two_factor(
        &self,
        by: &Allowed<OneOf<AccountSettings, PasswordManagement>>,
        days: u16,
        overdue_after_days: u16,
    ) -> Result<TwoFactorReport> {
        let account = by.account_id();
        let now = self.core.now();
        self.store
            .read_much(account, move |conn| {
                let cutoff = now - TimeDelta::days(overdue_after_days.into());
                let early = UserId::smallest_of(cutoff + TimeDelta::milliseconds(1));
                let name = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?.name;
                let mode = two_factor_policies::of_account(conn, account)?.ok_or(Error::NotFound)?.mode;
                let own = moments(conn, account, mode, early, cutoff)?;
                let tally = two_factor_counts::of_active(conn, account, mode, early)?;
                let total = with_overdue(tally, mode, &own, None);
                let (by_role, more_roles) = roles_of(conn, account, mode, early, &own)?;
                let present = day(&total, now);
                let begin = present.day.saturating_sub(days.into());
                let first = two_factor_days::first(conn, account)?;
                let trend = trend(&two_factor_days::after(conn, account, begin)?, first, present, days);
                Ok(TwoFactorReport { account: name, as_of: now, mode, total, by_role, more_roles, trend })
            })
            .await
    }
}

/// The state of the account at `now`.
pub(crate) fn now_of(conn: &mut Conn, account: AccountId, now: Time) -> Result<Option<TwoFactorDay>> {
    let Some(policy) = two_factor_policies::of_account(conn, account)? else { return Ok(None) };
    let tally = two_factor_counts::of_active(conn, account, policy.mode, UserId::smallest_of(now))?;
    Ok(Some(day(&counts_of(tally, policy.mode), now)))
}

fn day(counts: &TwoFactorCounts, now: Time) -> TwoFactorDay {
    let signed = |number| i64::try_from(number).unwrap_or(i64::MAX);
    TwoFactorDay {
        day: day_of(now),
        users: signed(counts.users),
        asked: signed(counts.asked),
        enrolled: signed(counts.enrolled),
        not_enrolled: signed(counts.not_enrolled),
        asleep: signed(counts.asleep),
        taken_at: now,
    }
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// All counts except `overdue`.
fn counts_of(tally: Tally, mode: Mode) -> TwoFactorCounts {
    let mut counts = TwoFactorCounts::default();
    for (devices, listed) in [(tally.listed, true), (tally.unlisted, false)] {
        let [users, chosen, plain] = [devices.users, devices.chosen, devices.plain].map(unsigned);
        let bare = users.saturating_sub(chosen).saturating_sub(plain);
        counts.users += users;
        counts.enrolled += chosen;
        if mode.asks(listed) {
            counts.asked += users;
            counts.enrolled += plain;
            counts.not_enrolled += bare;
        } else {
            counts.asleep += plain;
            counts.not_asked += bare;
        }
    }
    counts
}

/// Corrects the number of overdue users in a tally by those who have a moment of their own.
struct OwnMoments {
    /// Whether all who were created early enough are overdue, except for those in `numbers`; otherwise only those in
    /// `numbers` are.
    all_but: bool,
    /// How many in each role; `None`: in the whole account.
    numbers: HashMap<Option<RoleId>, i64>,
}

fn moments(conn: &mut Conn, account: AccountId, mode: Mode, early: UserId, cutoff: Time) -> Result<OwnMoments> {
    let asked_since = two_factor_policies::asked_since(conn, account)?.ok_or(Error::NotFound)?;
    let all_but = asked_since <= cutoff;
    let numbers = two_factor_counts::with_own_moment(conn, account, mode, (early, cutoff, all_but))?;
    Ok(OwnMoments { all_but, numbers: numbers.into_iter().collect() })
}

fn with_overdue(tally: Tally, mode: Mode, own: &OwnMoments, role: Option<RoleId>) -> TwoFactorCounts {
    let asked = [(tally.listed, true), (tally.unlisted, false)].into_iter().filter(|(_, listed)| mode.asks(*listed));
    let early: i64 = asked.map(|(devices, _)| devices.bare_early).sum();
    let number = own.numbers.get(&role).copied().unwrap_or(0);
    let overdue = if own.all_but { early.saturating_sub(number) } else { number };
    TwoFactorCounts { overdue: unsigned(overdue), ..counts_of(tally, mode) }
}

fn roles_of(
    conn: &mut Conn,
    account: AccountId,
    mode: Mode,
    early: UserId,
    own: &OwnMoments,
) -> Result<(Vec<RoleCounts>, u64)> {
    let mut counted: Vec<_> = two_factor_counts::by_role(conn, account, mode, early)?
        .into_iter()
        .map(|(role, tally)| (role, with_overdue(tally, mode, own, Some(role))))
        .filter(|(_, counts)| counts.users > 0)
        .collect();
    counted.sort_by(|one, other| other.1.users.cmp(&one.1.users).then(one.0.cmp(&other.0)));
    let more = counted.len().saturating_sub(MAX_ROLES);
    counted.truncate(MAX_ROLES);
    let ids: Vec<_> = counted.iter().map(|(role, _)| *role).collect();
    let names: HashMap<_, _> =
        roles::by_ids(conn, account, &ids)?.into_iter().map(|role| (role.id, role.name)).collect();
    let named =
        |(role_id, counts): (RoleId, _)| Some(RoleCounts { role_id, name: names.get(&role_id)?.clone(), counts });
    let mut counted: Vec<_> = counted.into_iter().filter_map(named).collect();
    counted.sort_by(|one, other| other.counts.users.cmp(&one.counts.users).then_with(|| one.name.cmp(&other.name)));
    Ok((counted, u64::try_from(more).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use store::tables::jobs::two_factor_counts::Devices;

    use super::*;

    #[test]
    fn every_user_stands_somewhere_in_every_mode() {
        let tally = Tally {
            listed: Devices { users: 10, chosen: 1, plain: 2, bare_early: 3 },
            unlisted: Devices { users: 100, chosen: 20, plain: 30, bare_early: 40 },
        };
        let counts = |asked, enrolled, not_enrolled, asleep, not_asked, overdue| TwoFactorCounts {
            users: 110,
            asked,
            enrolled,
            not_enrolled,
            asleep,
            not_asked,
            overdue,
        };
        let nobody = |all_but| OwnMoments { all_but, numbers: [(None, 2)].into() };
        for (mode, expected) in [
            (Mode::Disabled, counts(0, 21, 0, 32, 57, 0)),
            (Mode::AllUsers, counts(110, 53, 57, 0, 0, 41)),
            (Mode::SelectedUsers, counts(10, 23, 7, 30, 50, 1)),
            (Mode::AllUsersExcept, counts(100, 51, 50, 2, 7, 38)),
        ] {
            let found = with_overdue(tally, mode, &nobody(true), None);
            assert_eq!(found, expected, "{mode:?}");
            assert_eq!(found.users, found.enrolled + found.not_enrolled + found.asleep + found.not_asked, "{mode:?}");
            assert_eq!(with_overdue(tally, mode, &nobody(false), None).overdue, 2);
        }
    }
}
