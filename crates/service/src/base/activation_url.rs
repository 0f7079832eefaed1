//! The URL of the page where people type their activation code.

/// The placeholder for the code in the template.
const PLACE: &str = "{code}";

/// The URL of the page where people type an activation code, with or without a place for the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationUrl(String);

/// The text is not such a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must begin with https:// (or http:// for this machine), have no spaces, and may hold {{code}} once, after a #: \
     whatever is before the # is sent to servers, which log it"
)]
pub struct NotAnActivationUrl;

impl ActivationUrl {
    /// Reads a template such as `https://app.example.org/activate#code={code}`.
    pub fn parse(text: &str) -> Result<Self, NotAnActivationUrl> {
        let local = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
        let ends = |rest: &str| rest.is_empty() || rest.starts_with([':', '/', '#', '?']);
        let is_local = local.iter().any(|start| text.strip_prefix(start).is_some_and(ends));
        let is_https =
            text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '#', '?']));
        let (before, after) = text.split_once('#').unwrap_or((text, ""));
        let rest = after.replacen(PLACE, "", 1);
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_graphic() && !b"{}<>\"".contains(&byte));
        if (is_https || is_local) && plain(before) && plain(&rest) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnActivationUrl)
        }
    }

    /// The URL for this code.
    pub(crate) fn with(&self, code: &str) -> String {
        self.0.replacen(PLACE, code, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_goes_where_no_server_sees_it() {
        let url = ActivationUrl::parse("https://app.example.org/activate#code={code}").unwrap();
        assert_eq!(url.with("lk_act_1"), "https://app.example.org/activate#code=lk_act_1");
        let bare = ActivationUrl::parse("http://localhost:3000/activate?lang=en").unwrap();
        assert_eq!(bare.with("lk_act_1"), "http://localhost:3000/activate?lang=en");
    }

    #[test]
    fn what_is_no_such_url_is_refused() {
        for bad in [
            "",
            "app.example.org",
            "https://",
            "https:///activate",
            "http://app.example.org/#{code}",
            "http://localhost.example.org/#{code}",
            "javascript:alert(1)",
            "https://app.example.org/activate?code={code}",
            "https://app.example.org/{code}#{code}",
            "https://app.example.org/#{code}{code}",
            "https://app.example.org/#{user}",
            "https://app.example.org/ #{code}",
            "https://app.example.org/\r\nBcc: x",
        ] {
            assert_eq!(ActivationUrl::parse(bad), Err(NotAnActivationUrl), "{bad}");
        }
    }
}
