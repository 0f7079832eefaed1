//! Builds statements as text, for queries whose shape decides which index answers.

use diesel::{
    QueryableByName, RunQueryDsl as _,
    pg::Pg,
    query_builder::{BoxedSqlQuery, SqlQuery},
    sql_query,
    sql_types::{Array, BigInt, Binary, Text},
    sqlite::Sqlite,
};
use kernel::{AccountId, ApiKeyId, PasswordPolicyId, RoleId, Time, UserId};

use crate::{
    Conn, Result,
    sql_types::{EntityId, Moment, SqlId, SqlTime},
    tables::directory::user_names::as_words,
};

/// The database whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// A join whose left side is read first. SQLite has no statistics that show which side is the small one; PostgreSQL
    /// has.
    pub(crate) const fn join_in_order(self) -> &'static str {
        match self {
            Self::Sqlite => "CROSS JOIN",
            Self::Postgres => "JOIN",
        }
    }

    pub(crate) const fn of(conn: &Conn) -> Self {
        match conn {
            Conn::Sqlite(_) => Self::Sqlite,
            Conn::Postgres(_) => Self::Postgres,
        }
    }
}

/// A value in a statement. Values are bound, never written into the text.
pub(in crate::tables) enum Value {
    Account(AccountId),
    User(UserId),
    ApiKey(ApiKeyId),
    Role(RoleId),
    Policy(PasswordPolicyId),
    Text(String),
    Bytes(Vec<u8>),
    Moment(Time),
    Keys(Vec<i64>),
    Number(i64),
}

/// A statement under construction, about one account.
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(in crate::tables) dialect: Dialect,
    pub(in crate::tables) account: AccountId,
    values: Vec<Value>,
}

impl Statement {
    pub(in crate::tables) fn new(dialect: Dialect, account: AccountId, text: &str) -> Self {
        Self { text: text.to_owned(), values: vec![], dialect, account }
    }

    pub(in crate::tables) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(in crate::tables) fn value(&mut self, value: Value) {
        self.values.push(value);
        match self.dialect {
            Dialect::Sqlite => self.push("?"),
            Dialect::Postgres => self.push(&format!("${}", self.values.len())),
        }
    }

    pub(in crate::tables) fn own_account(&mut self) {
        self.value(Value::Account(self.account));
    }

    /// Runs it.
    pub(crate) fn load<R>(self, conn: &mut Conn) -> Result<Vec<R>>
    where
        R: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static,
    {
        Ok(match conn {
            Conn::Sqlite(conn) => self.for_sqlite().load(conn)?,
            Conn::Postgres(conn) => self.for_postgres().load(conn)?,
        })
    }

    pub(crate) fn for_sqlite(self) -> BoxedSqlQuery<'static, Sqlite, SqlQuery> {
        let query = sql_query(self.text).into_boxed();
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Account(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::User(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::ApiKey(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::Role(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::Policy(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::Text(text) => query.bind::<Text, _>(text),
            Value::Bytes(bytes) => query.bind::<Binary, _>(bytes),
            Value::Moment(at) => query.bind::<Moment, _>(SqlTime::from(at)),
            // Keys are words there.
            Value::Keys(keys) => query.bind::<Text, _>(as_words(&keys)),
            Value::Number(number) => query.bind::<BigInt, _>(number),
        })
    }

    pub(crate) fn for_postgres(self) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        let query = sql_query(self.text).into_boxed();
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Account(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::User(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::ApiKey(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::Role(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::Policy(id) => query.bind::<EntityId, _>(SqlId::from(id)),
            Value::Text(text) => query.bind::<Text, _>(text),
            Value::Bytes(bytes) => query.bind::<Binary, _>(bytes),
            Value::Moment(at) => query.bind::<Moment, _>(SqlTime::from(at)),
            Value::Keys(keys) => query.bind::<Array<BigInt>, _>(keys),
            Value::Number(number) => query.bind::<BigInt, _>(number),
        })
    }
}
