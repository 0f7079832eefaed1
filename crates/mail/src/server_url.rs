//! The address of the server, and how to connect to it.

use std::net::IpAddr;

use lettre::transport::smtp::authentication::Credentials;
use percent_encoding::percent_decode_str;
use url::Url;

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// Not at all.
    None,
    /// If the server offers it. An attacker in between can remove the offer.
    IfOffered,
    /// By STARTTLS (RFC 3207), or nothing is sent.
    Required,
    /// From the first byte on (RFC 8314 §3.3).
    Wrapped,
}

/// A server.
pub(crate) struct ServerUrl {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) encryption: Encryption,
    /// The name for EHLO, if not the default.
    pub(crate) hello: Option<String>,
    pub(crate) credentials: Option<Credentials>,
}

impl ServerUrl {
    /// Parses a URL in `lettre`'s format.
    ///
    /// # Errors
    /// What it must be, in words that quote nothing of it.
    pub(crate) fn parse(text: &str, allow_plaintext: bool) -> Result<Self, &'static str> {
        let url = Url::parse(text.trim()).map_err(|_| NOT_A_URL)?;
        let host = url.host_str().map(|host| host.trim_start_matches('[').trim_end_matches(']')).unwrap_or_default();
        if host.is_empty() || url.fragment().is_some() {
            return Err(NOT_A_URL);
        }
        let (encryption, port) = encryption(&url)?;
        let in_the_clear = matches!(encryption, Encryption::None | Encryption::IfOffered);
        if in_the_clear && !allow_plaintext && !is_this_machine(host) {
            return Err(
                "is not encrypted: use smtps:// or ?tls=required, or set mail.allow_plaintext if the network path is \
                 safe",
            );
        }
        let hello = Some(url.path().trim_matches('/')).filter(|name| !name.is_empty());
        if hello.is_some_and(|name| !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-[]:".contains(&byte)))
        {
            return Err("has a path that is not a host name");
        }
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(port),
            encryption,
            hello: hello.map(str::to_owned),
            credentials: credentials(&url)?,
        })
    }
}

const NOT_A_URL: &str = "must be smtps://HOST, smtp://HOST?tls=required or smtp://HOST";

/// How the connection is encrypted, and the default port for that.
fn encryption(url: &Url) -> Result<(Encryption, u16), &'static str> {
    let mut tls = None;
    for (key, value) in url.query_pairs() {
        if key != "tls" || tls.is_some() {
            return Err("must have no parameter except tls, once");
        }
        tls = Some(value.into_owned());
    }
    match (url.scheme(), tls.as_deref()) {
        ("smtps", None | Some("required")) => Ok((Encryption::Wrapped, 465)),
        ("smtp", None) => Ok((Encryption::None, 25)),
        ("smtp", Some("required")) => Ok((Encryption::Required, 587)),
        ("smtp", Some("opportunistic")) => Ok((Encryption::IfOffered, 587)),
        ("smtp" | "smtps", Some(_)) => Err("must have tls=required or tls=opportunistic"),
        _ => Err(NOT_A_URL),
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn credentials(url: &Url) -> Result<Option<Credentials>, &'static str> {
    let decoded = |text: &str| {
        let text =
            percent_decode_str(text).decode_utf8().map_err(|_| "has a user name or password that is not UTF-8")?;
        // NUL ends a field of AUTH PLAIN (RFC 4616 §2).
        if text.contains('\0') {
            Err("has a user name or password with a NUL character")
        } else {
            Ok(text.into_owned())
        }
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err("must have both a user name and a password, or neither"),
        (user, Some(password)) => Ok(Some(Credentials::new(decoded(user)?, decoded(password)?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> ServerUrl {
        ServerUrl::parse(text, false).unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    #[test]
    fn schemes_ports_and_encryption() {
        for (text, host, port, encryption) in [
            ("smtps://mail.example.org", "mail.example.org", 465, Encryption::Wrapped),
            ("smtps://mail.example.org:4650", "mail.example.org", 4650, Encryption::Wrapped),
            ("smtp://mail.example.org?tls=required", "mail.example.org", 587, Encryption::Required),
            ("smtp://localhost", "localhost", 25, Encryption::None),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Encryption::None),
            ("smtp://[::1]:2525?tls=opportunistic", "::1", 2525, Encryption::IfOffered),
        ] {
            let url = parse(text);
            assert_eq!((url.host.as_str(), url.port, url.encryption), (host, port, encryption), "{text}");
        }
    }

    #[test]
    fn nothing_goes_to_another_machine_in_the_clear_unless_somebody_said_so() {
        for text in [
            "smtp://mail.example.org",
            "smtp://10.0.0.1",
            "smtp://[2001:db8::1]",
            "smtp://mail.example.org?tls=opportunistic",
        ] {
            assert!(ServerUrl::parse(text, false).is_err_and(|why| why.starts_with("is not encrypted")), "{text}");
            assert!(ServerUrl::parse(text, true).is_ok(), "{text}");
        }
    }

    #[test]
    fn user_and_password_are_decoded_and_come_together() {
        let credentials = parse("smtps://ann%40example.org:p%3A%2Fss@mail.example.org").credentials;
        assert!(credentials == Some(Credentials::new("ann@example.org".to_owned(), "p:/ss".to_owned())));
        assert!(parse("smtps://mail.example.org").credentials.is_none());
        for text in ["smtps://ann@mail.example.org", "smtps://:x@mail.example.org", "smtps://a%00:x@mail.example.org"] {
            assert!(ServerUrl::parse(text, false).is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_is_what_we_call_ourselves() {
        assert_eq!(parse("smtps://mail.example.org/id.example.org").hello.as_deref(), Some("id.example.org"));
        assert_eq!(parse("smtps://mail.example.org/").hello, None);
        assert!(ServerUrl::parse("smtps://mail.example.org/a%0d%0aMAIL", false).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_refused_without_being_quoted() {
        for text in [
            "",
            "mail.example.org",
            "http://hunter2@mail.example.org",
            "smtps://",
            "smtp:hunter2",
            "smtps://ann:hunter2@mail.example.org?tls=none",
            "smtps://ann:hunter2@mail.example.org?ssl=no",
            "smtp://ann:hunter2@mail.example.org?tls=required&tls=opportunistic",
            "smtps://ann:hunter2@mail.example.org#x",
            "smtps://ann:hunter2@mail.example.org:99999",
        ] {
            let why = ServerUrl::parse(text, true).err().unwrap_or_else(|| panic!("{text} was taken"));
            assert!(!why.contains("hunter2"), "{text}: {why}");
        }
    }
}
