//! Decides in SQL which password policy reaches a user, and which passwords match under it.
//!
//! A sign-in decides the same for one user; here the database decides for many at once.

use kernel::PasswordPolicyId;
use password_policy::{ALL_SHARES, ExpiringRange};

use crate::tables::base::statement::{Dialect, Statement, Value};

/// How a policy reaches the users to whom it is assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// They are named.
    User(PasswordPolicyId),
    /// They have a role to which it is assigned.
    Role(PasswordPolicyId),
    /// They hold this permission, directly or through a role.
    Permission(String),
}

/// A value for each policy: the assigned ones in order of precedence, then the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByPolicy<T> {
    /// The assigned ones. The first that reaches a user applies.
    pub assigned: Vec<(Reach, T)>,
    /// The account's default.
    pub default: T,
}

impl<T> ByPolicy<T> {
    /// Maps each value.
    pub fn map<U>(&self, mut f: impl FnMut(&T) -> U) -> ByPolicy<U> {
        let assigned = self.assigned.iter().map(|(reach, it)| (reach.clone(), f(it))).collect();
        ByPolicy { assigned, default: f(&self.default) }
    }
}

/// Which passwords match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matching {
    /// All of them.
    All,
    /// Those in one of these ranges.
    Ranges(Vec<ExpiringRange>),
}

impl Matching {
    /// Whether none can match.
    pub(in crate::tables) const fn is_empty(&self) -> bool {
        match self {
            Self::All => false,
            Self::Ranges(ranges) => ranges.is_empty(),
        }
    }
}

impl Statement {
    /// Whether the policy reaches the user with this alias.
    pub(in crate::tables) fn reached(&mut self, reach: &Reach, user: &str) {
        match reach {
            Reach::User(policy) => {
                self.push(&format!("EXISTS (SELECT 1 FROM password_policy_users x WHERE x.user_id = {user}.id"));
                self.push(" AND x.account_id = ");
                self.own_account();
                self.push(" AND x.policy_id = ");
                self.value(Value::Policy(*policy));
                self.push(")");
            }
            Reach::Role(policy) => {
                self.push(&format!(
                    "EXISTS (SELECT 1 FROM user_roles x JOIN password_policy_roles y ON y.account_id = x.account_id \
                     AND y.role_id = x.role_id WHERE x.user_id = {user}.id AND x.account_id = "
                ));
                self.own_account();
                self.push(" AND y.policy_id = ");
                self.value(Value::Policy(*policy));
                self.push(")");
            }
            Reach::Permission(name) => {
                self.push(&format!("(EXISTS (SELECT 1 FROM user_permissions x WHERE x.user_id = {user}.id"));
                self.push(" AND x.account_id = ");
                self.own_account();
                self.push(" AND x.permission = ");
                self.value(Value::Text(name.clone()));
                self.push(&format!(
                    ") OR EXISTS (SELECT 1 FROM user_roles x JOIN role_permissions y ON y.account_id = x.account_id \
                     AND y.role_id = x.role_id WHERE x.user_id = {user}.id AND x.account_id = "
                ));
                self.own_account();
                self.push(" AND y.permission = ");
                self.value(Value::Text(name.clone()));
                self.push("))");
            }
        }
    }

    /// A query for the ids of the users whom the policy reaches.
    pub(in crate::tables) fn whom(&mut self, reach: &Reach) {
        match reach {
            Reach::User(policy) => {
                self.push("SELECT x.user_id FROM password_policy_users x WHERE x.account_id = ");
                self.own_account();
                self.push(" AND x.policy_id = ");
                self.value(Value::Policy(*policy));
            }
            Reach::Role(policy) => {
                self.push(
                    "SELECT x.user_id FROM password_policy_roles y JOIN user_roles x ON x.account_id = y.account_id \
                     AND x.role_id = y.role_id WHERE y.account_id = ",
                );
                self.own_account();
                self.push(" AND y.policy_id = ");
                self.value(Value::Policy(*policy));
            }
            Reach::Permission(name) => self.holders(name),
        }
    }

    /// A query for the ids of the users who hold the permission, directly or through a role.
    pub(in crate::tables) fn holders(&mut self, permission: &str) {
        self.push("SELECT p.user_id FROM user_permissions p WHERE p.account_id = ");
        self.own_account();
        self.push(" AND p.permission = ");
        self.value(Value::Text(permission.to_owned()));
        self.push(
            " UNION SELECT r.user_id FROM role_permissions q \
             JOIN user_roles r ON r.account_id = q.account_id AND r.role_id = q.role_id WHERE q.account_id = ",
        );
        self.own_account();
        self.push(" AND q.permission = ");
        self.value(Value::Text(permission.to_owned()));
    }

    /// Whether the password of the user with this alias is in the range. The index over the age of passwords answers.
    pub(in crate::tables) fn in_range(&mut self, range: &ExpiringRange, user: &str) {
        self.push("TRUE");
        for (limit, operator) in [(range.changed_from, ">="), (range.changed_before, "<")] {
            if let Some(limit) = limit {
                self.push(&format!(" AND COALESCE({user}.password_changed_at, {user}.created_at) {operator} "));
                self.value(Value::Moment(limit));
            }
        }
        if range.shares != ALL_SHARES {
            match self.dialect {
                Dialect::Sqlite => self.push(&format!(" AND substr({user}.id, 13, 4) BETWEEN ")),
                Dialect::Postgres => self.push(&format!(" AND substr(uuid_send({user}.id), 13, 4) BETWEEN ")),
            }
            self.value(Value::Bytes(range.shares.start().to_be_bytes().to_vec()));
            self.push(" AND ");
            self.value(Value::Bytes(range.shares.end().to_be_bytes().to_vec()));
        }
    }

    /// Whether the password of the user with this alias matches.
    pub(in crate::tables) fn matches(&mut self, matching: &Matching, user: &str) {
        match matching {
            Matching::All => self.push("TRUE"),
            Matching::Ranges(ranges) => {
                self.push("(FALSE");
                for range in ranges {
                    self.push(" OR (");
                    self.in_range(range, user);
                    self.push(")");
                }
                self.push(")");
            }
        }
    }

    /// The value of the policy that applies to the user with this alias; `put` writes the value of one policy.
    pub(in crate::tables) fn by_policy<T>(&mut self, by: &ByPolicy<T>, user: &str, mut put: impl FnMut(&mut Self, &T)) {
        self.push("CASE");
        for (reach, it) in &by.assigned {
            self.push(" WHEN ");
            self.reached(reach, user);
            self.push(" THEN ");
            put(self, it);
        }
        // A CASE needs a WHEN.
        self.push(" WHEN TRUE THEN ");
        put(self, &by.default);
        self.push(" END");
    }
}
