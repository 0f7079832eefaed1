//! What decides about a user is read in one statement: on PostgreSQL a second one would see another moment.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use diesel::{Connection as _, connection::InstrumentationEvent};
use kernel::{AccountId, ApiKeyId, Id, OsRandom, PasswordPolicyId, Time, TokenDigest, UserId};
use password_policy::{PasswordPolicy, PolicyDraft};
use permissions::{Permission, PermissionSet};
use two_factor::Mode;

use super::database::Database;
use crate::{
    Conn,
    tables::{
        authority::grants,
        directory::{
            accounts::{self, Account},
            api_key_permissions,
            api_key_secrets::{self, ApiKeySecret},
            api_keys::{self, ApiKey},
            role_permissions,
            roles::{self, Role},
            user_permissions, user_roles,
            users::{self, Status, User},
        },
        policies::{
            password_policies::{self, StoredPolicy},
            password_policy_permissions, password_policy_roles, password_policy_users,
            two_factor_policies::{self, TwoFactorPolicy},
            two_factor_policy_users,
        },
        sign_in::sign_in_facts,
    },
};

fn now() -> Time {
    chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn id<T>() -> Id<T> {
    Id::generate(now(), &mut OsRandom)
}

/// How many statements `f` runs.
fn statements<T>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> T) -> (usize, T) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let outcome = f(conn);
    conn.set_instrumentation(None::<Box<dyn diesel::connection::Instrumentation>>);
    (count.load(Ordering::Relaxed), outcome)
}

fn account(conn: &mut Conn, slug: &str, mode: Mode) -> AccountId {
    let account = Account::new(id(), slug.into(), format!("{slug} & sons"), now());
    accounts::insert(conn, &account, None).unwrap();
    let policy = TwoFactorPolicy { account_id: account.id, mode, version: 1, updated_at: now() };
    two_factor_policies::insert(conn, &policy).unwrap();
    account.id
}

fn user(conn: &mut Conn, account_id: AccountId, name: &str) -> UserId {
    let user = User {
        account_id,
        id: id(),
        username: name.to_owned(),
        username_key: name.to_owned(),
        display_name: None,
        email: None,
        status: Status::Active,
        password_hash: None,
        password_changed_at: None,
        password_change_required: false,
        version: 1,
        created_at: now(),
    };
    users::insert(conn, &user).unwrap();
    user.id
}

fn role(conn: &mut Conn, account_id: AccountId, name: &str, carried: &[Permission]) -> kernel::RoleId {
    let role = Role {
        account_id,
        id: id(),
        name: name.to_owned(),
        name_key: name.to_owned(),
        description: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    };
    roles::insert(conn, role.clone()).unwrap();
    for permission in carried {
        role_permissions::add(conn, account_id, role.id, permission).unwrap();
    }
    role.id
}

fn policy(conn: &mut Conn, account_id: AccountId, draft: PolicyDraft, is_default: bool) -> PasswordPolicyId {
    let stored = StoredPolicy {
        account_id,
        id: id(),
        is_default,
        policy: PasswordPolicy::new(draft).unwrap(),
        expiry: None,
        priority: 7,
        version: 3,
        updated_at: now(),
    };
    password_policies::insert(conn, &stored).unwrap();
    stored.id
}

fn draft(name: &str) -> PolicyDraft {
    PolicyDraft { name: name.to_owned(), ..PolicyDraft::default() }
}

fn set(permissions: &[Permission]) -> PermissionSet {
    permissions.iter().cloned().collect()
}

