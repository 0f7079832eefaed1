//! The search for holders of a permission costs as much as the permission has holders.

use kernel::{Id, OsRandom};
use permissions::Permission;

use super::{database::Database, user_list_plans::plan};
use crate::tables::base::statement::{Dialect, Statement};

/// As in production, without statistics. PostgreSQL has them and finds the same plan.
#[test]
fn sqlite_begins_with_the_holders() {
    let database = Database::sqlite();
    database.open().migrate().unwrap();
    let mut conn = database.connect();
    let account = Id::generate(chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap(), &mut OsRandom);
    for can_sign_in in [true, false] {
        for (by_role, tables) in [(false, &["p", "u"][..]), (true, &["p", "h", "u"])] {
            let asked = (by_role, can_sign_in);
            let holder = Statement::holder(Dialect::Sqlite, account, &Permission::UserPermissions, asked);
            let steps = plan(&mut conn, holder);
            let searches: Vec<_> = steps.iter().filter(|step| step.starts_with("SEARCH ")).collect();
            assert_eq!(searches.len(), tables.len(), "{steps:?}");
            for (step, table) in searches.into_iter().zip(tables) {
                assert!(step.starts_with(&format!("SEARCH {table} USING ")), "{steps:?}");
            }
            let user = steps.iter().find(|step| step.starts_with("SEARCH u ")).unwrap();
            assert!(user.ends_with("(account_id=? AND id=?)"), "{steps:?}");
        }
    }
}

#[test]
fn sqlite_looks_for_a_role_among_the_holders() {
    let database = Database::sqlite();
    database.open().migrate().unwrap();
    let mut conn = database.connect();
    let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let (account, role) = (Id::generate(now, &mut OsRandom), Id::generate(now, &mut OsRandom));
    for (by_role, tables) in [(false, &["p", "r"][..]), (true, &["p", "h", "r"])] {
        let asked = Statement::holder_with_role(Dialect::Sqlite, account, &Permission::UserPermissions, by_role, role);
        let steps = plan(&mut conn, asked);
        let searches: Vec<_> = steps.iter().filter(|step| step.starts_with("SEARCH ")).collect();
        assert_eq!(searches.len(), tables.len(), "{steps:?}");
        for (step, table) in searches.into_iter().zip(tables) {
            assert!(step.starts_with(&format!("SEARCH {table} USING ")), "{steps:?}");
        }
        let role = steps.iter().find(|step| step.starts_with("SEARCH r ")).unwrap();
        assert!(role.contains("user_id=?") && role.contains("role_id=?"), "{steps:?}");
    }
}
