//! Finds values that a master key has sealed.

use std::collections::BTreeSet;

use super::{catalog::facts, database::Database};
use crate::{
    sealed::{LASTING, PASSING},
    tables::platform::signing_keys::{self, SigningKey},
};

#[test]
fn every_sealed_column_is_looked_at() {
    for database in Database::each() {
        database.open().migrate().unwrap();
        let facts = facts(&mut database.connect());
        let columns = facts.iter().filter_map(|fact| fact.split_once(": ")).map(|(column, _)| column);
        let sealed: BTreeSet<_> = columns.filter(|column| column.contains(".sealed")).map(str::to_owned).collect();
        let looked_at = LASTING.iter().chain(&PASSING).map(|(table, column)| format!("{table}.{column}")).collect();
        assert_eq!(sealed, looked_at);
    }
}

#[tokio::test]
async fn a_database_of_any_age_says_what_is_sealed_in_it() {
    for database in Database::each() {
        let store = database.open();
        assert!(store.sealed_values().unwrap().is_empty(), "no tables yet");
        store.migrate().unwrap();
        assert!(store.sealed_values().unwrap().is_empty(), "no rows yet");
        let created_at = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let key = SigningKey { kid: "one".to_owned(), sealed_key: vec![7; 60], created_at };
        store.write(move |conn| signing_keys::insert(conn, &key)).await.unwrap();
        let found = store.sealed_values().unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].table, found[0].value.as_slice()), ("signing_keys", [7; 60].as_slice()));
    }
}

#[test]
fn a_database_that_cannot_be_reached_has_not_nothing() {
    let store = crate::Store::open(&crate::StoreConfig::new("postgres://ann:hunter2@127.0.0.1:1/none")).unwrap();
    let why = store.sealed_values().err().unwrap().to_string();
    assert!(why.starts_with("the database cannot be reached: ") && !why.contains("hunter2"), "{why}");
}
