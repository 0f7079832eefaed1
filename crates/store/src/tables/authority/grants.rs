//! The current authority of users and an API key: whether they can sign in, and what they hold.
//!
//! One statement for all of them, as for [`crate::tables::sign_in::sign_in_facts`]: what one holds now must not be
//! compared with what another held a moment ago, nor with an account that was active before that.

use std::collections::{HashMap, HashSet};

use diesel::{
    QueryableByName,
    sql_types::{Nullable, Text},
};
use kernel::{AccountId, ApiKeyId, Time, UserId, entity};
use permissions::{Permission, PermissionSet};

use crate::tables::{
    base::statement::{Dialect, Statement, Value},
    directory::{accounts, users::Status},
    inconsistent,
};
use crate::{
    Conn, Result, StoreError,
    sql_types::{EntityId, Moment, SqlId, SqlTime},
};

/// A user, by account and id.
type Person = (AccountId, UserId);

/// An API key, by account and id.
type Key = (AccountId, ApiKeyId);

/// The result: what everyone who was asked about may do.
#[derive(Clone, Debug, Default)]
pub struct Authority {
    letting_in: HashSet<AccountId>,
    active: HashSet<Person>,
    held: HashMap<Person, PermissionSet>,
    ends: HashMap<Key, Option<Time>>,
    given: HashMap<Key, PermissionSet>,
    secrets: HashMap<Key, Vec<Secret>>,
}

/// A secret of the key.
#[derive(Clone, Copy, Debug)]
pub struct Secret {
    /// The key of the program that the secret was shown to; `None`: it was shown to the user.
    pub recipient: Option<Key>,
    ends_at: Option<Time>,
}

impl Secret {
    /// Whether the secret is valid by the clock.
    pub fn is_current(&self, now: Time) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}

impl Authority {
    /// Whether users of the account can sign in. It must be among the accounts asked about.
    pub fn lets_in(&self, account: AccountId) -> bool {
        self.letting_in.contains(&account)
    }

    /// Whether the user is active. It says nothing about the account.
    pub fn is_active(&self, user: Person) -> bool {
        self.active.contains(&user)
    }

    /// Whether the user can sign in.
    pub fn may_sign_in(&self, user: Person) -> bool {
        self.is_active(user) && self.lets_in(user.0)
    }

    /// The permissions that the user holds.
    pub fn held(&self, user: Person) -> PermissionSet {
        self.held.get(&user).cloned().unwrap_or_default()
    }

    /// The permissions of the key, unless it has expired.
    pub fn given(&self, key: Key, now: Time) -> Option<PermissionSet> {
        let ends = self.ends.get(&key)?;
        ends.is_none_or(|end| now < end).then(|| self.given.get(&key).cloned().unwrap_or_default())
    }

    /// The secrets of the key. It must be among the keys asked about.
    pub fn secrets(&self, key: Key) -> &[Secret] {
        self.secrets.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// Reads these users, their accounts and `accounts`; and `keys`, their secrets, and the keys of the programs that those
/// were shown to.
pub fn look(conn: &mut Conn, users: &[Person], accounts: &[AccountId], keys: &[Key]) -> Result<Authority> {
    let Some(statement) = Statement::authority(Dialect::of(conn), users, accounts, keys) else {
        return Ok(Authority::default());
    };
    let facts: Vec<Fact> = statement.load(conn)?;
    let mut authority = Authority::default();
    let mut held: HashMap<Person, Vec<Permission>> = HashMap::new();
    let mut given: HashMap<Key, Vec<Permission>> = HashMap::new();
    for fact in facts {
        let (account, text) = (AccountId::from(fact.account), fact.t.as_deref().unwrap_or_default());
        match (fact.part.as_str(), fact.id) {
            ("account", _) => authority.letting_in.extend((text == accounts::LETS_IN.as_str()).then_some(account)),
            ("user", Some(id)) => {
                let user = (account, of::<entity::User>(id));
                authority.active.extend((text == Status::Active.as_str()).then_some(user));
            }
            ("held", Some(id)) => {
                let user = of::<entity::User>(id);
                held.entry((account, user)).or_default().push(parse(text, "user_permissions", user)?);
            }
            ("key", Some(id)) => {
                authority.ends.insert((account, of::<entity::ApiKey>(id)), fact.m.map(Time::from));
            }
            ("given", Some(id)) => {
                let key = of::<entity::ApiKey>(id);
                given.entry((account, key)).or_default().push(parse(text, "api_key_permissions", key)?);
            }
            ("secret", Some(id)) => {
                let key = of::<entity::ApiKey>(id);
                let recipient = fact.other_account.zip(fact.other);
                let recipient = recipient.map(|(account, key)| (account.into(), of::<entity::ApiKey>(key)));
                let secret = Secret { recipient, ends_at: fact.m.map(Time::from) };
                authority.secrets.entry((account, key)).or_default().push(secret);
            }
            _ => return Err(inconsistent("authority", "part", account)),
        }
    }
    authority.held = held.into_iter().map(|(user, held)| (user, held.into_iter().collect())).collect();
    authority.given = given.into_iter().map(|(key, given)| (key, given.into_iter().collect())).collect();
    Ok(authority)
}

/// The id of a thing of this kind.
fn of<T: 'static>(id: SqlId<()>) -> kernel::Id<T> {
    kernel::Id::from_uuid(id.0.as_uuid())
}

fn parse(name: &str, table: &'static str, of: impl std::fmt::Display) -> Result<Permission> {
    name.parse().map_err(|_| -> StoreError { inconsistent(table, "permission", of) })
}

/// A row of the statement: something of a user or of a key, or an account.
#[derive(QueryableByName)]
struct Fact {
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = EntityId)]
    account: SqlId<entity::Account>,
    #[diesel(sql_type = Nullable<EntityId>)]
    id: Option<SqlId<()>>,
    #[diesel(sql_type = Nullable<Text>)]
    t: Option<String>,
    #[diesel(sql_type = Nullable<Moment>)]
    m: Option<SqlTime>,
    #[diesel(sql_type = Nullable<EntityId>)]
    other_account: Option<SqlId<entity::Account>>,
    #[diesel(sql_type = Nullable<EntityId>)]
    other: Option<SqlId<()>>,
}