#[test]
fn what_a_sign_in_depends_on_is_one_statement_and_all_of_it() {
    for database in Database::each() {
        database.open().migrate().unwrap();
        let conn = &mut database.connect();
        let acme = account(conn, "acme", Mode::SelectedUsers);
        let other = account(conn, "other", Mode::AllUsers);
        let (ann, bob, stranger) = (user(conn, acme, "ann"), user(conn, acme, "bob"), user(conn, other, "ann"));
        two_factor_policy_users::replace(conn, acme, &[ann]).unwrap();
        let support = role(conn, acme, "Support", &[Permission::AuditRead, Permission::ApiKeys]);
        user_roles::assign(conn, acme, ann, support, now()).unwrap();
        for held in [Permission::AuditRead, Permission::AccountSettings] {
            user_permissions::grant(conn, acme, ann, &held, now()).unwrap();
        }
        let default = policy(conn, acme, draft("Basic"), true);
        let words = vec!["rocket".to_owned(), "coyote".to_owned()];
        let by_name = policy(conn, acme, PolicyDraft { forbidden_words: words.clone(), ..draft("Named") }, false);
        let custom = password_policy::CustomStrengthDraft {
            min_length: 11,
            min_uppercase: 1,
            min_lowercase: 2,
            min_digits: 3,
            min_specials: 4,
        };
        let custom = PolicyDraft { strength: "custom".to_owned(), custom_strength: Some(custom), ..draft("Custom") };
        let by_role = policy(conn, acme, custom, false);
        let expiring = PolicyDraft { expires_after_days: Some(90), remember_last: 5, ..draft("Expiring") };
        let by_permission = policy(conn, acme, expiring, false);
        password_policy_users::replace(conn, acme, by_name, &[ann]).unwrap();
        password_policy_roles::replace(conn, acme, by_role, &[support]).unwrap();
        password_policy_permissions::replace(conn, acme, by_permission, &["audit_read"]).unwrap();
        policy(conn, other, draft("Basic"), true);

        let (count, facts) = statements(conn, |conn| sign_in_facts::of_user(conn, acme, ann).unwrap().unwrap());
        assert_eq!(count, 1);
        let account = accounts::by_id(conn, acme).unwrap().unwrap();
        assert_eq!(format!("{:?}", facts.account), format!("{account:?}"));
        assert_eq!((facts.mode, facts.listed), (Mode::SelectedUsers, true));
        assert_eq!(facts.held, user_permissions::of_user(conn, acme, ann).unwrap());
        assert_eq!(facts.held, set(&[Permission::AuditRead, Permission::ApiKeys, Permission::AccountSettings]));
        let rules = password_policies::rules_of_account(conn, acme).unwrap();
        assert_eq!(format!("{:?}", facts.policies), format!("{rules:?}"));
        assert_eq!(facts.policies.len(), 4);
        assert!(facts.policies.iter().all(|policy| policy.is_default == (policy.id == default)));
        assert_eq!(facts.with_words, [by_name]);
        assert_eq!(facts.to_user, [by_name]);
        assert_eq!(facts.to_roles, [(by_role, "Support".to_owned())]);
        assert_eq!(facts.to_permissions, [(by_permission, "audit_read".to_owned())]);

        let (count, named) = statements(conn, |conn| password_policies::by_id(conn, acme, by_name).unwrap().unwrap());
        assert_eq!((count, named.policy.forbidden_words()), (1, words.as_slice()));
        assert_eq!(named.version, 3);

        let facts = sign_in_facts::of_user(conn, acme, bob).unwrap().unwrap();
        assert!(!facts.listed && facts.held.is_empty() && facts.to_user.is_empty() && facts.to_roles.is_empty());
        let facts = sign_in_facts::of_user(conn, other, stranger).unwrap().unwrap();
        assert_eq!((facts.mode, facts.listed, facts.policies.len()), (Mode::AllUsers, false, 1));
        assert!(sign_in_facts::of_user(conn, id(), ann).unwrap().is_none());
    }
}

