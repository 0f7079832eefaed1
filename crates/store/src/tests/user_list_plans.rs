//! How both databases execute the users page: the plans of its statements, over an account with many users.

use std::collections::HashMap;

use auth::throttle::Counter;
use chrono::{DateTime, TimeDelta};
use diesel::{QueryableByName, RunQueryDsl as _, connection::SimpleConnection as _, sql_types::Text};
use kernel::{AccountId, Id, OsRandom, PasswordPolicyId, RoleId, Time, UserId, entity};
use password_policy::{Expiry, PasswordPolicy, PolicyDraft};
use permissions::Permission;
use two_factor::Mode;

use super::database::Database;
use crate::{
    Conn,
    sql_types::{EntityId, SqlId},
    tables::{
        base::{
            statement::{Dialect, Statement},
            throttles::{self, Key},
        },
        directory::{
            accounts::{self, Account},
            role_permissions,
            roles::{self, Role},
            user_list::{Filters, Order, PasswordFilter, TwoFactorState, ids},
            user_permissions, user_roles,
            users::{self, Status, User},
        },
        policies::{
            password_policies::{self, StoredPolicy},
            password_policy_permissions, password_policy_roles, password_policy_users,
            password_reach::{ByPolicy, Matching, Reach},
            two_factor_policies::{self, TwoFactorPolicy},
            two_factor_policy_users,
        },
        sign_in::authenticators::{self, Authenticator},
    },
};

