//! What users hold, directly and through roles.

use std::collections::BTreeSet;

use kernel::{AccountId, Id, OsRandom, RoleId, Time, UserId};
use permissions::{ApplicationPermission, Permission, PermissionSet};

use super::database::Database;
use crate::{
    Conn,
    tables::directory::{
        accounts::{self, Account},
        application_permissions::{self, RegisteredPermission},
        role_permissions,
        roles::{self, Role},
        user_permissions, user_roles,
        users::{self, Status, User},
    },
};

fn account(conn: &mut Conn, slug: &str, now: Time) -> AccountId {
    let id = Id::generate(now, &mut OsRandom);
    accounts::insert(conn, &Account::new(id, slug.into(), slug.into(), now), None).unwrap();
    id
}

fn user(conn: &mut Conn, account_id: AccountId, name: &str, created_at: Time) -> UserId {
    let user = User {
        account_id,
        id: Id::generate(created_at, &mut OsRandom),
        username: name.to_owned(),
        username_key: name.to_owned(),
        display_name: None,
        email: None,
        status: Status::Active,
        password_hash: None,
        password_changed_at: None,
        password_change_required: false,
        version: 1,
        created_at,
    };
    users::insert(conn, &user).unwrap();
    user.id
}

fn role(conn: &mut Conn, account_id: AccountId, name: &str, carried: &[Permission], now: Time) -> RoleId {
    let role = Role {
        account_id,
        id: Id::generate(now, &mut OsRandom),
        name: name.to_owned(),
        name_key: name.to_owned(),
        description: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    roles::insert(conn, role.clone()).unwrap();
    for permission in carried {
        role_permissions::add(conn, account_id, role.id, permission).unwrap();
    }
    role.id
}

#[test]
fn what_users_hold_is_the_same_for_one_and_for_many_and_each_permission_counts_once() {
    let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    for database in Database::each() {
        database.open().migrate().unwrap();
        let conn = &mut database.connect();
        let names = (0..12).map(|number| format!("crm.things.p{number}").parse::<ApplicationPermission>().unwrap());
        let applications: Vec<_> = names.collect();
        for name in &applications {
            let (name, description) = (name.clone(), String::new());
            application_permissions::insert(conn, &RegisteredPermission { name, description, created_at: now })
                .unwrap();
        }
        let theirs = applications.into_iter().map(Permission::Application);
        let all: Vec<Permission> = Permission::OURS.into_iter().chain(theirs).collect();
        let (acme, other) = (account(conn, "acme", now), account(conn, "other", now));
        // Each role carries three, so that some carry the same.
        let roles: Vec<(RoleId, &[Permission])> = all
            .windows(3)
            .enumerate()
            .map(|(number, carried)| (role(conn, acme, &number.to_string(), carried, now), carried))
            .collect();
        let empty = role(conn, acme, "empty", &[], now);
        let foreign = role(conn, other, "0", &all, now);

        let mut expected: Vec<(UserId, BTreeSet<Permission>)> = Vec::new();
        for number in 0..20_usize {
            let user = user(conn, acme, &format!("user {number}"), now);
            let mut held = BTreeSet::new();
            if let Some(direct) = all.get(number) {
                user_permissions::grant(conn, acme, user, direct, now).unwrap();
                held.insert(direct.clone());
            }
            for (id, carried) in roles.iter().skip(number) {
                user_roles::assign(conn, acme, user, *id, now).unwrap();
                held.extend(carried.iter().cloned());
            }
            user_roles::assign(conn, acme, user, empty, now).unwrap();
            expected.push((user, held));
        }
        let stranger = user(conn, other, "user 0", now);
        user_roles::assign(conn, other, stranger, foreign, now).unwrap();

        let ids: Vec<UserId> = expected.iter().map(|(user, _)| *user).chain([stranger]).collect();
        let mut together = user_permissions::of_users(conn, acme, &ids).unwrap();
        for (user, held) in expected {
            let held: PermissionSet = held.into_iter().collect();
            assert_eq!(user_permissions::of_user(conn, acme, user).unwrap(), held);
            assert_eq!(together.remove(&user).unwrap_or_default(), held);
        }
        assert!(together.values().all(PermissionSet::is_empty), "the stranger is of another account");
        assert_eq!(user_permissions::of_user(conn, acme, stranger).unwrap(), PermissionSet::default());
        let some: Vec<RoleId> = roles.iter().take(2).map(|(id, _)| *id).chain([foreign]).collect();
        let four: PermissionSet = all.iter().take(4).cloned().collect();
        assert_eq!(role_permissions::of_any(conn, acme, &some).unwrap(), four);
        assert_eq!(role_permissions::of_any(conn, acme, &[]).unwrap(), PermissionSet::default());
    }
}
