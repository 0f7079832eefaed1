//! Whether a new password will do.

use password_policy::{Context, ContextSource, Failure, Password, Preset, SignIn, check};
use store::tables::{accounts::Account, users::User};

use crate::{Error, FieldError, Result};

/// Checks a new password of `user` against the strength that is asked, the most common passwords and the words that a
/// stranger can guess. `code`: the activation code at hand, which cannot become the password.
pub(crate) fn check_new_password(
    account: &Account,
    user: &User,
    password: &Password,
    code: Option<&str>,
) -> Result<()> {
    let texts = [
        (ContextSource::Account, Some(account.slug.as_str())),
        (ContextSource::Account, Some(account.name.as_str())),
        (ContextSource::Username, Some(user.username.as_str())),
        (ContextSource::Username, user.display_name.as_deref()),
        (ContextSource::Email, user.email.as_deref()),
        (ContextSource::Forbidden, code),
    ];
    let context = Context::new(texts.into_iter().filter_map(|(source, text)| Some((source, text?))));
    let failures = check(password, Preset::Basic.rules(SignIn::PasswordOnly), &context);
    if failures.is_empty() { Ok(()) } else { Err(refused(&failures)) }
}

/// The error that tells every rule that a password breaks.
pub(crate) fn refused(failures: &[Failure]) -> Error {
    let errors = failures.iter().map(|failure| FieldError {
        pointer: "/new_password".to_owned(),
        code: failure.code(),
        message: failure.to_string(),
    });
    Error::PasswordRefused(errors.collect())
}
