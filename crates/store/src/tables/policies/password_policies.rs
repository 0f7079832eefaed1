//! The password policies of each account.

use diesel::prelude::*;
use kernel::{AccountId, PasswordPolicyId, Time, entity};
use password_policy::{CustomStrength, CustomStrengthDraft, Expiry, PasswordPolicy, PolicyDraft, can_be_forbidden};

use crate::{
    Conn, Result,
    schema::{accounts, password_policies, password_policy_words},
    sql_types::{SqlId, SqlTime},
    tables::{directory::accounts::LETS_IN, inconsistent, policies::password_policy_words as words},
};

/// A policy and what belongs to it.
#[derive(Clone, Debug)]
pub struct StoredPolicy {
    /// The account of the policy.
    pub account_id: AccountId,
    /// Its id.
    pub id: PasswordPolicyId,
    /// Whether it applies to everyone whom no other policy reaches. Exactly one policy of an account does.
    pub is_default: bool,
    /// Its rules.
    pub policy: PasswordPolicy,
    /// The expiry rule in force; `None`: passwords do not expire.
    pub expiry: Option<Expiry>,
    /// Where several policies reach a user by roles, or by permissions, the smallest number wins; 0 to 1,000.
    pub priority: u16,
    /// Grows with every change.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Time,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = password_policies)]
pub(in crate::tables) struct Row {
    pub(in crate::tables) account_id: SqlId<entity::Account>,
    pub(in crate::tables) id: SqlId<entity::PasswordPolicy>,
    pub(in crate::tables) name: String,
    pub(in crate::tables) is_default: bool,
    pub(in crate::tables) strength: String,
    pub(in crate::tables) custom_strength: Option<String>,
    pub(in crate::tables) expires_after_days: Option<i32>,
    pub(in crate::tables) existing_passwords: String,
    pub(in crate::tables) spread_expiry_over_days: i32,
    pub(in crate::tables) expiry_counted_from: Option<SqlTime>,
    pub(in crate::tables) expiry_shortened_at: Option<SqlTime>,
    pub(in crate::tables) remember_last: i32,
    pub(in crate::tables) apply_to_existing: String,
    pub(in crate::tables) priority: i32,
    pub(in crate::tables) version: i64,
    pub(in crate::tables) updated_at: SqlTime,
}

impl Row {
    fn of(stored: &StoredPolicy) -> Self {
        let policy = &stored.policy;
        let moment = |pick: fn(&Expiry) -> Option<Time>| stored.expiry.as_ref().and_then(pick).map(SqlTime::from);
        Self {
            account_id: stored.account_id.into(),
            id: stored.id.into(),
            name: policy.name().to_owned(),
            is_default: stored.is_default,
            strength: policy.strength().as_str().to_owned(),
            custom_strength: policy.strength().custom().map(custom_text),
            expires_after_days: policy.expiry().after_days().map(i32::from),
            existing_passwords: policy.expiry().existing().as_str().to_owned(),
            spread_expiry_over_days: policy.expiry().spread_days().into(),
            expiry_counted_from: moment(|expiry| expiry.counted_from),
            expiry_shortened_at: moment(|expiry| expiry.shortened_at),
            remember_last: policy.remember_last().get().into(),
            apply_to_existing: policy.apply_to_existing().as_str().to_owned(),
            priority: stored.priority.into(),
            version: stored.version,
            updated_at: stored.updated_at.into(),
        }
    }

    /// The policy with these words.
    pub(in crate::tables) fn with_words(self, mut forbidden_words: Vec<String>) -> Result<StoredPolicy> {
        // An earlier version accepted words that can never match. They are removed when the policy is saved next.
        forbidden_words.retain(|word| can_be_forbidden(word));
        let id = PasswordPolicyId::from(self.id);
        let bad = |column| inconsistent("password_policies", column, id);
        let custom_strength = self.custom_strength.as_deref().map(|text| custom_draft(text).ok_or(text)).transpose();
        let draft = PolicyDraft {
            name: self.name,
            strength: self.strength,
            custom_strength: custom_strength.map_err(|_| bad("custom_strength"))?,
            expires_after_days: self.expires_after_days.map(i64::from),
            existing_passwords: self.existing_passwords,
            spread_expiry_over_days: self.spread_expiry_over_days.into(),
            remember_last: self.remember_last.into(),
            apply_to_existing: self.apply_to_existing,
            forbidden_words,
        };
        let policy = PasswordPolicy::new(draft).map_err(|_| bad("value"))?;
        let expiry = policy.expiry().after_days().map(|after_days| Expiry {
            after_days,
            counted_from: self.expiry_counted_from.map(Time::from),
            shortened_at: self.expiry_shortened_at.map(Time::from),
            spread_days: policy.expiry().spread_days(),
        });
        Ok(StoredPolicy {
            account_id: self.account_id.into(),
            id,
            is_default: self.is_default,
            policy,
            expiry,
            priority: u16::try_from(self.priority).map_err(|_| bad("priority"))?,
            version: self.version,
            updated_at: self.updated_at.into(),
        })
    }
}

fn custom_text(custom: CustomStrength) -> String {
    let rules = custom.rules();
    let kinds = [rules.min_uppercase(), rules.min_lowercase(), rules.min_digits(), rules.min_specials()];
    kinds.iter().fold(rules.min_length().to_string(), |text, number| format!("{text} {number}"))
}

fn custom_draft(text: &str) -> Option<CustomStrengthDraft> {
    let numbers: Vec<i64> = text.split(' ').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let [min_length, min_uppercase, min_lowercase, min_digits, min_specials] = numbers.try_into().ok()?;
    Some(CustomStrengthDraft { min_length, min_uppercase, min_lowercase, min_digits, min_specials })
}

/// Adds a policy; a unique violation if the name is taken, or if there is another default.
pub fn insert(conn: &mut Conn, stored: &StoredPolicy) -> Result<()> {
    diesel::insert_into(password_policies::table).values(Row::of(stored)).execute(conn)?;
    words::insert(conn, stored.account_id, stored.id, stored.policy.forbidden_words())
}

/// All policies of the account, oldest first, in one query. There are few: the caller bounds their number.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<StoredPolicy>> {
    let words = password_policy_words::account_id
        .eq(password_policies::account_id)
        .and(password_policy_words::policy_id.eq(password_policies::id));
    let rows = password_policies::table
        .left_join(password_policy_words::table.on(words))
        .filter(password_policies::account_id.eq(SqlId::from(account)))
        .select((Row::as_select(), password_policy_words::word.nullable()))
        .order((password_policies::id, password_policy_words::place))
        .load::<(Row, Option<String>)>(conn)?;
    with_their_words(rows)
}

