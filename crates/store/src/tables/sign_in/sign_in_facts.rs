//! Reads everything that decides what is required of a user who signs in, as of one moment.
//!
//! On PostgreSQL every statement of a writing transaction sees what was committed until then, so two statements may see
//! two states, and a mixture of them that nobody ever decided: yesterday's mode with today's list. So all of this is
//! one statement, and no function reads half of it for one user.

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Nullable, Text},
};
use kernel::{AccountId, PasswordPolicyId, Time, UserId, entity};
use permissions::{Permission, PermissionSet};
use two_factor::Mode;

use crate::tables::{
    base::statement::{Dialect, Statement, Value},
    directory::accounts::{self, Account},
    inconsistent,
    policies::password_policies::{self, StoredPolicy},
};
use crate::{
    Conn, Result,
    sql_types::{EntityId, Moment, SqlId, SqlTime},
};

/// What an account has decided, as far as it concerns one of its users.
#[derive(Clone, Debug)]
pub struct SignInFacts {
    /// The account.
    pub account: Account,
    /// Who must use a second factor.
    pub mode: Mode,
    /// Whether the user is on the list, for the two modes that have one.
    pub listed: bool,
    /// What the user holds.
    pub held: PermissionSet,
    /// The password policies of the account, oldest first, without their forbidden words.
    pub policies: Vec<StoredPolicy>,
    /// Those of them that have forbidden words.
    pub with_words: Vec<PasswordPolicyId>,
    /// The policies that are assigned to the user.
    pub to_user: Vec<PasswordPolicyId>,
    /// The policies that are assigned to a role of the user, and the name of the role.
    pub to_roles: Vec<(PasswordPolicyId, String)>,
    /// All policies that are assigned to the holders of a permission, and its name.
    pub to_permissions: Vec<(PasswordPolicyId, String)>,
}

/// A row of the statement. `part` says which fact it holds; the columns it uses are described beside each part.
#[derive(QueryableByName)]
struct Fact {
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = Nullable<EntityId>)]
    id: Option<SqlId<entity::PasswordPolicy>>,
    #[diesel(sql_type = Nullable<Text>)]
    t1: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t2: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t3: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t4: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t5: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n1: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n2: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n3: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n4: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n5: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n6: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n7: Option<i64>,
    #[diesel(sql_type = Nullable<Moment>)]
    m1: Option<SqlTime>,
    #[diesel(sql_type = Nullable<Moment>)]
    m2: Option<SqlTime>,
    #[diesel(sql_type = Nullable<Moment>)]
    m3: Option<SqlTime>,
}

/// What decides about this user of this account; `None`: there is no such account. Does not check that the user exists:
/// the caller has locked the user.
pub fn of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Option<SignInFacts>> {
    let facts: Vec<Fact> = Statement::sign_in_facts(Dialect::of(conn), account, user).load(conn)?;
    Sorted::of(facts, account, user)?.whole(account)
}

/// The facts by their parts.
#[derive(Default)]
struct Sorted {
    account: Option<Account>,
    mode: Option<(Mode, bool)>,
    held: Vec<Permission>,
    policies: Vec<StoredPolicy>,
    with_words: Vec<PasswordPolicyId>,
    to_user: Vec<PasswordPolicyId>,
    to_roles: Vec<(PasswordPolicyId, String)>,
    to_permissions: Vec<(PasswordPolicyId, String)>,
}

impl Sorted {
    fn of(facts: Vec<Fact>, account: AccountId, user: UserId) -> Result<Self> {
        let mut sorted = Self::default();
        for fact in facts {
            match fact.part.as_str() {
                "policy" => {
                    let has_words = fact.n7 == Some(1);
                    let policy = policy(account, fact)?;
                    sorted.with_words.extend(has_words.then_some(policy.id));
                    sorted.policies.push(policy);
                }
                "account" => sorted.account = Some(read_account(account, fact)?),
                "two_factor" => {
                    let mode = fact.t1.as_deref().and_then(|mode| mode.parse().ok());
                    let mode = mode.ok_or_else(|| inconsistent("two_factor_policies", "mode", account))?;
                    sorted.mode = Some((mode, fact.n1 == Some(1)));
                }
                "held" => {
                    let held = fact.t1.as_deref().and_then(|name| name.parse().ok());
                    sorted.held.push(held.ok_or_else(|| inconsistent("user_permissions", "permission", user))?);
                }
                "to_user" => sorted.to_user.extend(fact.id.map(PasswordPolicyId::from)),
                "to_role" => sorted.to_roles.extend(named(fact)),
                "to_permission" => sorted.to_permissions.extend(named(fact)),
                _ => return Err(inconsistent("sign_in_facts", "part", account)),
            }
        }
        sorted.policies.sort_by_key(|policy| policy.id);
        Ok(sorted)
    }

    fn whole(self, of: AccountId) -> Result<Option<SignInFacts>> {
        let Some(account) = self.account else { return Ok(None) };
        let (mode, listed) = self.mode.ok_or_else(|| inconsistent("two_factor_policies", "account_id", of))?;
        Ok(Some(SignInFacts {
            account,
            mode,
            listed,
            held: self.held.into_iter().collect(),
            policies: self.policies,
            with_words: self.with_words,
            to_user: self.to_user,
            to_roles: self.to_roles,
            to_permissions: self.to_permissions,
        }))
    }
}

fn named(fact: Fact) -> Option<(PasswordPolicyId, String)> {
    Some((fact.id?.into(), fact.t1?))
}

