//! Turns prepared records into users, in one transaction.

use std::collections::{HashMap, HashSet};

use kernel::Time;
use names::skeleton;
use permissions::{Permission, PermissionSet, change};
use store::{
    Conn, StoreError, savepoint,
    tables::{
        directory::{accounts::Account, address_authors, user_names, user_permissions, user_quotas, users},
        jobs::{
            imported_users::{self, ImportedRecord, Importer},
            user_import_errors::LineError,
            user_imports::Tally,
        },
        sign_in::{authenticators, known_factors},
    },
};

use super::prepare::{NewUser, Prepared, failed, line_error};
use crate::{
    authority::registered::{not_registered, unregistered},
    base::{
        error::{Error, Result},
        platform_account::PLATFORM_SLUG,
        tx::Tx,
    },
    jobs::worker::passes,
};

/// How often a batch is tried when others add users with the same names at the same time.
const TRIES: usize = 5;

/// Where users are added, and by what right.
#[derive(Clone, Copy)]
pub(super) struct Mandate<'a> {
    /// The account that they are added to.
    pub(super) account: &'a Account,
    /// Who adds them; `None`: the operator.
    pub(super) importer: Importer,
    /// What the importer holds, and so may grant to them.
    pub(super) held: &'a PermissionSet,
}

/// The outcome of records.
#[derive(Clone, Debug, Default)]
pub(super) struct Applied {
    pub(super) tally: Tally,
    pub(super) errors: Vec<LineError>,
}

/// How the records of a batch are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// All with a few statements; one that the database rejects fails all.
    Together,
    /// Each in a savepoint: one that the database rejects is an error of its line.
    OneByOne,
}

/// Runs `write` with all records together and, if that fails for a reason that a retry does not fix, one by one.
pub(super) async fn with_fallback<T, F: Future<Output = Result<T>>>(write: impl Fn(Way) -> F) -> Result<T> {
    match write(Way::Together).await {
        Err(error) if !passes(&error) => {
            tracing::warn!(%error, "a batch of a user import failed; trying its records one by one");
            write(Way::OneByOne).await
        }
        other => other,
    }
}

/// Adds the users of `prepared`, up to what the account's plan allows. Existing users stay unchanged. The errors are in
/// the order of lines.
pub(super) fn apply(tx: &mut Tx<'_>, mandate: Mandate<'_>, prepared: &Prepared, way: Way) -> Result<Applied> {
    let mut applied = match way {
        Way::Together => together(tx, mandate, &prepared.users)?,
        Way::OneByOne => one_by_one(tx, mandate, &prepared.users)?,
    };
    applied.errors.extend_from_slice(&prepared.errors);
    applied.errors.sort_by_key(|error| error.line);
    applied.tally.failed_lines = count(applied.errors.len());
    Ok(applied)
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn one_by_one(tx: &mut Tx<'_>, mandate: Mandate<'_>, users: &[NewUser]) -> Result<Applied> {
    let mut all = Applied::default();
    for user in users {
        let line = user.line;
        match tx.apart(|tx| together(tx, mandate, std::slice::from_ref(user))) {
            Ok((applied, journal)) => {
                all.tally.imported += applied.tally.imported;
                all.tally.unchanged += applied.tally.unchanged;
                all.errors.extend(applied.errors);
                tx.journal.append(journal);
            }
            Err(error) if passes(&error) => return Err(error),
            Err(error) => all.errors.push(failed(line, &error)),
        }
    }
    Ok(all)
}

fn together(tx: &mut Tx<'_>, mandate: Mandate<'_>, users: &[NewUser]) -> Result<Applied> {
    // From here on nobody else adds users: the room that is left does not change.
    let room = user_quotas::lock(tx.conn, mandate.account.id)?.room();
    let now = tx.now;
    for _ in 0..TRIES {
        let (new, mut applied) = sort_out(tx.conn, mandate, room, users)?;
        // Somebody may have added one of the names since they were checked; then they are checked again.
        match savepoint(tx.conn, |conn| insert(conn, mandate, &new, now)) {
            Err(StoreError::UniqueViolation { .. }) => {}
            Err(other) => return Err(other.into()),
            Ok(()) => {
                applied.tally.imported = count(new.len());
                return Ok(applied);
            }
        }
    }
    Err(Error::Overloaded)
}

/// The new users who may be added; the others are counted.
fn sort_out<'a>(
    conn: &mut Conn,
    mandate: Mandate<'_>,
    room: Option<u32>,
    users: &'a [NewUser],
) -> Result<(Vec<&'a NewUser>, Applied)> {
    let account = mandate.account.id;
    let keys: Vec<&str> = users.iter().map(|new| new.user.username_key.as_str()).collect();
    let mut known: HashMap<String, Option<[u8; 32]>> = imported_users::by_username_keys(conn, account, &keys)?;
    let looks: Vec<String> = keys.iter().map(|key| skeleton(key)).collect();
    let mut taken = user_names::taken(conn, account, &looks.iter().map(String::as_str).collect::<Vec<_>>())?;
    let wanted = users.iter().flat_map(|new| new.permissions.iter().cloned()).collect();
    let unknown: HashSet<String> = unregistered(conn, &wanted)?.into_iter().collect();
    let (mut new, mut applied) = (Vec::with_capacity(keys.len()), Applied::default());
    for (candidate, look) in users.iter().zip(looks) {
        match known.get(&candidate.user.username_key) {
            Some(Some(digest)) if *digest == candidate.digest => applied.tally.unchanged += 1,
            Some(_) => {
                let why = "username: the account already has a user with this name, who differs from this record";
                applied.errors.push(line_error(candidate.line, "conflict", why));
            }
            None => {
                let looks_taken = taken.contains(&look);
                let is_full = room.is_some_and(|room| usize::try_from(room).is_ok_and(|room| new.len() >= room));
                if let Some((code, why)) = refusal(mandate, &candidate.permissions, &unknown, looks_taken) {
                    applied.errors.push(line_error(candidate.line, code, why));
                } else if is_full {
                    let why = "the account has as many users as its plan allows";
                    applied.errors.push(line_error(candidate.line, "limit_reached", why));
                } else {
                    known.insert(candidate.user.username_key.clone(), Some(candidate.digest));
                    taken.insert(look);
                    new.push(candidate);
                }
            }
        }
    }
    Ok((new, applied))
}

