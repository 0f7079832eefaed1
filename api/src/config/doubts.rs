//! Finds settings that can be intended but usually are not. They do not keep the service from starting; it logs them.

use password_policy::can_be_forbidden;
use url::{Host, Url};

use super::Config;

impl Config {
    /// Sentences for the operator, each about a setting that may have another effect than expected, or none.
    pub fn doubts(&self) -> Vec<String> {
        let mut doubts = self.unread.clone();
        let mut doubt = |is: bool, sentence: &str| {
            if is {
                doubts.push(sentence.to_owned());
            }
        };
        doubt(
            self.server.public_url.is_none() && !self.server.bind.is_loopback(),
            &format!(
                "server.public_url is not set, and server.bind is not limited to this machine: links and the `iss` of \
                 tokens say {}. Set server.public_url to the URL that clients use",
                self.public_url()
            ),
        );
        doubt(
            self.server.public_url.as_deref().is_some_and(is_nowhere),
            "server.public_url holds a wildcard address, which clients cannot reach, and links and the `iss` of tokens \
             say it. Set it to the URL that clients use",
        );
        doubt(
            self.database.pooler && self.store().file().is_some(),
            "database.pooler is set, but the database is SQLite, which has no pooler: the setting has no effect",
        );
        let has_server = self.mail.smtp_url.is_some() || self.mail.smtp_url_file.is_some();
        doubt(
            !has_server && (!self.mail.from.is_empty() || self.mail.activation_url.is_some()),
            "mail.from or mail.activation_url is set, but mail.smtp_url is not: no mails are sent",
        );
        doubt(
            self.mail.activation_url.as_deref().is_some_and(|url| !url.contains("{code}")),
            "mail.activation_url has no {code}: the link in a mail opens the page, and people type the code there",
        );
        doubt(
            self.login.failed_takes_milliseconds == 0,
            "login.failed_takes_milliseconds is 0: the duration of a failed sign-in may reveal whether a user exists",
        );
        doubt(
            !can_be_forbidden(&self.login.product_name),
            "login.product_name is too short or too long to be searched for: passwords may be little more than that \
             name",
        );
        let endpoint = self.breach.endpoint.as_deref().and_then(|text| Url::parse(text).ok());
        let is_elsewhere =
            |url: &Url| url.host_str().is_some_and(|host| !matches!(host, "localhost" | "127.0.0.1" | "[::1]"));
        doubt(
            endpoint.is_some_and(|url| url.scheme() == "http" && is_elsewhere(&url)),
            "breach.endpoint is not encrypted: anyone on the network path can read the beginnings of hashes and forge \
             replies",
        );
        let unknown = self.log.unknown_targets().join(", ");
        doubt(!unknown.is_empty(), &format!("log.level names targets that write no lines here: {unknown}"));
        doubts
    }
}

/// Whether the host is an address to listen on that cannot be connected to.
fn is_nowhere(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_unspecified(),
        Some(Host::Domain(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubts(change: impl FnOnce(&mut Config)) -> Vec<String> {
        let mut config = Config::default();
        change(&mut config);
        config.validate().unwrap();
        config.doubts()
    }

    #[test]
    fn the_defaults_leave_no_doubt() {
        assert!(doubts(|_| {}).is_empty());
        let whole = |config: &mut Config| {
            config.server.bind = "0.0.0.0:8080".parse().unwrap();
            config.server.public_url = Some("https://id.example.org".to_owned());
            config.mail.smtp_url = Some("smtps://mail.example.org".into());
            config.mail.from = "id@example.org".to_owned();
            config.mail.activation_url = Some("https://app.example.org/#{code}".to_owned());
            config.breach.endpoint = Some("https://api.pwnedpasswords.com".to_owned());
            config.log.level = "warn,store=debug".to_owned();
        };
        assert!(doubts(whole).is_empty(), "{:?}", doubts(whole));
    }

    #[test]
    fn each_doubt_names_its_key() {
        type Change = fn(&mut Config);
        let cases: [(&str, Change); 13] = [
            ("server.public_url", |config| config.server.bind = "0.0.0.0:8080".parse().unwrap()),
            ("server.public_url", |config| config.server.bind = "[::]:8080".parse().unwrap()),
            ("server.public_url", |config| config.server.bind = "id.example.org:80".parse().unwrap()),
            ("server.public_url", |config| config.server.public_url = Some("http://0.0.0.0:8080".to_owned())),
            ("server.public_url", |config| config.server.public_url = Some("https://[::]/latchkey".to_owned())),
            ("server.public_url", |config| config.server.public_url = Some("http://[::ffff:0.0.0.0]".to_owned())),
            ("database.pooler", |config| config.database.pooler = true),
            ("mail.from", |config| config.mail.from = "id@example.org".to_owned()),
            ("mail.activation_url", |config| {
                config.mail.smtp_url = Some("smtps://mail.example.org".into());
                config.mail.from = "id@example.org".to_owned();
                config.mail.activation_url = Some("https://app.example.org/activate".to_owned());
            }),
            ("login.failed_takes", |config| config.login.failed_takes_milliseconds = 0),
            ("login.product_name", |config| config.login.product_name = "Ab".to_owned()),
            ("breach.endpoint", |config| config.breach.endpoint = Some("http://breaches.example.org".to_owned())),
            ("log.level", |config| config.log.level = "info,stroe=debug".to_owned()),
        ];
        for (key, change) in cases {
            let doubts = doubts(change);
            assert!(doubts.len() == 1 && doubts[0].contains(key), "{key}: {doubts:?}");
        }
    }
}
