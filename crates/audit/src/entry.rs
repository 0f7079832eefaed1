//! The entries of a chain.

use chrono::SecondsFormat;
use kernel::{AccountId, Time};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{Event, Hash, Source};

/// An event as stored in the chain. All names are plain texts, so that entries of newer versions, or written by
/// somebody in the database, can be read too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The account whose chain it is.
    pub account_id: AccountId,
    /// Its number in the chain, from 1.
    pub sequence: i64,
    /// When it happened.
    pub at: Time,
    /// Who acted.
    pub actor: EntryActor,
    /// The name of the action.
    pub action: String,
    /// What was acted upon.
    pub target: Option<EntryTarget>,
    /// The name of the outcome.
    pub outcome: String,
    /// The origin of the request; null when it came from no request.
    pub source: Value,
    /// Further facts: an object.
    pub details: Value,
    /// The hash of this entry and of everything before it; `None` when the stored value cannot be one.
    pub hash: Option<Hash>,
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryActor {
    /// The name of the kind.
    pub kind: String,
    /// The account that the actor belongs to.
    pub account: Option<Uuid>,
    /// The id of the user or the key.
    pub id: Option<Uuid>,
    /// The name at that time.
    pub name: Option<String>,
}

/// What was acted upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryTarget {
    /// The name of the kind.
    pub kind: String,
    /// Its id.
    pub id: Option<Uuid>,
    /// The name at that time.
    pub name: Option<String>,
}

impl Entry {
    /// The entry with this number, after the one with the hash `previous`.
    pub(crate) fn following(previous: Hash, account_id: AccountId, sequence: i64, at: Time, event: Event) -> Self {
        let Event { actor, action, target, outcome, source, details } = event;
        let mut entry = Self {
            account_id,
            sequence,
            at,
            actor: EntryActor {
                kind: actor.kind.as_str().to_owned(),
                account: actor.account.map(AccountId::as_uuid),
                id: actor.id,
                name: actor.name,
            },
            action: action.as_str().to_owned(),
            target: target.map(|target| EntryTarget {
                kind: target.kind.as_str().to_owned(),
                id: target.id,
                name: target.name,
            }),
            outcome: outcome.as_str().to_owned(),
            source: source.map_or(Value::Null, Value::from),
            details: details.into(),
            hash: None,
        };
        entry.hash = Some(entry.hash_after(previous));
        entry
    }

    /// The hash that this entry must have if it follows the one with the hash `previous`.
    pub fn hash_after(&self, previous: Hash) -> Hash {
        previous.followed_by(&self.content().into())
    }

    /// The entry as the API shows it.
    pub fn to_json(&self) -> Value {
        let mut shown = self.content();
        shown.insert("hash".to_owned(), self.hash.map(|hash| hash.to_string()).into());
        shown.into()
    }

    /// The entry without its hash.
    fn content(&self) -> Map<String, Value> {
        let EntryActor { kind, account, id, name } = &self.actor;
        let target = self.target.as_ref().map(|EntryTarget { kind, id, name }| {
            let id = id.map(|id| id.to_string());
            json!({ "kind": kind, "id": id, "name": name })
        });
        let actor = json!({
            "kind": kind,
            "account_id": account.map(|id| id.to_string()),
            "id": id.map(|id| id.to_string()),
            "name": name,
        });
        Map::from_iter([
            ("account_id".to_owned(), self.account_id.to_string().into()),
            ("sequence".to_owned(), self.sequence.into()),
            ("occurred_at".to_owned(), self.at.to_rfc3339_opts(SecondsFormat::Micros, true).into()),
            ("actor".to_owned(), actor),
            ("action".to_owned(), self.action.clone().into()),
            ("target".to_owned(), target.into()),
            ("outcome".to_owned(), self.outcome.clone().into()),
            ("source".to_owned(), self.source.clone()),
            ("details".to_owned(), self.details.clone()),
        ])
    }
}

impl From<Source> for Value {
    fn from(source: Source) -> Self {
        let Source { address, user_agent, request_id } = source;
        json!({ "address": address, "user_agent": user_agent, "request_id": request_id })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{Action, Actor, Target, TargetKind, canonical::canonical};

    /// The format is a promise: existing chains must verify under every later version.
    #[test]
    fn the_canonical_form_and_the_hash_stay() {
        let account: AccountId = "01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10".parse().unwrap();
        let user = "01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a11".parse().unwrap();
        let source = Source {
            address: "192.0.2.1".to_owned(),
            user_agent: Some("curl/8".to_owned()),
            request_id: "r".to_owned(),
        };
        let target = Target { kind: TargetKind::Role, id: None, name: Some("Zürich \"A\"\n".to_owned()) };
        let event = Event::new(Actor::user(account, user, "ann"), Some(source), Action::RoleChanged)
            .on(target)
            .with_change("name", "A", "B")
            .with_list("granted", ["account_settings"]);
        let at = DateTime::from_timestamp_micros(1_800_000_000_000_001).unwrap();
        let entry = Entry::following(Hash::ZERO, account, 1, at, event);
        let expected = concat!(
            r#"{"account_id":"01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10","action":"role.changed","#,
            r#""actor":{"account_id":"01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10","#,
            r#""id":"01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a11","kind":"user","name":"ann"},"#,
            r#""details":{"granted":["account_settings"],"name":{"after":"B","before":"A"}},"#,
            r#""occurred_at":"2027-01-15T08:00:00.000001Z","outcome":"success","sequence":1,"#,
            r#""source":{"address":"192.0.2.1","request_id":"r","user_agent":"curl/8"},"#,
            r#""target":{"id":null,"kind":"role","name":"Zürich \"A\"\n"}}"#,
        );
        assert_eq!(canonical(&entry.content().into()), expected);
        assert_eq!(entry.hash.unwrap().to_string(), "24b291bd36654eef72013b06acac2b389168ed95ffda9c7ba9ea503d2b155480");
        let mut shown = entry.to_json();
        let hash = shown.as_object_mut().and_then(|shown| shown.remove("hash"));
        assert_eq!(hash, Some(entry.hash.unwrap().to_string().into()), "the API shows the hash");
        assert_eq!(canonical(&shown), expected, "and what it is the hash of");
    }
}
