//! Tests the deletion of an account's rows.

use super::{catalog::facts, database::Database};
use crate::tables::jobs::account_rows;

#[test]
fn every_table_with_rows_of_accounts_is_emptied_at_the_end() {
    let database = Database::sqlite();
    database.open().migrate().unwrap();
    let columns = facts(&mut database.connect());
    // The facts leave out the tables that the two databases do not have in common.
    let mut expected: Vec<_> = ["user_names"].map(str::to_owned).into();
    for fact in &columns {
        let column = fact.split_once(": ").unwrap().0;
        expected.extend(
            ["account_id", "of_account"]
                .iter()
                .filter_map(|name| column.strip_suffix(name)?.strip_suffix('.').map(str::to_owned)),
        );
    }
    let mut listed: Vec<_> = account_rows::names().map(str::to_owned).collect();
    expected.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, expected, "tables/account_rows.rs lists every table with rows of accounts");
}
