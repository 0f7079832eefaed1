//! Whether a new password is known from a breach.

use password_policy::{Failure, Password};

use crate::{Error, FieldError, Result, service::Service, sign_in::refused};

impl Service {
    /// Adds to what the rules say of a new password (`checked`) that it is known from a breach, so that a refusal names
    /// everything at once. Who cannot be asked knows nothing: a password is not refused for that.
    pub(crate) async fn also_breached(&self, checked: Result<()>, password: &Password) -> Result<()> {
        let mut errors: Vec<FieldError> = match checked {
            Ok(()) => Vec::new(),
            Err(Error::PasswordRefused(errors)) => errors,
            Err(other) => return Err(other),
        };
        if self.breaches.know(password.expose()).await
            && let Error::PasswordRefused(more) = refused(&[Failure::Breached])
        {
            errors.extend(more);
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::PasswordRefused(errors)) }
    }
}
