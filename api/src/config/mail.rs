//! `[mail]`

use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;
use serde::Deserialize;
use service::{ActivationUrl, read_private_file};

use super::Invalid;

/// Mails: activation codes where an administrator requests that, and reminders of passwords that expire. Without a
/// server none are sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The mail server: `smtps://USER:PASSWORD@HOST`, `smtp://…?tls=required` (STARTTLS), or `smtp://`, unencrypted.
    /// Special characters in user and password are percent-encoded. Secret, because it may hold a password.
    pub smtp_url: Option<SecretString>,
    /// A file that holds the same, readable by its owner only.
    pub smtp_url_file: Option<PathBuf>,
    /// Allows an unencrypted connection to a server on another machine.
    pub allow_plaintext: bool,
    /// The sender: `id@example.org` or `Name <id@example.org>`.
    pub from: String,
    /// The page on which people type their activation code, such as `https://app.example.org/activate#code={code}`.
    /// Without it a mail contains the code and no link.
    pub activation_url: Option<String>,
    /// Seconds that one mail may take.
    pub timeout_seconds: u16,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            smtp_url: None,
            smtp_url_file: None,
            allow_plaintext: false,
            from: String::new(),
            activation_url: None,
            timeout_seconds: 30,
        }
    }
}

impl Mail {
    /// Checks everything except the content of the file.
    pub fn validate(&self) -> Result<(), Invalid> {
        // Less than a minute: an attempt is over before the next one is due.
        Invalid::unless_within("mail.timeout_seconds", self.timeout_seconds, 1..=50)?;
        if self.smtp_url.is_some() && self.smtp_url_file.is_some() {
            return Err(Invalid::new("mail.smtp_url", "cannot be combined with mail.smtp_url_file"));
        }
        self.activation_url()?;
        let unread = Self { smtp_url_file: None, ..self.clone() };
        unread.settings().map(drop)
    }

    /// The page on which people type their activation code.
    pub fn activation_url(&self) -> Result<Option<ActivationUrl>, Invalid> {
        let parsed = self.activation_url.as_deref().map(ActivationUrl::parse).transpose();
        parsed.map_err(|why| Invalid::new("mail.activation_url", why.to_string()))
    }

    /// The settings for the service; reads the file with the server's URL.
    pub fn settings(&self) -> Result<mail::Settings, Invalid> {
        let (mut key, mut smtp_url) = ("mail.smtp_url", self.smtp_url.clone());
        if let Some(path) = &self.smtp_url_file {
            key = "mail.smtp_url_file";
            let text = read_private_file(path).map_err(|why| Invalid::new(key, why.to_string()))?;
            smtp_url = Some(text.trim().into());
        }
        let settings = mail::Settings {
            smtp_url,
            allow_plaintext: self.allow_plaintext,
            from: self.from.clone(),
            timeout: Duration::from_secs(self.timeout_seconds.into()),
        };
        match settings.check() {
            Ok(()) => Ok(settings),
            Err(why @ mail::Refused::Server(_)) => Err(Invalid::new(key, why.to_string())),
            Err(why @ mail::Refused::From) => Err(Invalid::new("mail.from", why.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    fn with(url: &str) -> Mail {
        Mail { smtp_url: Some(url.into()), from: "Latchkey <id@example.org>".to_owned(), ..Mail::default() }
    }

    fn wrong(mail: &Mail) -> &'static str {
        mail.validate().unwrap_err().key
    }

    #[test]
    fn each_fault_names_its_key_and_quotes_nothing() {
        with("smtps://ann:hunter2@mail.example.org").validate().unwrap();
        let plain = with("smtp://ann:hunter2@mail.example.org");
        let why = plain.validate().unwrap_err().to_string();
        assert!(why.starts_with("mail.smtp_url: is not encrypted") && !why.contains("hunter2"), "{why}");
        Mail { allow_plaintext: true, ..plain }.validate().unwrap();
        assert_eq!(wrong(&with("http://mail.example.org")), "mail.smtp_url");
        assert_eq!(wrong(&Mail { from: String::new(), ..with("smtps://mail.example.org") }), "mail.from");
        let page = Some("https://app.example.org/?code={code}".to_owned());
        assert_eq!(wrong(&Mail { activation_url: page, ..Mail::default() }), "mail.activation_url");
        assert_eq!(wrong(&Mail { timeout_seconds: 60, ..Mail::default() }), "mail.timeout_seconds");
        let two = Mail { smtp_url_file: Some("x".into()), ..with("smtps://mail.example.org") };
        assert_eq!(wrong(&two), "mail.smtp_url");
    }

    #[test]
    fn the_url_may_lie_in_a_file_of_its_own() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, "smtps://ann:hunter2@mail.example.org\n").unwrap();
        let mail = Mail { smtp_url: None, smtp_url_file: Some(file.path().into()), ..with("") };
        mail.validate().unwrap();
        assert!(mail.settings().unwrap().smtp_url.is_some());
        fs::write(&file, "smtp://mail.example.org").unwrap();
        assert_eq!(mail.settings().unwrap_err().key, "mail.smtp_url_file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(mail.settings().unwrap_err().to_string().contains("chmod 600"));
    }
}
