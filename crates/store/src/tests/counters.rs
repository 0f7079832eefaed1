//! A table to write to.

use diesel::{connection::SimpleConnection as _, prelude::*};

use super::database::Database;
use crate::{Conn, Result, Store, StoreError};

diesel::table! {
    counters (id) {
        id -> BigInt,
        n -> BigInt,
    }
}

/// What closures of tests fail with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Store(StoreError),
    Mine,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The database, open and with an empty table.
pub(super) async fn open(database: &Database) -> Store {
    let store = database.open();
    create(&store).await;
    store
}

pub(super) async fn create(store: &Store) {
    run(store, "CREATE TABLE counters (id BIGINT PRIMARY KEY NOT NULL, n BIGINT NOT NULL)").await.unwrap();
}

/// Runs statements in a write.
pub(super) async fn run(store: &Store, sql: &str) -> Result<()> {
    let sql = sql.to_owned();
    store.write(move |conn| execute(conn, &sql)).await
}

pub(super) fn execute(conn: &mut Conn, sql: &str) -> Result<()> {
    Ok(conn.batch_execute(sql)?)
}

pub(super) fn insert(conn: &mut Conn, id: i64) -> Result<()> {
    diesel::insert_into(counters::table).values((counters::id.eq(id), counters::n.eq(0))).execute(conn)?;
    Ok(())
}

/// Raises `n` by one if it is still `from`.
pub(super) fn swap(conn: &mut Conn, id: i64, from: i64) -> Result<bool> {
    let row = counters::table.find(id).filter(counters::n.eq(from));
    Ok(diesel::update(row).set(counters::n.eq(from + 1)).execute(conn)? == 1)
}

pub(super) fn ids(conn: &mut Conn) -> Result<Vec<i64>> {
    Ok(counters::table.order(counters::id).select(counters::id).load(conn)?)
}

pub(super) async fn read_ids(store: &Store) -> Vec<i64> {
    store.read(ids).await.unwrap()
}
