//! Tests that any tampering with a chain is found, unless everything after it is recomputed.

use chrono::DateTime;
use kernel::AccountId;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::{Action, Actor, ActorKind, Broken, Entry, Event, Hash, Head, Outcome, Source, Target, TargetKind, Walk};

fn account() -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(7))
}

fn event() -> impl Strategy<Value = Event> {
    let action = (0..Action::ALL.len()).prop_map(|at| Action::ALL[at]);
    let outcome = prop_oneof![Just(Outcome::Success), Just(Outcome::Denied), Just(Outcome::Failure)];
    let name = proptest::option::of(".{0,20}");
    (action, outcome, any::<u128>(), name, any::<i32>(), ".{0,12}").prop_map(
        |(action, outcome, id, name, number, agent)| {
            let actor = Actor::user(account(), kernel::UserId::from_uuid(Uuid::from_u128(id)), &agent);
            let source =
                Source { address: "192.0.2.7".to_owned(), user_agent: Some(agent), request_id: id.to_string() };
            Event::new(actor, Some(source), action)
                .ending_in(outcome)
                .on(Target { kind: TargetKind::User, id: Some(Uuid::from_u128(id)), name })
                .with("number", number.unsigned_abs())
        },
    )
}

/// A chain of at least two entries, and its head.
fn chain() -> impl Strategy<Value = (Vec<Entry>, Head)> {
    prop::collection::vec((event(), 0_i64..10_000), 2..20).prop_map(|events| {
        let mut head = Head::EMPTY;
        let at = |seconds| DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
        let entries = events.into_iter().map(|(event, seconds)| head.append(account(), at(seconds), event)).collect();
        (entries, head)
    })
}

fn walk(entries: &[Entry], head: &Head) -> Result<(), Broken> {
    let mut walk = Walk::begin(account());
    entries.iter().try_for_each(|entry| walk.step(entry))?;
    walk.end(head)
}

/// Changes one field to something else.
fn edit(entry: &mut Entry, field: usize) {
    match field {
        0 => entry.account_id = AccountId::from_uuid(Uuid::from_u128(8)),
        1 => entry.sequence += 1,
        2 => entry.at += chrono::TimeDelta::microseconds(1),
        3 => entry.actor.kind = ActorKind::System.as_str().to_owned(),
        4 => entry.actor.account = None,
        5 => entry.actor.id = None,
        6 => entry.actor.name = Some("somebody else than that".to_owned()),
        7 => entry.action.push('x'),
        8 => entry.target = None,
        9 => entry.target.as_mut().unwrap().kind = "role".to_owned(),
        10 => entry.target.as_mut().unwrap().id = None,
        11 => entry.target.as_mut().unwrap().name = Some("somebody else than that".to_owned()),
        12 => entry.outcome = "unknown".to_owned(),
        13 => entry.source = json!(null),
        14 => entry.details = json!({ "number": -1 }),
        15 => entry.hash = None,
        _ => entry.hash = Some(Hash::ZERO),
    }
}
const FIELDS: usize = 17;

proptest! {
    #[test]
    fn an_untouched_chain_is_whole((entries, head) in chain()) {
        prop_assert_eq!(walk(&entries, &head), Ok(()));
    }

    #[test]
    fn an_edit_is_found_at_its_place((mut entries, head) in chain(), at in any::<prop::sample::Index>(), field in 0..FIELDS) {
        let at = at.index(entries.len());
        edit(&mut entries[at], field);
        prop_assert_eq!(walk(&entries, &head).unwrap_err().sequence, i64::try_from(at).unwrap() + 1);
    }

    #[test]
    fn an_edit_with_a_hash_that_fits_is_found_behind_it(
        (mut entries, head) in chain(), at in any::<prop::sample::Index>(), field in 2..FIELDS - 2,
    ) {
        let at = at.index(entries.len());
        let previous = if at == 0 { Hash::ZERO } else { entries[at - 1].hash.unwrap() };
        edit(&mut entries[at], field);
        entries[at].hash = Some(entries[at].hash_after(previous));
        let found = walk(&entries, &head).unwrap_err().sequence;
        let last = i64::try_from(entries.len()).unwrap();
        prop_assert_eq!(found, (i64::try_from(at).unwrap() + 2).min(last));
    }

    #[test]
    fn a_removal_is_found((mut entries, head) in chain(), at in any::<prop::sample::Index>()) {
        let at = at.index(entries.len());
        entries.remove(at);
        prop_assert_eq!(walk(&entries, &head).unwrap_err().sequence, i64::try_from(at).unwrap() + 1);
    }

    #[test]
    fn two_that_changed_places_are_found(
        (mut entries, head) in chain(), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
        numbers_too in any::<bool>(),
    ) {
        let (one, other) = (one.index(entries.len()), other.index(entries.len()));
        prop_assume!(one != other);
        entries.swap(one, other);
        if numbers_too {
            let sequence = entries[one].sequence;
            entries[one].sequence = entries[other].sequence;
            entries[other].sequence = sequence;
        }
        prop_assert_eq!(walk(&entries, &head).unwrap_err().sequence, i64::try_from(one.min(other)).unwrap() + 1);
    }

    #[test]
    fn an_insertion_is_found((mut entries, head) in chain(), at in any::<prop::sample::Index>(), forged in event()) {
        let at = at.index(entries.len() + 1);
        let mut before = if at == 0 {
            Head::EMPTY
        } else {
            Head { sequence: entries[at - 1].sequence, hash: entries[at - 1].hash.unwrap() }
        };
        let entry = before.append(account(), DateTime::from_timestamp(1_800_000_000, 0).unwrap(), forged);
        entries.insert(at, entry);
        prop_assert!(walk(&entries, &head).is_err());
    }

    #[test]
    fn a_chain_of_another_account_is_none_of_this_one((entries, head) in chain()) {
        let mut walk = Walk::begin(AccountId::from_uuid(Uuid::from_u128(8)));
        prop_assert!(walk.step(&entries[0]).is_err());
        prop_assert!(walk.end(&head).is_err());
    }
}