impl Statement {
    /// The one statement; `None`: nothing is asked about. Its first part gives the columns their types.
    fn authority(dialect: Dialect, users: &[Person], accounts: &[AccountId], keys: &[Key]) -> Option<Self> {
        let accounts = accounts.iter().copied().chain(users.iter().map(|(account, _)| *account));
        let accounts: Vec<AccountId> = accounts.collect();
        let first = *accounts.first()?;
        let mut statement = Self::new(
            dialect,
            first,
            match dialect {
                Dialect::Sqlite => {
                    "SELECT 'account' AS part, a.id AS account, NULL AS id, a.status AS t, NULL AS m, \
                     NULL AS other_account, NULL AS other FROM accounts a WHERE a.id IN ("
                }
                Dialect::Postgres => {
                    "SELECT 'account' AS part, a.id AS account, CAST(NULL AS uuid) AS id, a.status AS t, \
                     CAST(NULL AS timestamptz) AS m, CAST(NULL AS uuid) AS other_account, CAST(NULL AS uuid) AS other \
                     FROM accounts a WHERE a.id IN ("
                }
            },
        );
        for (at, account) in accounts.into_iter().enumerate() {
            statement.push(if at == 0 { "" } else { ", " });
            statement.value(Value::Account(account));
        }
        statement.push(")");
        for (account, user) in users {
            let mut part = |columns: &str, from: &str, (of, id): (&str, &str)| {
                statement.push(&format!(" UNION ALL SELECT {columns}, NULL, NULL, NULL FROM {from}"));
                statement.push(&format!(" WHERE {of}.account_id = "));
                statement.value(Value::Account(*account));
                statement.push(&format!(" AND {of}.{id} = "));
                statement.value(Value::User(*user));
            };
            part("'user', u.account_id, u.id, u.status", "users u", ("u", "id"));
            part("'held', h.account_id, h.user_id, h.permission", "user_permissions h", ("h", "user_id"));
            let roles = "user_roles r JOIN role_permissions c ON c.account_id = r.account_id AND c.role_id = r.role_id";
            part("'held', r.account_id, r.user_id, c.permission", roles, ("r", "user_id"));
        }
        for key in keys {
            statement.of_key(*key);
        }
        Some(statement)
    }

    /// The key, the keys that its secrets were shown to, the permissions of each, and the secrets.
    fn of_key(&mut self, key: Key) {
        self.push(" UNION ALL SELECT 'key', k.account_id, k.id, NULL, k.expires_at, NULL, NULL FROM api_keys k JOIN (");
        self.shown_to(key);
        self.push(") w ON w.account_id = k.account_id AND w.id = k.id");
        self.push(" UNION ALL SELECT 'given', g.account_id, g.api_key_id, g.permission, NULL, NULL, NULL");
        self.push(" FROM api_key_permissions g JOIN (");
        self.shown_to(key);
        self.push(") w ON w.account_id = g.account_id AND w.id = g.api_key_id");
        self.push(" UNION ALL SELECT 'secret', s.account_id, s.api_key_id, NULL, s.ends_at, s.recipient_account_id,");
        self.push(" s.recipient_id FROM api_key_secrets s");
        self.of_secrets(key);
    }

    /// A query for this key and the keys that its secrets were shown to.
    fn shown_to(&mut self, (account, key): Key) {
        self.push("SELECT ");
        self.value(Value::Account(account));
        self.push(" AS account_id, ");
        self.value(Value::ApiKey(key));
        self.push(" AS id UNION SELECT s.recipient_account_id, s.recipient_id FROM api_key_secrets s");
        self.of_secrets((account, key));
        self.push(" AND s.recipient_id IS NOT NULL");
    }

    fn of_secrets(&mut self, (account, key): Key) {
        self.push(" WHERE s.account_id = ");
        self.value(Value::Account(account));
        self.push(" AND s.api_key_id = ");
        self.value(Value::ApiKey(key));
    }
}
