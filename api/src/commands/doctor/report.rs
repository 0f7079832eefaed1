//! The report of `doctor`.

use std::{fmt, io};

use super::super::{Failure, print};

/// The lines, and whether one of them reports a fault.
#[derive(Default)]
pub(super) struct Report {
    has_failed: bool,
}

#[expect(clippy::unused_self, reason = "whoever checks reports, and only the report knows which lines count")]
impl Report {
    /// `what` is as it should be.
    pub(super) fn ok(&mut self, what: &str, text: impl fmt::Display) -> io::Result<()> {
        line("ok  ", what, text)
    }

    /// Information, neither good nor bad.
    pub(super) fn note(&mut self, what: &str, text: impl fmt::Display) -> io::Result<()> {
        line("note", what, text)
    }

    /// It can be intended, but usually is not.
    pub(super) fn warn(&mut self, what: &str, text: impl fmt::Display) -> io::Result<()> {
        line("warn", what, text)
    }

    /// Still to be done, by the first start or by the operator.
    pub(super) fn todo(&mut self, what: &str, text: impl fmt::Display) -> io::Result<()> {
        line("todo", what, text)
    }

    /// A fault: the service does not start with it, or does not do its work.
    pub(super) fn failed(&mut self, what: &str, why: impl fmt::Display) -> io::Result<()> {
        self.has_failed = true;
        line("FAIL", what, why)
    }

    /// The result of the command.
    pub(super) fn end(self) -> Result<(), Failure> {
        if self.has_failed { Err("a check failed".into()) } else { Ok(()) }
    }
}

fn line(mark: &str, what: &str, text: impl fmt::Display) -> io::Result<()> {
    let text = text.to_string();
    let colon = if text.is_empty() { "" } else { ": " };
    print(format_args!("{mark}  {what}{colon}{}", text.trim().replace('\n', "; ")))
}
