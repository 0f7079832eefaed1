//! Parses slugs, display names, descriptions and email addresses.

/// Parses an account's short name: lowercase letters, digits and single hyphens inside, 1 to 63 characters (a DNS
/// label, RFC 1035 §2.3.1, that may begin with a digit).
pub(crate) fn slug(typed: &str) -> Result<String, &'static str> {
    let fits = (1..=63).contains(&typed.len())
        && typed.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !typed.starts_with('-')
        && !typed.ends_with('-')
        && !typed.contains("--");
    if fits {
        Ok(typed.to_owned())
    } else {
        Err("must have 1 to 63 lowercase letters and digits, with single hyphens between them")
    }
}

/// Parses a display name: 1 to 200 characters, none of them hidden.
pub(crate) fn display_name(typed: &str) -> Result<String, &'static str> {
    let name = typed.trim();
    if name.is_empty() || name.chars().nth(200).is_some() || names::find_hidden(name).is_some() {
        return Err("must have 1 to 200 characters and no control or invisible characters");
    }
    Ok(name.to_owned())
}

/// Parses a description: 1 to 500 characters, none of them hidden except line ends.
pub(crate) fn description(typed: &str) -> Result<String, &'static str> {
    let text = typed.trim();
    let hidden = |line: &str| names::find_hidden(line).is_some();
    if text.is_empty() || text.chars().nth(500).is_some() || text.split('\n').any(hidden) {
        return Err("must have 1 to 500 characters and no control or invisible characters");
    }
    Ok(text.to_owned())
}

/// Parses an email address, as far as its form can tell: something on both sides of the last `@`, no spaces, at most
/// 254 bytes (RFC 5321 §4.5.3.1.3, without the angle brackets).
pub(crate) fn email(typed: &str) -> Result<String, &'static str> {
    let address = typed.trim();
    let parts = address.rsplit_once('@');
    let fits = address.len() <= 254
        && parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && names::find_hidden(address).is_none()
        && !address.chars().any(char::is_whitespace);
    if fits { Ok(address.to_owned()) } else { Err("must be an email address") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for good in ["a", "acme", "acme-2", "0", &"x".repeat(63)] {
            assert_eq!(slug(good).as_deref(), Ok(good));
        }
        for bad in ["", "A", "-a", "a-", "a--b", "a b", "a_b", "é", "a\0", &"x".repeat(64)] {
            assert!(slug(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn mail_addresses() {
        for good in ["a@b", "ann+x@example.com", "\"a@b\"@example.com", "анна@пример.рф"] {
            assert_eq!(email(good).as_deref(), Ok(good));
        }
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b\0", &format!("{}@b", "x".repeat(253))] {
            assert!(email(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_for_people() {
        assert_eq!(display_name(" R&D «100 %» 👩‍🚀 ").as_deref(), Ok("R&D «100 %» 👩‍🚀"));
        for bad in ["", "  ", "a\u{7}b", "a\u{202e}b", &"x".repeat(201)] {
            assert!(display_name(bad).is_err(), "{bad:?}");
        }
    }
}