/// Policies from rows with a word each; the rows of one policy are adjacent.
fn with_their_words(rows: Vec<(Row, Option<String>)>) -> Result<Vec<StoredPolicy>> {
    let mut policies: Vec<(Row, Vec<String>)> = Vec::new();
    for (row, word) in rows {
        match policies.last_mut() {
            Some((last, words)) if last.id == row.id => words.extend(word),
            _ => policies.push((row, word.into_iter().collect())),
        }
    }
    policies.into_iter().map(|(row, words)| row.with_words(words)).collect()
}

/// All policies of the account, oldest first, without their forbidden words: those can be many, and only a password
/// check needs them ([`by_id`]).
pub fn rules_of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<StoredPolicy>> {
    let rows = password_policies::table
        .filter(password_policies::account_id.eq(SqlId::from(account)))
        .select(Row::as_select())
        .order(password_policies::id)
        .load::<Row>(conn)?;
    rows.into_iter().map(|row| row.with_words(Vec::new())).collect()
}

/// The policy with this id in this account, with its forbidden words, in one statement.
pub fn by_id(conn: &mut Conn, account: AccountId, id: PasswordPolicyId) -> Result<Option<StoredPolicy>> {
    let words = password_policy_words::account_id
        .eq(password_policies::account_id)
        .and(password_policy_words::policy_id.eq(password_policies::id));
    let rows = password_policies::table
        .left_join(password_policy_words::table.on(words))
        .filter(password_policies::account_id.eq(SqlId::from(account)))
        .filter(password_policies::id.eq(SqlId::from(id)))
        .select((Row::as_select(), password_policy_words::word.nullable()))
        .order(password_policy_words::place)
        .load::<(Row, Option<String>)>(conn)?;
    let mut policies = with_their_words(rows)?;
    Ok(policies.pop())
}

/// Writes the policy, with a greater version, if it is still at `stored.version`; returns whether it was. A unique
/// violation as with [`insert`].
pub fn replace(conn: &mut Conn, stored: &StoredPolicy) -> Result<bool> {
    let row = Row::of(stored);
    let same =
        password_policies::table.find((row.account_id, row.id)).filter(password_policies::version.eq(stored.version));
    let changed = diesel::update(same)
        .set((
            password_policies::name.eq(row.name),
            password_policies::is_default.eq(row.is_default),
            password_policies::strength.eq(row.strength),
            password_policies::custom_strength.eq(row.custom_strength),
            password_policies::expires_after_days.eq(row.expires_after_days),
            password_policies::existing_passwords.eq(row.existing_passwords),
            password_policies::spread_expiry_over_days.eq(row.spread_expiry_over_days),
            password_policies::expiry_counted_from.eq(row.expiry_counted_from),
            password_policies::expiry_shortened_at.eq(row.expiry_shortened_at),
            password_policies::remember_last.eq(row.remember_last),
            password_policies::apply_to_existing.eq(row.apply_to_existing),
            password_policies::priority.eq(row.priority),
            password_policies::version.eq(stored.version.saturating_add(1)),
            password_policies::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Ok(false);
    }
    words::delete(conn, stored.account_id, stored.id)?;
    words::insert(conn, stored.account_id, stored.id, stored.policy.forbidden_words())?;
    Ok(true)
}

/// Clears the default flag, so that another policy can get it in the same transaction.
pub fn clear_default(conn: &mut Conn, account: AccountId, now: Time) -> Result<()> {
    let default = password_policies::table
        .filter(password_policies::account_id.eq(SqlId::from(account)))
        .filter(password_policies::is_default.eq(true));
    diesel::update(default)
        .set((
            password_policies::is_default.eq(false),
            password_policies::version.eq(password_policies::version + 1),
            password_policies::updated_at.eq(SqlTime::from(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes the policy if it is still at `version`; returns whether it was.
pub fn delete(conn: &mut Conn, account: AccountId, id: PasswordPolicyId, version: i64) -> Result<bool> {
    let same = password_policies::table
        .find((SqlId::from(account), SqlId::from(id)))
        .filter(password_policies::version.eq(version));
    Ok(diesel::delete(same).execute(conn)? == 1)
}

/// The accounts in which passwords can expire and users can sign in.
pub fn accounts_with_expiry(conn: &mut Conn) -> Result<Vec<AccountId>> {
    let found = password_policies::table
        .inner_join(accounts::table.on(accounts::id.eq(password_policies::account_id)))
        .filter(accounts::status.eq(LETS_IN.as_str()))
        .filter(password_policies::expires_after_days.is_not_null())
        .select(password_policies::account_id)
        .distinct()
        .load::<SqlId<entity::Account>>(conn)?;
    Ok(found.into_iter().map(AccountId::from).collect())
}