fn read_account(id: AccountId, fact: Fact) -> Result<Account> {
    let bad = |column| inconsistent("accounts", column, id);
    let status = fact.t3.as_deref().and_then(accounts::Status::of).ok_or_else(|| bad("status"))?;
    Ok(Account {
        id,
        slug: fact.t1.ok_or_else(|| bad("slug"))?,
        name: fact.t2.ok_or_else(|| bad("name"))?,
        status,
        suspended_at: fact.m2.map(Time::from),
        delete_at: fact.m3.map(Time::from),
        version: fact.n1.ok_or_else(|| bad("version"))?,
        created_at: fact.m1.map(Time::from).ok_or_else(|| bad("created_at"))?,
    })
}

fn policy(account: AccountId, fact: Fact) -> Result<StoredPolicy> {
    let id = fact.id.ok_or_else(|| inconsistent("password_policies", "id", account))?;
    let bad = |column| inconsistent("password_policies", column, PasswordPolicyId::from(id));
    let number = |number: Option<i64>, column| {
        let number = number.and_then(|number| i32::try_from(number).ok());
        number.ok_or_else(|| bad(column))
    };
    let row = password_policies::Row {
        account_id: account.into(),
        id,
        name: fact.t1.ok_or_else(|| bad("name"))?,
        is_default: fact.n1 == Some(1),
        strength: fact.t2.ok_or_else(|| bad("strength"))?,
        custom_strength: fact.t3,
        expires_after_days: fact.n2.map(|days| number(Some(days), "expires_after_days")).transpose()?,
        existing_passwords: fact.t4.ok_or_else(|| bad("existing_passwords"))?,
        spread_expiry_over_days: number(fact.n3, "spread_expiry_over_days")?,
        expiry_counted_from: fact.m1,
        expiry_shortened_at: fact.m2,
        remember_last: number(fact.n4, "remember_last")?,
        apply_to_existing: fact.t5.ok_or_else(|| bad("apply_to_existing"))?,
        priority: number(fact.n5, "priority")?,
        version: fact.n6.ok_or_else(|| bad("version"))?,
        updated_at: fact.m3.ok_or_else(|| bad("updated_at"))?,
    };
    row.with_words(Vec::new())
}

impl Statement {
    /// The one statement. Its first part gives the columns of all parts their types.
    fn sign_in_facts(dialect: Dialect, account: AccountId, user: UserId) -> Self {
        let user = || Value::User(user);
        let mut statement = Self::new(
            dialect,
            account,
            "SELECT 'policy' AS part, p.id AS id, p.name AS t1, p.strength AS t2, p.custom_strength AS t3, \
             p.existing_passwords AS t4, p.apply_to_existing AS t5, \
             CAST(CASE WHEN p.is_default THEN 1 ELSE 0 END AS bigint) AS n1, \
             CAST(p.expires_after_days AS bigint) AS n2, CAST(p.spread_expiry_over_days AS bigint) AS n3, \
             CAST(p.remember_last AS bigint) AS n4, CAST(p.priority AS bigint) AS n5, p.version AS n6, \
             CAST(CASE WHEN EXISTS (SELECT 1 FROM password_policy_words w WHERE w.account_id = p.account_id \
             AND w.policy_id = p.id) THEN 1 ELSE 0 END AS bigint) AS n7, \
             p.expiry_counted_from AS m1, p.expiry_shortened_at AS m2, p.updated_at AS m3 \
             FROM password_policies p WHERE p.account_id = ",
        );
        statement.own_account();
        statement.push(
            " UNION ALL SELECT 'account', NULL, a.slug, a.name, a.status, NULL, NULL, a.version, NULL, NULL, NULL, NULL, \
             NULL, NULL, a.created_at, a.suspended_at, a.delete_at FROM accounts a WHERE a.id = ",
        );
        statement.own_account();
        statement.push(
            " UNION ALL SELECT 'two_factor', NULL, t.mode, NULL, NULL, NULL, NULL, CASE WHEN EXISTS (SELECT 1 \
             FROM two_factor_policy_users l WHERE l.account_id = t.account_id AND l.user_id = ",
        );
        statement.value(user());
        statement.push(
            ") THEN 1 ELSE 0 END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM two_factor_policies t \
             WHERE t.account_id = ",
        );
        statement.own_account();
        statement.part("held", "NULL, h.permission", "user_permissions h", "h", user());
        let roles = "user_roles r JOIN role_permissions c ON c.account_id = r.account_id AND c.role_id = r.role_id";
        statement.part("held", "NULL, c.permission", roles, "r", user());
        statement.part("to_user", "x.policy_id, NULL", "password_policy_users x", "x", user());
        let roles = "user_roles r JOIN password_policy_roles x ON x.account_id = r.account_id \
                     AND x.role_id = r.role_id JOIN roles n ON n.account_id = r.account_id AND n.id = r.role_id";
        statement.part("to_role", "x.policy_id, n.name", roles, "r", user());
        statement.push(" UNION ALL SELECT 'to_permission', x.policy_id, x.permission, ");
        statement.push(NOTHING_ELSE);
        statement.push(" FROM password_policy_permissions x WHERE x.account_id = ");
        statement.own_account();
        statement
    }

    /// Rows of the user, under the alias `of`: an id, a text, and nothing else.
    fn part(&mut self, part: &str, columns: &str, from: &str, of: &str, user: Value) {
        self.push(&format!(" UNION ALL SELECT '{part}', {columns}, {NOTHING_ELSE} FROM {from}"));
        self.push(&format!(" WHERE {of}.account_id = "));
        self.own_account();
        self.push(&format!(" AND {of}.user_id = "));
        self.value(user);
    }
}

/// The columns behind `t1`.
const NOTHING_ELSE: &str = "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL";