/// Why a user with a new name may not be added. `unknown`: permissions that nobody has registered; `looks_taken`:
/// whether somebody has a name that looks the same.
fn refusal(
    mandate: Mandate<'_>,
    wanted: &PermissionSet,
    unknown: &HashSet<String>,
    looks_taken: bool,
) -> Option<(&'static str, String)> {
    if looks_taken {
        let why = "username: the account already has a user whose name looks the same; nobody could tell the two apart";
        return Some(("conflict", why.to_owned()));
    }
    if let Some(name) = wanted.iter().map(Permission::as_str).find(|name| unknown.contains(*name)) {
        return Some(("unknown_permission", format!("permissions: {}", not_registered(name))));
    }
    let in_platform = mandate.account.slug == PLATFORM_SLUG;
    let refused = change(mandate.held, &PermissionSet::default(), wanted, in_platform).err()?;
    Some(("grant_refused", format!("permissions: {refused}")))
}

fn insert(conn: &mut Conn, mandate: Mandate<'_>, new: &[&NewUser], now: Time) -> std::result::Result<(), StoreError> {
    let (account, importer) = (mandate.account.id, mandate.importer);
    let rows: Vec<_> = new.iter().map(|new| new.user.clone()).collect();
    users::insert_many(conn, account, &rows)?;
    let addressed: Vec<_> = rows.iter().filter(|user| user.email.is_some()).map(|user| user.id).collect();
    address_authors::insert_many(conn, account, &addressed, importer)?;
    let grants: Vec<_> =
        new.iter().flat_map(|new| new.permissions.iter().map(|permission| (new.user.id, permission.clone()))).collect();
    user_permissions::grant_many(conn, account, &grants, now)?;
    let devices: Vec<_> = new.iter().filter_map(|new| new.device.clone()).collect();
    authenticators::insert_many(conn, &devices)?;
    if let Some(importer) = importer {
        let known: Vec<_> = devices.iter().map(|device| device.user_id).collect();
        known_factors::insert_many(conn, account, &known, importer)?;
    }
    let record = |new: &&NewUser| ImportedRecord {
        user_id: new.user.id,
        digest: new.digest,
        check_milliseconds: new.check_milliseconds,
    };
    let records: Vec<_> = new.iter().map(record).collect();
    imported_users::insert(conn, account, &records, importer)
}
