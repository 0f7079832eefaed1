//! What a doctor says.

use std::{fmt, io};

use super::super::{Failure, print};

/// The lines, and whether one of them says that something is wrong.
#[derive(Default)]
pub(super) struct Report {
    has_failed: bool,
}

#[expect(clippy::unused_self, reason = "whoever checks reports, and only the report knows which lines count")]
impl Report {
    /// `what` is as it has to be.
    pub(super) fn ok(&mut self, what: &str, text: impl fmt::Display) -> io::Result<()> {
        line("ok  ", what, text)
    }

    /// Worth knowing, and neither good nor bad.
    pub(super) fn note(&mut self, what: &str, text: impl fmt::Display) -> io::Result<()> {
        line("note", what, text)
    }

    /// It can be meant so, and more often is not.
    pub(super) fn warn(&mut self, what: &str, text: impl fmt::Display) -> io::Result<()> {
        line("warn", what, text)
    }

    /// Still to be done, by the first start or by somebody.
    pub(super) fn todo(&mut self, what: &str, text: impl fmt::Display) -> io::Result<()> {
        line("todo", what, text)
    }

    /// Something is wrong: the service does not start like that, or does not do its work.
    pub(super) fn failed(&mut self, what: &str, why: impl fmt::Display) -> io::Result<()> {
        self.has_failed = true;
        line("FAIL", what, why)
    }

    /// How the command ends.
    pub(super) fn end(self) -> Result<(), Failure> {
        if self.has_failed { Err("a check failed".into()) } else { Ok(()) }
    }
}

fn line(mark: &str, what: &str, text: impl fmt::Display) -> io::Result<()> {
    let text = text.to_string();
    let colon = if text.is_empty() { "" } else { ": " };
    print(format_args!("{mark}  {what}{colon}{}", text.trim().replace('\n', "; ")))
}
