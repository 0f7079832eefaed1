//! `[tokens]`

use serde::Deserialize;

use super::Invalid;

const MINUTE: u32 = 60;
const DAY: u32 = 24 * 60 * MINUTE;

/// Access and refresh tokens.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tokens {
    /// The `iss` of access tokens. By default the public URL.
    pub issuer: Option<String>,
    /// The `aud` of access tokens: the API that accepts them.
    pub audience: String,
    /// Seconds that an access token is valid. A revoked session is rejected by this service at once, and by offline
    /// verifiers at the end of this time.
    pub access_token_seconds: u32,
    /// Seconds that a session lives without being refreshed.
    pub session_idle_seconds: u32,
    /// The maximum lifetime of a session in seconds.
    pub session_absolute_seconds: u32,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            issuer: None,
            audience: "latchkey".to_owned(),
            access_token_seconds: 10 * MINUTE,
            session_idle_seconds: 7 * DAY,
            session_absolute_seconds: 30 * DAY,
        }
    }
}

impl Tokens {
    /// Checks the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        // Verifiers compare it byte by byte.
        let is_name = |text: &str| !text.is_empty() && text.trim() == text && !text.contains(char::is_control);
        if !is_name(&self.audience) {
            return Err(Invalid::new(
                "tokens.audience",
                "must name the audience of the tokens, without spaces around the name",
            ));
        }
        if self.issuer.as_deref().is_some_and(|issuer| !is_name(issuer)) {
            return Err(Invalid::new(
                "tokens.issuer",
                "must name the issuer of the tokens, without spaces around the name",
            ));
        }
        Invalid::unless_within("tokens.access_token_seconds", self.access_token_seconds, MINUTE..=DAY)?;
        let idle = self.access_token_seconds..=366 * DAY;
        Invalid::unless_within("tokens.session_idle_seconds", self.session_idle_seconds, idle)?;
        let absolute = self.session_idle_seconds..=3_660 * DAY;
        Invalid::unless_within("tokens.session_absolute_seconds", self.session_absolute_seconds, absolute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_have_an_order() {
        let tokens = Tokens { session_absolute_seconds: DAY, ..Tokens::default() };
        assert_eq!(tokens.validate().unwrap_err().key, "tokens.session_absolute_seconds");
        let tokens = Tokens { session_idle_seconds: MINUTE, ..Tokens::default() };
        assert_eq!(tokens.validate().unwrap_err().key, "tokens.session_idle_seconds");
    }

    #[test]
    fn names_that_nobody_would_compare_with_are_refused() {
        for bad in ["", " ", "shop ", " shop", "shop\n", "a\u{0}b"] {
            let tokens = Tokens { audience: bad.to_owned(), ..Tokens::default() };
            assert_eq!(tokens.validate().unwrap_err().key, "tokens.audience", "{bad:?}");
            let tokens = Tokens { issuer: Some(bad.to_owned()), ..Tokens::default() };
            assert_eq!(tokens.validate().unwrap_err().key, "tokens.issuer", "{bad:?}");
        }
    }
}
