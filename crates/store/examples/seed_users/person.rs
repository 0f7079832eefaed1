//! The users of the account.

use auth::throttle::Counter;
use chrono::TimeDelta;
use kernel::{Id, OsRandom, RoleId, Time, UserId};
use permissions::Permission;
use store::{
    Conn, StoreError,
    tables::{
        base::throttles::{self, Key},
        directory::{
            user_permissions, user_roles,
            users::{self, Status, User},
        },
        policies::two_factor_due,
        sign_in::authenticators::{self, Authenticator},
    },
};

use super::account::Seeded;

const GIVEN: [&str; 16] = [
    "Anna", "Boris", "Chloé", "Dmitri", "Esra", "Farid", "Greta", "Hiro", "Inês", "Jonas", "Kasia", "Liam", "Mónica",
    "Nils", "Olga", "Pedro",
];
const FAMILY: [&str; 13] = [
    "Müller",
    "Okonkwo",
    "Tanaka",
    "Silva",
    "Novák",
    "Haddad",
    "Lindqvist",
    "Smith",
    "García",
    "Rossi",
    "Kowalski",
    "Nguyen",
    "Petrov",
];

/// A hash that matches no password.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcyBvaw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A number derived from `number` that looks random (splitmix64).
fn mixed(number: u64, salt: u64) -> u64 {
    let mut z = number.wrapping_add(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Whether this is one of `in_ten_thousand` people in 10,000; each salt selects others.
fn one_of(number: u64, salt: u64, in_ten_thousand: u64) -> bool {
    mixed(number, salt) % 10_000 < in_ten_thousand
}

fn pick(list: &[&'static str], random: u64) -> &'static str {
    let place = usize::try_from(random).unwrap_or(0).checked_rem(list.len()).unwrap_or(0);
    list.get(place).copied().unwrap_or_default()
}

/// A person and the time of creation.
pub struct Person {
    number: u64,
    created_at: Time,
    username: String,
    display_name: String,
    password_changed_at: Time,
}

impl Person {
    pub fn new(number: u64, created_at: Time, now: Time) -> Self {
        let (given, family) = (pick(&GIVEN, mixed(number, 1)), pick(&FAMILY, mixed(number, 2)));
        // Changed at any time since; some never.
        let age = u64::try_from((now - created_at).num_seconds()).unwrap_or(0);
        let since = mixed(number, 3).checked_rem(age).unwrap_or(0);
        let since = if one_of(number, 4, 1_500) { 0 } else { since };
        Self {
            number,
            created_at,
            username: format!("{}.{}{number}", given.to_lowercase(), family.to_lowercase()),
            display_name: format!("{given} {family}"),
            password_changed_at: created_at + TimeDelta::seconds(i64::try_from(since).unwrap_or(0)),
        }
    }

    fn is(&self, salt: u64, in_ten_thousand: u64) -> bool {
        one_of(self.number, salt, in_ten_thousand)
    }

    fn user(&self, account: &Seeded) -> User {
        let invited = self.is(10, 500);
        User {
            account_id: account.id,
            id: Id::generate(self.created_at, &mut OsRandom),
            username_key: names::fold(&self.username),
            email: Some(format!("{}@example.org", self.username)),
            username: self.username.clone(),
            display_name: Some(self.display_name.clone()),
            status: if self.is(11, 200) { Status::Disabled } else { Status::Active },
            password_hash: (!invited).then(|| HASH.to_owned()),
            password_changed_at: (!invited).then_some(self.password_changed_at),
            password_change_required: self.is(12, 100),
            version: 1,
            created_at: self.created_at,
        }
    }

    fn roles<'a>(&self, account: &'a Seeded) -> impl Iterator<Item = RoleId> + use<'a> {
        let (first, second) = (mixed(self.number, 20) % 10, self.is(21, 1_000));
        account.roles.iter().enumerate().filter_map(move |(place, role)| {
            let place = u64::try_from(place).unwrap_or(0);
            (place == first || (second && place == 4 && first != 4)).then_some(*role)
        })
    }

    fn device(&self, account: &Seeded, user: UserId, now: Time) -> Option<Authenticator> {
        self.is(30, 7_000).then(|| Authenticator {
            account_id: account.id,
            user_id: user,
            sealed_secret: vec![0; 61],
            by_choice: self.is(31, 1_000),
            last_step: two_factor::Step::new(0),
            confirmed_at: now,
        })
    }
}

/// Adds the people and the rows that belong to them; returns who of them belongs on the list of the two-factor policy.
pub fn insert(conn: &mut Conn, account: &Seeded, people: &[Person], now: Time) -> Result<Vec<UserId>, StoreError> {
    let new: Vec<_> = people.iter().map(|person| person.user(account)).collect();
    users::insert_many(conn, account.id, &new)?;
    let both = || people.iter().zip(&new).map(|(person, user)| (person, user.id));
    let devices: Vec<_> = both().filter_map(|(person, user)| person.device(account, user, now)).collect();
    authenticators::insert_many(conn, &devices)?;
    let (mut granted, mut listed) = (Vec::new(), Vec::new());
    for (person, user) in both() {
        if person.is(40, 10) {
            granted.push((user, Permission::AccountSettings));
        }
        if person.is(41, 5) {
            granted.push((user, Permission::UserPermissions));
        }
        for role in person.roles(account) {
            user_roles::assign(conn, account.id, user, role, now)?;
        }
        if person.is(42, 100) {
            listed.push(user);
        }
        if person.is(43, 50) {
            two_factor_due::begin(conn, account.id, user, now - TimeDelta::days(5))?;
        }
        if person.is(44, 20) {
            let mut digest = [0; 32];
            digest[..16].copy_from_slice(user.as_bytes());
            let key = Key { kind: "password_of_user", digest, owner: Some((account.id, user)) };
            let blocked_until = now + TimeDelta::days(3_650);
            throttles::put(conn, &key, Counter { failures: 99, last_failure_at: now, blocked_until })?;
        }
    }
    user_permissions::grant_many(conn, account.id, &granted, now)?;
    Ok(listed)
}