/// How many users the account has; more for measurements.
fn size() -> usize {
    std::env::var("LATCHKEY_TEST_USERS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

/// How many users are made together. Each time, the quota of the account changes, and within a transaction PostgreSQL reads
/// all that it has been before: one user at a time, that costs more than all plans together.
const AT_ONCE: usize = 1_000;

struct Seeded {
    account: AccountId,
    role: RoleId,
    policy: PasswordPolicyId,
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
        // Of all ages; the old ones do not come first.
        password_changed_at: (!number.is_multiple_of(29))
            .then(|| now - TimeDelta::minutes(i64::try_from(number * 7_919 % 20_011).unwrap())),
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
    roles::insert(conn, role.clone()).unwrap();
    role_permissions::add(conn, account.id, role.id, &Permission::UserPermissions).unwrap();
    (account.id, role.id)
}

/// The user with this number, with the role of its account: every fifth belongs to one of the others.
fn numbered(
    number: usize,
    others: &[(AccountId, RoleId)],
    account: (AccountId, RoleId),
    now: Time,
) -> (usize, User, RoleId) {
    let at = now + TimeDelta::milliseconds(i64::try_from(number).unwrap());
    let (id, role) = if number.is_multiple_of(5) { others[number / 5 % others.len()] } else { account };
    (number, user(id, number, at), role)
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

/// A password policy that reaches some users by permission, some by role, and some by name.
fn seed_policy(conn: &mut Conn, (account, role): (AccountId, RoleId), users: &[UserId], now: Time) -> PasswordPolicyId {
    let policy = PasswordPolicy::new(PolicyDraft { name: "Strict".to_owned(), ..PolicyDraft::default() }).unwrap();
    let stored = StoredPolicy {
        account_id: account,
        id: Id::generate(now, &mut OsRandom),
        is_default: false,
        policy,
        expiry: None,
        priority: 100,
        version: 1,
        updated_at: now,
    };
    password_policies::insert(conn, &stored).unwrap();
    password_policy_permissions::replace(conn, account, stored.id, &["user_permissions"]).unwrap();
    password_policy_roles::replace(conn, account, stored.id, &[role]).unwrap();
    let some: Vec<_> = users.iter().step_by(29).copied().collect();
    password_policy_users::replace(conn, account, stored.id, &some).unwrap();
    stored.id
}

/// Passwords that expire between two numbers of minutes after their last change, under the default and under an
/// assigned policy; `None`: such a policy matches nobody.
fn aged(seeded: &Seeded, default: [Option<i64>; 2], assigned: Option<[Option<i64>; 2]>) -> Filters {
    let rule = Expiry { after_days: 1, counted_from: None, shortened_at: None, spread_days: 0 };
    aged_under(seeded, rule, default, assigned)
}

fn aged_under(seeded: &Seeded, rule: Expiry, default: [Option<i64>; 2], assigned: Option<[Option<i64>; 2]>) -> Filters {
    let matching = |span: [Option<i64>; 2]| {
        let [after, until] = span.map(|minutes| minutes.map(|minutes| seeded.now + TimeDelta::minutes(minutes)));
        Matching::Ranges(rule.expiring(after, until))
    };
    let reaches =
        [Reach::User(seeded.policy), Reach::Role(seeded.policy), Reach::Permission("user_permissions".to_owned())];
    let assigned = assigned.map(|span| reaches.map(|reach| (reach, matching(span))).to_vec()).unwrap_or_default();
    let by = ByPolicy { assigned, default: matching(default) };
    Filters { password: Some(PasswordFilter::Aged(by)), ..Filters::default() }
}

fn seed(conn: &mut Conn) -> Seeded {
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    conn.begin(crate::connection::Access::Write).unwrap();
    let others: Vec<_> = (0..4).map(|number| new_account(conn, &format!("other-{number}"), now)).collect();
    let account = new_account(conn, "big", now);
    let mut listed: HashMap<AccountId, Vec<UserId>> = HashMap::new();
    let mut users = Vec::new();
    let numbers: Vec<_> = (0..size()).collect();
    for part in numbers.chunks(AT_ONCE) {
        let mut part: Vec<_> = part.iter().map(|number| numbered(*number, &others, account, now)).collect();
        users.extend(part.iter().filter(|(_, user, _)| user.account_id == account.0).map(|(_, user, _)| user.id));
        for (_, user, _) in part.iter().filter(|(number, ..)| number.is_multiple_of(11)) {
            listed.entry(user.account_id).or_default().push(user.id);
        }
        part.sort_by_key(|(_, user, _)| user.account_id);
        for of_account in part.chunk_by(|(_, one, _), (_, other, _)| one.account_id == other.account_id) {
            let new: Vec<_> = of_account.iter().map(|(_, user, _)| user.clone()).collect();
            users::insert_many(conn, new[0].account_id, &new).unwrap();
        }
        for (number, user, role) in &part {
            seed_one(conn, user, *role, *number, now);
        }
    }
    for (account, ids) in &listed {
        two_factor_policy_users::replace(conn, *account, ids).unwrap();
    }
    for other in others {
        seed_policy(conn, other, &[], now);
    }
    let (account, role) = account;
    let policy = seed_policy(conn, (account, role), &users, now);
    conn.commit().unwrap();
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute("ANALYZE").unwrap(),
        Conn::Postgres(conn) => conn.batch_execute("VACUUM ANALYZE").unwrap(),
    }
    Seeded { account, role, policy, users, now }
}

/// A database's plan for the page, one step per line.
fn plan_of_page(conn: &mut Conn, seeded: &Seeded, filters: &Filters, few: bool, order: &Order) -> Vec<String> {
    let statement = Statement::page(Dialect::of(conn), seeded.account, filters, few, (order, 51));
    plan(conn, statement)
}

/// A database's plan, one step per line.
pub(super) fn plan(conn: &mut Conn, mut statement: Statement) -> Vec<String> {
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

/// The steps that read a whole table. What a subselect has collected is read as a whole, but is not a table.
fn reads_all(plan: &[String]) -> Vec<&String> {
    let collected = |name: &str| {
        plan.iter().any(|step| ["CO-ROUTINE ", "MATERIALIZE "].iter().any(|by| step.strip_prefix(by) == Some(name)))
    };
    let scans = |step: &&String| {
        let sqlite = step
            .strip_prefix("SCAN ")
            .is_some_and(|name| name != "x" && !name.contains("VIRTUAL TABLE INDEX") && !collected(name));
        sqlite || step.contains("Seq Scan on")
    };
    plan.iter().filter(scans).collect()
}

/// Whether PostgreSQL may read whole tables. It may prefer that for a small table when most rows belong to one account.
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
        ("password not set", Filters { password: Some(PasswordFilter::NotSet), ..none() }),
        ("password to be changed", Filters { password: Some(PasswordFilter::ChangeRequired), ..none() }),
        ("password expired, few", aged(seeded, [None, Some(-18_000)], None)),
        ("password expired, many", aged(seeded, [None, Some(-1_000)], None)),
        ("password expiring", aged(seeded, [Some(500), Some(520)], None)),
        (
            "password expired, spread over days",
            aged_under(
                seeded,
                Expiry { after_days: 1, counted_from: None, shortened_at: Some(seeded.now), spread_days: 3 },
                [None, Some(20)],
                None,
            ),
        ),
        ("password valid", aged(seeded, [Some(500), None], None)),
        ("password expired, by policies", aged(seeded, [None, Some(-18_000)], Some([None, Some(0)]))),
        ("password expiring, by a policy of some", aged(seeded, [Some(9), Some(9)], Some([Some(0), Some(900)]))),
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
                password: aged(seeded, [Some(500), None], None).password,
                locked: Some((false, seeded.now)),
                permission: Some(Permission::UserPermissions),
                role: Some(seeded.role),
            },
        ),
    ]
}

