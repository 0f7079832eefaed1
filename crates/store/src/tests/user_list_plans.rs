//! How both databases go about the users page: the plans of its statements, over an account of many users.

use std::collections::HashMap;

use auth::throttle::Counter;
use chrono::{DateTime, TimeDelta};
use diesel::{QueryableByName, RunQueryDsl as _, connection::SimpleConnection as _, sql_types::Text};
use kernel::{AccountId, Id, OsRandom, RoleId, Time, UserId};
use permissions::Permission;
use two_factor::Mode;

use super::database::Database;
use crate::{
    Conn,
    tables::{
        accounts::{self, Account},
        authenticators::{self, Authenticator},
        role_permissions,
        roles::{self, Role},
        throttles::{self, Key},
        two_factor_policies::{self, TwoFactorPolicy},
        two_factor_policy_users,
        user_list::{Dialect, Filters, Order, PasswordState, Statement, TwoFactorState, ids},
        user_permissions, user_roles,
        users::{self, Status, User},
    },
};

/// How many users the account has; more when somebody wants figures.
fn size() -> usize {
    std::env::var("LATCHKEY_TEST_USERS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

struct Seeded {
    account: AccountId,
    role: RoleId,
    users: Vec<UserId>,
    now: Time,
}

fn user(account: AccountId, number: usize, now: Time) -> User {
    let given = ["Anna", "Boris", "Chloé", "Dmitri", "Esra", "Farid", "Greta", "Hiro"][number % 8];
    let family = ["Müller", "Okonkwo", "Tanaka", "Silva", "Novák", "Haddad", "Lindqvist"][number % 7];
    let username = format!("{}.{}{number}", given.to_lowercase(), family.to_lowercase());
    User {
        account_id: account,
        id: Id::generate(now, &mut OsRandom),
        username_key: names::fold(&username),
        email: Some(format!("{username}@example.org")),
        username,
        display_name: Some(format!("{given} {family}")),
        // A few of each kind.
        status: if number.is_multiple_of(199) { Status::Disabled } else { Status::Active },
        password_hash: (!number.is_multiple_of(193)).then(|| "$argon2id$".to_owned()),
        password_changed_at: None,
        password_change_required: number.is_multiple_of(191),
        version: 1,
        created_at: now,
    }
}

/// An account with a role.
fn new_account(conn: &mut Conn, slug: &str, now: Time) -> (AccountId, RoleId) {
    let account = Account::new(Id::generate(now, &mut OsRandom), slug.to_owned(), slug.to_owned(), now);
    accounts::insert(conn, &account, None).unwrap();
    let policy = TwoFactorPolicy { account_id: account.id, mode: Mode::SelectedUsers, version: 1, updated_at: now };
    two_factor_policies::insert(conn, &policy).unwrap();
    let role = Role {
        account_id: account.id,
        id: Id::generate(now, &mut OsRandom),
        name: "Support".to_owned(),
        name_key: "support".to_owned(),
        description: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    roles::insert(conn, &role).unwrap();
    role_permissions::add(conn, account.id, role.id, &Permission::UserPermissions).unwrap();
    (account.id, role.id)
}

/// What belongs to the user with this number.
fn seed_one(conn: &mut Conn, user: &User, role: RoleId, number: usize, now: Time) {
    let account = user.account_id;
    if number % 4 == 1 {
        user_permissions::grant(conn, account, user.id, &Permission::AccountSettings, now).unwrap();
    }
    if number.is_multiple_of(1_999) {
        user_permissions::grant(conn, account, user.id, &Permission::UserPermissions, now).unwrap();
    }
    if number.is_multiple_of(97) {
        user_roles::assign(conn, account, user.id, role, now).unwrap();
    }
    if number.is_multiple_of(3) {
        let device = Authenticator {
            account_id: account,
            user_id: user.id,
            sealed_secret: vec![0; 40],
            by_choice: number.is_multiple_of(2),
            last_step: two_factor::Step::new(0),
            confirmed_at: now,
        };
        authenticators::insert(conn, &device).unwrap();
    }
    if number.is_multiple_of(7) {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&number.to_be_bytes());
        let key = Key { kind: "code_of_user", digest, owner: Some((account, user.id)) };
        let minutes = if number.is_multiple_of(49) { 5 } else { -5 };
        let blocked_until = now + TimeDelta::minutes(minutes);
        throttles::put(conn, &key, Counter { failures: 9, last_failure_at: now, blocked_until }).unwrap();
    }
}

fn seed(conn: &mut Conn) -> Seeded {
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    conn.begin(crate::connection::Access::Write).unwrap();
    let others: Vec<_> = (0..4).map(|number| new_account(conn, &format!("other-{number}"), now)).collect();
    let account = new_account(conn, "big", now);
    let mut listed: HashMap<AccountId, Vec<UserId>> = HashMap::new();
    let mut users = Vec::new();
    for number in 0..size() {
        let at = now + TimeDelta::milliseconds(i64::try_from(number).unwrap());
        let (id, role) = if number.is_multiple_of(5) { others[number / 5 % others.len()] } else { account };
        let user = user(id, number, at);
        users::insert(conn, &user).unwrap();
        seed_one(conn, &user, role, number, now);
        if number.is_multiple_of(11) {
            listed.entry(id).or_default().push(user.id);
        }
        if id == account.0 {
            users.push(user.id);
        }
    }
    for (account, ids) in &listed {
        two_factor_policy_users::replace(conn, *account, ids).unwrap();
    }
    let (account, role) = account;
    conn.commit().unwrap();
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute("ANALYZE").unwrap(),
        Conn::Postgres(conn) => conn.batch_execute("VACUUM ANALYZE").unwrap(),
    }
    Seeded { account, role, users, now }
}

/// What a database says it will do, a step a line.
fn plan(conn: &mut Conn, seeded: &Seeded, filters: &Filters, order: &Order) -> Vec<String> {
    #[derive(QueryableByName)]
    struct OfSqlite {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    #[derive(QueryableByName)]
    struct OfPostgres {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let mut statement = Statement::new(Dialect::of(conn), seeded.account, filters, order, 51);
    match conn {
        Conn::Sqlite(conn) => {
            statement.text.insert_str(0, "EXPLAIN QUERY PLAN ");
            let lines: Vec<OfSqlite> = statement.for_sqlite().load(conn).unwrap();
            lines.into_iter().map(|line| line.detail).collect()
        }
        Conn::Postgres(conn) => {
            statement.text.insert_str(0, "EXPLAIN ");
            let lines: Vec<OfPostgres> = statement.for_postgres().load(conn).unwrap();
            lines.into_iter().map(|line| line.line).collect()
        }
    }
}

/// The steps that read a whole table. What a subselect has collected is read as a whole, and is no table.
fn reads_all(plan: &[String]) -> Vec<&String> {
    let scans = |step: &&String| {
        let sqlite = step.starts_with("SCAN") && !step.contains("VIRTUAL TABLE INDEX");
        sqlite || step.contains("Seq Scan on")
    };
    plan.iter().filter(scans).collect()
}

/// Whether PostgreSQL may read whole tables. Of a small one it may like to, when most rows are of one account.
fn allow_seq_scan(conn: &mut Conn, allowed: bool) {
    if let Conn::Postgres(conn) = conn {
        conn.batch_execute(&format!("SET enable_seqscan = {}", if allowed { "on" } else { "off" })).unwrap();
    }
}

fn orders(seeded: &Seeded) -> Vec<Order> {
    let after = seeded.users[seeded.users.len() / 2];
    [false, true]
        .into_iter()
        .flat_map(|descending| {
            [
                Order::CreatedAt { descending, after: None },
                Order::CreatedAt { descending, after: Some(after) },
                Order::Username { descending, after: None },
                Order::Username { descending, after: Some("esra".to_owned()) },
            ]
        })
        .collect()
}

fn filters(seeded: &Seeded) -> Vec<(&'static str, Filters)> {
    let none = Filters::default;
    let search = |text: &str| Filters { search: Some(text.to_owned()), ..none() };
    let two_factor = |state, mode| Filters { two_factor: Some((state, mode)), ..none() };
    vec![
        ("no filter", none()),
        ("a beginning of two characters", search("gr")),
        ("a beginning", search("greta.lind")),
        ("a middle", search("indqvist77")),
        ("a mail address", search("77@example.org")),
        ("nobody", search("nobody at all")),
        ("active", Filters { status: Some(Status::Active), ..none() }),
        ("disabled", Filters { status: Some(Status::Disabled), ..none() }),
        ("password not set", Filters { password: Some(PasswordState::NotSet), ..none() }),
        ("password to be changed", Filters { password: Some(PasswordState::ChangeRequired), ..none() }),
        ("password valid", Filters { password: Some(PasswordState::Valid), ..none() }),
        ("not asked", two_factor(TwoFactorState::NotAsked, Mode::AllUsersExcept)),
        ("not enrolled", two_factor(TwoFactorState::NotEnrolled, Mode::SelectedUsers)),
        ("enrolled", two_factor(TwoFactorState::Enrolled, Mode::SelectedUsers)),
        ("enrolled, all asked", two_factor(TwoFactorState::Enrolled, Mode::AllUsers)),
        ("asleep", two_factor(TwoFactorState::Asleep, Mode::SelectedUsers)),
        ("locked", Filters { locked: Some((true, seeded.now)), ..none() }),
        ("not locked", Filters { locked: Some((false, seeded.now)), ..none() }),
        ("a permission of few", Filters { permission: Some(Permission::UserPermissions), ..none() }),
        ("a permission of many", Filters { permission: Some(Permission::AccountSettings), ..none() }),
        ("a role", Filters { role: Some(seeded.role), ..none() }),
        (
            "all at once",
            Filters {
                search: Some("anna".to_owned()),
                status: Some(Status::Active),
                two_factor: Some((TwoFactorState::Enrolled, Mode::AllUsers)),
                password: Some(PasswordState::Valid),
                locked: Some((false, seeded.now)),
                permission: Some(Permission::UserPermissions),
                role: Some(seeded.role),
            },
        ),
    ]
}

/// Filters that no table of users is worth reading for.
const FEW_OR_ALL: [&str; 8] = [
    "no filter",
    "active",
    "a middle",
    "nobody",
    "disabled",
    "password not set",
    "password to be changed",
    "a permission of few",
];

#[test]
fn the_users_page_search_and_filters_answer_from_an_index() {
    let mut found_by = Vec::new();
    for database in Database::each() {
        database.open().migrate().unwrap();
        let mut conn = database.connect();
        let seeded = seed(&mut conn);
        let mut found = Vec::new();
        for (what, filters) in filters(&seeded) {
            for order in orders(&seeded) {
                // There is an index for every step,
                allow_seq_scan(&mut conn, false);
                let forced = plan(&mut conn, &seeded, &filters, &order);
                assert!(reads_all(&forced).is_empty(), "{what}, {order:?}: {}", forced.join("\n"));
                // and where the users are few, or are all, it is what the database chooses. Between a fraction of an account
                // and all of it, reading a table of this size as a whole may well be cheaper.
                allow_seq_scan(&mut conn, true);
                let chosen = plan(&mut conn, &seeded, &filters, &order);
                let tables = if FEW_OR_ALL.contains(&what) { &["users", "user_names"][..] } else { &["user_names"] };
                let whole = reads_all(&chosen);
                let read = |table: &&str| whole.iter().any(|step| step.contains(&format!(" on {table} ")));
                assert!(!tables.iter().any(read), "{what}, {order:?}: {}", chosen.join("\n"));
                let started = std::time::Instant::now();
                let count = ids(&mut conn, seeded.account, &filters, &order, 51).unwrap().len();
                println!("{what}, {order:?}: {count} in {:?}", started.elapsed());
                // The place in the middle is somebody else's on each database, but ids follow the numbers.
                found.push((what, format!("{order:?}").contains("descending: true"), count));
            }
        }
        found_by.push(found);
    }
    // Both find the same.
    assert!(found_by.windows(2).all(|pair| pair[0] == pair[1]), "{found_by:?}");
}
