//! Turns names and text into the bytes of a message.

use std::time::SystemTime;

use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0},
    },
};

use crate::SendFailed;

/// A mail to one person, in plain text.
#[derive(Clone)]
pub struct Letter {
    /// The recipient's address. Nothing else about them is in the header.
    pub to: String,
    /// The subject. Control characters become spaces.
    pub subject: String,
    /// The text; lines end with LF.
    pub text: String,
    /// Identifies this letter among all letters of the sender: letters, digits and `-`. The same when it is sent again,
    /// so that a recipient who gets it twice can tell (RFC 5322 §3.6.4).
    pub id: String,
    /// When it was written.
    pub written_at: SystemTime,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Whether letters can be addressed to this at all.
pub fn is_deliverable(address: &str) -> bool {
    address.parse::<Address>().is_ok()
}

/// A letter in the form in which it is sent.
pub(crate) struct Written {
    pub(crate) to: Address,
    pub(crate) bytes: Vec<u8>,
}

/// Formats the letter.
///
/// # Errors
/// [`SendFailed::Refused`] for an invalid address.
pub(crate) fn write(letter: &Letter, from: &Mailbox) -> Result<Written, SendFailed> {
    const NOBODY: SendFailed = SendFailed::Refused(None);
    let to: Address = letter.to.parse().map_err(|_| NOBODY)?;
    let subject: String = letter.subject.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let id = format!("<{}@{}>", letter.id, from.email.domain());
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(subject)
        .date(letter.written_at)
        .message_id(Some(id))
        // Suppresses automatic replies (RFC 3834 §5).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(|_| NOBODY)?;
    Ok(Written { to, bytes: message.formatted() })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn letter() -> Letter {
        Letter {
            to: "ann@example.org".to_owned(),
            subject: "Set your password".to_owned(),
            text: "Hello\n\nBye\n".to_owned(),
            id: "01997f60".to_owned(),
            written_at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
        }
    }

    fn written(letter: &Letter) -> String {
        let from = "Latchkey <id@example.org>".parse().unwrap();
        String::from_utf8(write(letter, &from).unwrap().bytes).unwrap()
    }

    #[test]
    fn a_letter_has_one_sender_one_recipient_and_plain_text() {
        assert_eq!(
            written(&letter()),
            "From: Latchkey <id@example.org>\r\nTo: ann@example.org\r\nSubject: Set your password\r\n\
             Date: Fri, 15 Jan 2027 08:00:00 +0000\r\nMessage-ID: <01997f60@example.org>\r\n\
             Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\n\r\nBye\r\n"
        );
    }

    #[test]
    fn nothing_in_a_subject_adds_a_header() {
        for subject in
            ["a\r\nBcc: eve@example.org", "a\nBcc: eve@example.org", "a\rBcc: eve@example.org", "ä\r\n\r\nBcc: x", "\0"]
        {
            let text = written(&Letter { subject: subject.to_owned(), ..letter() });
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            let names = head.split("\r\n").filter(|line| !line.starts_with(' ')).count();
            assert_eq!(names, 9, "{text}");
            assert!(
                !head.lines().any(|line| line.starts_with("Bcc")) && !head.replace("\r\n", "").contains(['\r', '\n'])
            );
        }
    }

    #[test]
    fn an_address_is_one_address_or_none() {
        let from = "id@example.org".parse().unwrap();
        for bad in [
            "ann@example.org, eve@example.org",
            "ann@example.org>\r\nRCPT TO:<eve@example.org",
            "Ann <ann@example.org>",
            "<ann@example.org>",
            "ann@example.org\r\n",
            "ann",
            "",
        ] {
            assert!(!is_deliverable(bad), "{bad}");
            let outcome = write(&Letter { to: bad.to_owned(), ..letter() }, &from);
            assert!(matches!(outcome, Err(SendFailed::Refused(None))), "{bad}");
        }
    }

    #[test]
    fn no_debug_shows_what_is_said_to_whom() {
        let shown = format!("{:?}", letter());
        assert!(!shown.contains("ann") && !shown.contains("Hello"), "{shown}");
    }
}