/// Filters for which no table of users is worth scanning.
const FEW_OR_ALL: [&str; 10] = [
    "no filter",
    "active",
    "a middle",
    "nobody",
    "disabled",
    "password not set",
    "password to be changed",
    "password expired, few",
    "password expiring",
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
            check_ages(&mut conn, &seeded, what, &filters);
            for order in orders(&seeded) {
                // Every step has an index,
                allow_seq_scan(&mut conn, false);
                for few in [true, false] {
                    let forced = plan_of_page(&mut conn, &seeded, &filters, few, &order);
                    assert!(reads_all(&forced).is_empty(), "{what}, {order:?}: {}", forced.join("\n"));
                }
                // and the database chooses it where the users are few, or all. For a share in between, reading a table of
                // this size as a whole may be cheaper.
                allow_seq_scan(&mut conn, true);
                let chosen = plan_of_page(&mut conn, &seeded, &filters, true, &order);
                let tables = if FEW_OR_ALL.contains(&what) { &["users", "user_names"][..] } else { &["user_names"] };
                let whole = reads_all(&chosen);
                let read = |table: &&str| whole.iter().any(|step| step.contains(&format!(" on {table} ")));
                assert!(!tables.iter().any(read), "{what}, {order:?}: {}", chosen.join("\n"));
                let started = std::time::Instant::now();
                let count = ids(&mut conn, seeded.account, &filters, &order, 51).unwrap().len();
                println!("{what}, {order:?}: {count} in {:?}", started.elapsed());
                // The user in the middle differs between the databases, but ids follow the numbers.
                // Which users get which share of a spread's days depends on the random bits of the id.
                if what != "password expired, spread over days" {
                    found.push((what, format!("{order:?}").contains("descending: true"), count));
                }
            }
        }
        found_by.push(found);
    }
    // Both find the same users.
    assert!(found_by.windows(2).all(|pair| pair[0] == pair[1]), "{found_by:?}");
}

/// Few passwords of an age are counted through an index over the age; collecting users first or testing them row by row
/// gives the same users in the same order.
fn check_ages(conn: &mut Conn, seeded: &Seeded, what: &str, filters: &Filters) {
    let Some(PasswordFilter::Aged(by)) = &filters.password else { return };
    allow_seq_scan(conn, false);
    let probe = || Statement::some_of_age(Dialect::of(conn), seeded.account, by);
    let (statement, probed) = (probe(), probe());
    let steps = plan(conn, statement);
    assert!(reads_all(&steps).is_empty(), "{what}: {}", steps.join("\n"));
    // If most passwords of the account have the age, another index over the account costs about the same, and chance
    // decides.
    let counted: Vec<Counted> = probed.load(conn).unwrap();
    let few = usize::try_from(counted[0].count).unwrap() < seeded.users.len() / 4;
    let by_default = by.default != Matching::Ranges(Vec::new());
    let by_age = steps.iter().any(|step| step.contains("users_password_age"));
    assert!(by_age == by_default || (by_default && !few), "{what}: {}", steps.join("\n"));
    for order in orders(seeded) {
        let found = [true, false].map(|few| {
            let statement = Statement::page(Dialect::of(conn), seeded.account, filters, few, (&order, 1_000));
            let found: Vec<Found> = statement.load(conn).unwrap();
            found.into_iter().map(|found| UserId::from(found.id)).collect::<Vec<_>>()
        });
        assert_eq!(found[0], found[1], "{what}, {order:?}");
        assert!(what == "all at once" || !found[0].is_empty(), "{what}, {order:?}");
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = EntityId)]
    id: SqlId<entity::User>,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}
