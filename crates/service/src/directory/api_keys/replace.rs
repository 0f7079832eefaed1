//! Replaces an API key's name, permissions and limits.

use kernel::{AccountId, ApiKeyId};
use permissions::change;
use store::tables::directory::{accounts, api_key_permissions, api_keys};

use super::{ApiKeyDraft, ApiKeyView, draft::name_taken, event::limits, view::view_one, within::must_stay_within};
use crate::authority::key_reach::reaches;
use crate::{
    authority::{
        acting::{Needs, still_may},
        registered::must_be_registered,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, Result},
        model::Actor,
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
};
use permissions::Permission;

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
        actor: &Actor,
        account: AccountId,
        key: ApiKeyId,
        draft: &ApiKeyDraft,
        if_version: Option<i64>,
    ) -> Result<ApiKeyView> {
        let draft = draft.parse()?;
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
            accounts::lock(conn, account.id)?;
            let held = still_may(conn, &actor, Needs::In(account.id, Permission::ApiKeys), now)?;
            let mut key = api_keys::lock(conn, account.id, key)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != key.version) {
                return Err(Error::PreconditionFailed);
            }
            // A thief of the key would lift its limits first.
            if actor.is_key(account.id, key.id) {
                let why = "an API key cannot change itself; it can only rotate or revoke itself";
                return Err(Error::Conflict(why.to_owned()));
            }
            let current = api_key_permissions::of_key(conn, account.id, key.id)?;
            reaches(&held, &current)?;
            let change = change(&held, &current, &draft.permissions, account.slug == PLATFORM_SLUG)?;
            must_be_registered(conn, &change.granted)?;
            if draft.expires_at != key.expires_at {
                draft.ends_later_than(now)?;
            }
            must_stay_within(conn, &actor, Some(&key), &draft, &change.granted)?;
            let same = (&key.name, &key.description, &key.networks, key.expires_at)
                == (&draft.name, &draft.description, &draft.networks, draft.expires_at);
            if same && change.granted.is_empty() && change.revoked.is_empty() {
                return view_one(conn, &key, now);
            }
            let before = key.clone();
            key.name.clone_from(&draft.name);
            key.name_key.clone_from(&draft.name_key);
            key.description.clone_from(&draft.description);
            key.networks.clone_from(&draft.networks);
            key.expires_at = draft.expires_at;
            api_keys::update(conn, &key, now).map_err(name_taken)?;
            for permission in change.granted.iter() {
                api_key_permissions::add(conn, account.id, key.id, permission)?;
            }
            for permission in change.revoked.iter() {
                api_key_permissions::remove(conn, account.id, key.id, permission)?;
            }
            let event = actor.did(Action::ApiKeyChanged).on(&before).with_change("name", &*before.name, &*key.name);
            let event = event.with("described_anew", before.description != key.description);
            let event = event.with_list("granted", names_of(&change.granted));
            let event = event.with_list("revoked", names_of(&change.revoked));
            audit.record(account.id, limits(event, Some(&before), &key));
            let key = api_keys::by_id(conn, account.id, key.id)?.ok_or(Error::NotFound)?;
            view_one(conn, &key, now)
        })
        .await
    }
}
