//! Extracts the credential of a request.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};

use crate::problem::{Code, Problem};

/// Longer than any token of this service. Anything longer is rejected unread.
const MAX_LENGTH: usize = 16 * 1024;

/// The bearer token in these headers. The scheme is case-insensitive (RFC 9110 §11.1).
pub fn bearer_token(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(AUTHORIZATION);
    let value = values.next().ok_or_else(Problem::no_credential)?;
    // Some generated clients send the same one for each scheme that an operation names.
    if values.any(|other| other != value) {
        return Err(Problem::malformed("The `Authorization` header was sent more than once, with different values."));
    }
    let malformed = || Problem::new(Code::InvalidToken, "The `Authorization` header must be `Bearer <token>`.");
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    let token = token.trim_start_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") || !is_token68(token) || token.len() > MAX_LENGTH {
        return Err(malformed());
    }
    Ok(token)
}

/// `b64token` of RFC 6750 §2.1.
fn is_token68(token: &str) -> bool {
    let body = token.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn read(values: &[&str]) -> Result<String, Code> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        bearer_token(&headers).map(str::to_owned).map_err(|problem| problem.code())
    }

    #[test]
    fn the_scheme_has_no_case() {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            assert_eq!(read(&[&format!("{scheme} lk_ch_abc")]), Ok("lk_ch_abc".to_owned()));
        }
        assert_eq!(read(&["Bearer   a.b-c=="]), Ok("a.b-c==".to_owned()));
    }

    #[test]
    fn anything_else_is_no_token() {
        for bad in ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer ==", "Bearer ü", "a"] {
            assert_eq!(read(&[bad]), Err(Code::InvalidToken), "{bad}");
        }
        assert_eq!(read(&[]), Err(Code::InvalidToken));
        assert_eq!(read(&[&format!("Bearer {}", "a".repeat(MAX_LENGTH + 1))]), Err(Code::InvalidToken));
        for two in [["Bearer a", "Bearer b"], ["Bearer a", "bearer a"], ["Bearer a", ""]] {
            assert_eq!(read(&two), Err(Code::MalformedRequest), "{two:?}");
        }
        assert_eq!(read(&["Bearer a", "Bearer a", "Bearer b"]), Err(Code::MalformedRequest));
    }

    #[test]
    fn the_same_one_twice_is_one() {
        assert_eq!(read(&["Bearer a", "Bearer a"]), Ok("a".to_owned()));
    }
}