#[test]
fn what_people_and_a_key_may_is_one_statement_and_all_of_it() {
    for database in Database::each() {
        database.open().migrate().unwrap();
        let conn = &mut database.connect();
        let (acme, other) = (account(conn, "acme", Mode::Disabled), account(conn, "other", Mode::Disabled));
        let (ann, bob, root) = (user(conn, acme, "ann"), user(conn, acme, "bob"), user(conn, other, "root"));
        users::set_status(conn, acme, bob, Status::Disabled).unwrap();
        let suspended =
            Account { status: accounts::Status::Suspended, ..accounts::by_id(conn, other).unwrap().unwrap() };
        assert!(accounts::set_lifecycle(conn, &suspended).unwrap());
        let support = role(conn, acme, "Support", &[Permission::AuditRead]);
        for user in [ann, bob] {
            user_roles::assign(conn, acme, user, support, now()).unwrap();
        }
        user_permissions::grant(conn, acme, ann, &Permission::ApiKeys, now()).unwrap();
        user_permissions::grant(conn, other, root, &Permission::PlatformAdministration, now()).unwrap();

        let everybody = [(acme, ann), (acme, bob), (other, root), (other, ann)];
        let (count, all) = statements(conn, |conn| grants::look(conn, &everybody, &[], &[]).unwrap());
        assert_eq!(count, 1);
        let held = everybody.map(|user| all.held(user));
        let [own, of_role, above, none] = held;
        assert_eq!(own, set(&[Permission::ApiKeys, Permission::AuditRead]));
        assert_eq!(of_role, set(&[Permission::AuditRead]));
        assert_eq!(above, set(&[Permission::PlatformAdministration]));
        assert!(none.is_empty(), "there is no such user in that account");
        assert_eq!(everybody.map(|user| all.is_active(user)), [true, false, true, false]);
        assert_eq!(everybody.map(|user| all.may_sign_in(user)), [true, false, false, false]);
        assert!(all.lets_in(acme) && !all.lets_in(other));
        let beside = grants::look(conn, &[(acme, ann)], &[other], &[]).unwrap();
        assert!(beside.lets_in(acme) && !beside.lets_in(other));
        assert!(!grants::look(conn, &[], &[], &[]).unwrap().lets_in(acme));
    }
}

fn key(conn: &mut Conn, account_id: AccountId, name: &str, expires_at: Option<Time>) -> ApiKeyId {
    let key = ApiKey {
        account_id,
        id: id(),
        name: name.to_owned(),
        name_key: name.to_owned(),
        description: None,
        networks: Vec::new(),
        expires_at,
        last_use: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    };
    api_keys::insert(conn, &key).unwrap();
    key.id
}

#[test]
fn a_key_is_looked_at_with_those_that_its_secrets_were_shown_to_and_with_no_others() {
    for database in Database::each() {
        database.open().migrate().unwrap();
        let conn = &mut database.connect();
        let acme = account(conn, "acme", Mode::Disabled);
        let ann = user(conn, acme, "ann");
        let later = now() + chrono::TimeDelta::hours(1);
        let (own, shown_to, foreign) =
            (key(conn, acme, "own", Some(later)), key(conn, acme, "shown", None), key(conn, acme, "foreign", None));
        api_key_permissions::add(conn, acme, own, &Permission::AuditRead).unwrap();
        api_key_permissions::add(conn, acme, own, &Permission::ApiKeys).unwrap();
        api_key_permissions::add(conn, acme, shown_to, &Permission::ApiKeys).unwrap();
        api_key_permissions::add(conn, acme, foreign, &Permission::AccountSettings).unwrap();
        for (number, of, recipient, ends_at) in
            [(1, own, None, Some(later)), (2, own, Some((acme, shown_to)), None), (3, foreign, None, None)]
        {
            let secret = ApiKeySecret {
                digest: TokenDigest::from_bytes([number; 32]),
                account_id: acme,
                api_key_id: of,
                answerable: (acme, ann),
                recipient,
                created_at: now(),
                ends_at,
            };
            api_key_secrets::insert(conn, &secret).unwrap();
        }
        let look = |conn: &mut Conn| grants::look(conn, &[(acme, ann)], &[], &[(acme, own)]).unwrap();
        let (count, found) = statements(conn, look);
        assert_eq!(count, 1);
        assert_eq!(found.given((acme, own), now()), Some(set(&[Permission::AuditRead, Permission::ApiKeys])));
        assert_eq!(found.given((acme, own), later), None, "it has ended");
        assert_eq!(found.given((acme, shown_to), later), Some(set(&[Permission::ApiKeys])));
        assert_eq!(found.given((acme, foreign), now()), None, "nobody has asked about it");
        let mut secrets: Vec<_> =
            found.secrets((acme, own)).iter().map(|secret| (secret.recipient, secret.is_current(later))).collect();
        secrets.sort();
        assert_eq!(secrets, [(None, false), (Some((acme, shown_to)), true)]);
        let unknown = (acme, id());
        let both = grants::look(conn, &[(acme, ann)], &[], &[(acme, foreign), unknown]).unwrap();
        assert_eq!(both.given((acme, foreign), now()), Some(set(&[Permission::AccountSettings])));
        assert_eq!((both.secrets((acme, foreign)).len(), both.secrets(unknown).len()), (1, 0));
        assert!(both.secrets((acme, own)).is_empty(), "nobody has asked about it");
    }
}
