//! Checks a password while it is being typed.

use std::sync::Arc;

use kernel::PasswordPolicyId;
use password_policy::{Context, ContextSource, Failure, Password, Rules, advise, check};
use permissions::PasswordManagement;
use secrecy::SecretString;
use store::tables::{directory::accounts, policies::password_policies};

use super::conformance::{sign_in_of_all, surroundings};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, FieldError, Result},
        service::Service,
        throttling,
    },
};

/// What is wrong with a password, and how hard it is to guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordCheck {
    /// The rules that it breaks; empty: it is accepted, unless it was used before.
    pub failures: Vec<FieldError>,
    /// From 0 (guessed at once) to 4 (very hard to guess).
    pub score: u8,
    /// What is weak about it, in one sentence.
    pub warning: Option<String>,
    /// What would make it better, one sentence each.
    pub suggestions: Vec<String>,
}

impl Service {
    /// Checks a candidate against a policy of the account. Nothing of it is stored. `username`: whose password it is to
    /// be.
    ///
    /// # Errors
    /// [`Error::TooManyRequests`], [`Error::NotFound`].
    pub async fn check_password(
        &self,
        by: &Allowed<PasswordManagement>,
        policy: PasswordPolicyId,
        password: SecretString,
        username: Option<String>,
    ) -> Result<PasswordCheck> {
        let account = by.account_id();
        let caller = *by.actor().caller();
        let (patience, now) = (self.core.settings.throttles.password_checks, self.core.now());
        let core = Arc::clone(&self.core);
        let product = core.settings.product_name.clone();
        let (rules, context) = self
            .store
            .write(move |conn| {
                throttling::count_password_check(conn, &caller, &patience, now)?;
                let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let stored = password_policies::by_id(conn, account.id, policy)?.ok_or(Error::NotFound)?;
                let rules = stored.policy.strength().rules(sign_in_of_all(surroundings(conn, &core, account.id)?));
                let texts = [
                    (ContextSource::Account, account.slug.as_str()),
                    (ContextSource::Account, account.name.as_str()),
                    (ContextSource::Product, product.as_str()),
                ];
                let username = username.as_deref().map(|name| (ContextSource::Username, name));
                let context = Context::new(texts.into_iter().chain(username));
                Ok::<_, Error>((rules, context.with_forbidden(core.prepared_words.of(&stored))))
            })
            .await?;
        judge_text(password, rules, context).await
    }
}

/// Judges what was typed, which may not be a valid password. Runs apart from the threads that serve requests: an
/// estimate can take a few milliseconds.
pub(crate) async fn judge_text(text: SecretString, rules: Rules, context: Context) -> Result<PasswordCheck> {
    let judged = tokio::task::spawn_blocking(move || match Password::new(text) {
        Ok(password) => {
            let advice = advise(&password, &context);
            PasswordCheck {
                failures: check(&password, rules, &context).into_iter().map(field_error).collect(),
                score: advice.score(),
                warning: advice.warning().map(str::to_owned),
                suggestions: advice.suggestions().to_vec(),
            }
        }
        Err(why) => PasswordCheck {
            failures: vec![field_error(rules.failure_of(why))],
            score: 0,
            warning: None,
            suggestions: Vec::new(),
        },
    });
    judged.await.map_err(|_| Error::Internal("the check of a password panicked".to_owned()))
}

fn field_error(failure: Failure) -> FieldError {
    FieldError { pointer: "/password".to_owned(), code: failure.code(), message: failure.to_string() }
}
