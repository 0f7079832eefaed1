//! Replaces an API key's name, permissions and limits.

use kernel::ApiKeyId;
use permissions::change;
use store::tables::directory::{api_key_permissions, api_keys};

use super::{ApiKeyDraft, ApiKeyView, draft::name_taken, event::limits, view::view_one, within::must_stay_within};
use crate::authority::key_reach::reaches;
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
        registered::must_be_registered,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, Result},
        model::Versioned,
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
};
use permissions::ApiKeys;

impl Service {
    /// Replaces the key's name, permissions and limits with `draft`, effective from the next request on; the secrets
    /// stay. `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::PreconditionFailed`]; [`Error::PermissionRequired`]: callers cannot change a key
    /// that was given what they could not grant; [`Error::GrantRefused`]: callers cannot give a key what they do not
    /// hold; [`Error::Conflict`] when the name is taken, a key would change itself, or would make another that calls
    /// from elsewhere or expires later than itself.
    pub async fn replace_api_key(
        &self,
        by: &Allowed<ApiKeys>,
        key: ApiKeyId,
        draft: &ApiKeyDraft,
        if_version: Option<i64>,
    ) -> Result<Versioned<ApiKeyView>> {
        let draft = draft.parse()?;
        self.act(by, Lock::Account, move |Acting { tx, by, held }, account| {
            let mut key = api_keys::lock(tx.conn, account.id, key)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != key.version) {
                return Err(Error::PreconditionFailed);
            }
            // A thief of the key would lift its limits first.
            if by.is_key(account.id, key.id) {
                let why = "an API key cannot change itself; it can only rotate or revoke itself";
                return Err(Error::Conflict(why.to_owned()));
            }
            let current = api_key_permissions::of_key(tx.conn, account.id, key.id)?;
            reaches(held, &current)?;
            let change = change(held, &current, &draft.permissions, account.slug == PLATFORM_SLUG)?;
            must_be_registered(tx.conn, &change.granted)?;
            if draft.expires_at != key.expires_at {
                draft.ends_later_than(tx.now)?;
            }
            must_stay_within(tx.conn, by, Some(&key), &draft, &change.granted)?;
            let same = (&key.name, &key.description, &key.networks, key.expires_at)
                == (&draft.name, &draft.description, &draft.networks, draft.expires_at);
            if same && change.granted.is_empty() && change.revoked.is_empty() {
                return view_one(tx.conn, &key, tx.now);
            }
            let before = key.clone();
            key.name.clone_from(&draft.name);
            key.name_key.clone_from(&draft.name_key);
            key.description.clone_from(&draft.description);
            key.networks.clone_from(&draft.networks);
            key.expires_at = draft.expires_at;
            api_keys::update(tx.conn, &key, tx.now).map_err(name_taken)?;
            for permission in change.granted.iter() {
                api_key_permissions::add(tx.conn, account.id, key.id, permission)?;
            }
            for permission in change.revoked.iter() {
                api_key_permissions::remove(tx.conn, account.id, key.id, permission)?;
            }
            let event = by.did(Action::ApiKeyChanged).on(&before).with_change("name", &*before.name, &*key.name);
            let event = event.with("described_anew", before.description != key.description);
            let event = event.with_list("granted", names_of(&change.granted));
            let event = event.with_list("revoked", names_of(&change.revoked));
            tx.record(account.id, limits(event, Some(&before), &key));
            let key = api_keys::by_id(tx.conn, account.id, key.id)?.ok_or(Error::NotFound)?;
            view_one(tx.conn, &key, tx.now)
        })
        .await
    }
}
