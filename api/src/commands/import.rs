//! `latchkey import`

use std::{
    fs::File,
    io::{self, IsTerminal, Read, Write},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use ::import::{Record, Splitter};
use kernel::SystemClock;
use serde_json::json;
use service::{ImportFormat, ImportOutcome, LineError, OperatorImport, Tally};

use super::{Failure, arguments::Import, patience::open_patiently, print};
use crate::config::Config;

/// Exit code when some lines were bad.
const SOME_LINES_WERE_BAD: u8 = 2;

/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// Imports the users of a file into an account, on behalf of the operator, and prints the results: bad lines on
/// standard error, the count on standard output. With `--json` both go to standard output, one object per line.
pub async fn run(config: &Config, options: &Import) -> Result<ExitCode, Failure> {
    let format = format_of(options)?;
    let unreadable = |error: io::Error| format!("{} cannot be read: {error}", options.file.display());
    let mut file = File::open(&options.file).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();

    let service = open_patiently(config, Arc::new(SystemClock)).await?;
    let mut import = service.import_as_operator(&options.account, format).await.map_err(|error| match error {
        service::Error::NotFound => Failure::from(format!("there is no account with the slug {}", options.account)),
        other => other.into(),
    })?;
    let mut report = Report::new(bytes, options.json);
    let mut splitter = Splitter::new(format);
    let mut piece = vec![0; PIECE];
    loop {
        let length = file.read(&mut piece).map_err(unreadable)?;
        if length == 0 {
            break;
        }
        report.read = report.read.saturating_add(u64::try_from(length).unwrap_or(0));
        let mut records = Vec::new();
        splitter.push(piece.get(..length).unwrap_or_default(), |record| records.push(record));
        take(&mut import, records, &mut report).await?;
    }
    let mut records = Vec::new();
    splitter.finish(|record| records.push(record));
    take(&mut import, records, &mut report).await?;
    report.add(&import.finish().await.map_err(in_words)?)?;
    report.end()
}

async fn take(import: &mut OperatorImport, records: Vec<Record>, report: &mut Report) -> Result<(), Failure> {
    for record in records {
        report.add(&import.take(record).await.map_err(in_words)?)?;
    }
    Ok(())
}

fn format_of(options: &Import) -> Result<ImportFormat, Failure> {
    let extension = options.file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match &options.format {
        Some(name) => ImportFormat::from_name(name).ok_or_else(|| "--format must be ndjson or csv".into()),
        None => ImportFormat::of_extension(extension).ok_or_else(|| {
            "the file name does not tell its format (.ndjson, .jsonl or .csv); use --format ndjson or --format csv"
                .into()
        }),
    }
}

/// An error of the operation in words for an operator: with the reasons for a rejected header.
fn in_words(error: service::Error) -> Failure {
    match error {
        service::Error::Validation(fields) => {
            fields.into_iter().map(|field| field.message).collect::<Vec<_>>().join("; ").into()
        }
        other => other.into(),
    }
}

/// The progress so far, and what is shown of it.
struct Report {
    tally: Tally,
    bytes: u64,
    read: u64,
    started: Instant,
    shown: Option<Instant>,
    on_terminal: bool,
    json: bool,
}

impl Report {
    fn new(bytes: u64, json: bool) -> Self {
        let on_terminal = io::stderr().is_terminal();
        Self { tally: Tally::default(), bytes, read: 0, started: Instant::now(), shown: None, on_terminal, json }
    }

    fn lines(&self) -> u32 {
        self.tally.imported.saturating_add(self.tally.unchanged).saturating_add(self.tally.failed_lines)
    }

    fn add(&mut self, outcome: &ImportOutcome) -> io::Result<()> {
        self.tally.imported = self.tally.imported.saturating_add(outcome.tally.imported);
        self.tally.unchanged = self.tally.unchanged.saturating_add(outcome.tally.unchanged);
        self.tally.failed_lines = self.tally.failed_lines.saturating_add(outcome.tally.failed_lines);
        let mut out = io::stderr().lock();
        for error in &outcome.errors {
            // Over the bar, if there is one.
            let clear = if self.shown.is_some() { CLEAR_LINE } else { "" };
            let LineError { line, code, message } = error;
            if self.json {
                write!(out, "{clear}")?;
                print(json!({ "line": line, "code": code, "message": message }))?;
            } else {
                writeln!(out, "{clear}line {line}: {code}: {message}")?;
            }
        }
        let due = self.shown.is_none_or(|shown| shown.elapsed() > Duration::from_millis(100));
        if self.on_terminal && due && outcome.tally != Tally::default() {
            self.shown = Some(Instant::now());
            write!(out, "{CLEAR_LINE}{}", bar(self.read, self.bytes, self.lines(), self.started.elapsed()))?;
            out.flush()?;
        }
        Ok(())
    }

    fn end(self) -> Result<ExitCode, Failure> {
        if self.shown.is_some() {
            write!(io::stderr(), "{CLEAR_LINE}")?;
        }
        let took = self.started.elapsed();
        let Tally { imported, unchanged, failed_lines } = self.tally;
        let (lines, rate) = (self.lines(), per_second(self.lines(), took));
        let noun = if lines == 1 { "line" } else { "lines" };
        if self.json {
            print(json!({
                "lines": lines, "imported": imported, "unchanged": unchanged, "failed": failed_lines,
                "milliseconds": u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "users_per_second": rate,
            }))?;
        } else {
            print(format_args!(
                "{lines} {noun}: {imported} imported, {unchanged} unchanged, {failed_lines} failed, in {}.{:03} s ({rate} users/s)",
                took.as_secs(),
                took.subsec_millis(),
            ))?;
        }
        Ok(if failed_lines == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_LINES_WERE_BAD) })
    }
}

/// Moves to the beginning of the line, and clears it.
const CLEAR_LINE: &str = "\r\x1b[2K";

/// The width of the bar.
const WIDTH: u64 = 30;

fn bar(read: u64, bytes: u64, lines: u32, took: Duration) -> String {
    let part = |whole: u64| read.saturating_mul(whole).checked_div(bytes).unwrap_or(whole).min(whole);
    let full = usize::try_from(part(WIDTH)).unwrap_or(0);
    let empty = usize::try_from(WIDTH).unwrap_or(0).saturating_sub(full);
    format!(
        "[{}{}] {:3} %  {lines} lines  {} users/s",
        "#".repeat(full),
        "-".repeat(empty),
        part(100),
        per_second(lines, took)
    )
}

fn per_second(lines: u32, took: Duration) -> u64 {
    let rate = u128::from(lines).saturating_mul(1_000_000).checked_div(took.as_micros()).unwrap_or(0);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_up() {
        assert_eq!(bar(0, 1_000, 0, Duration::ZERO), "[------------------------------]   0 %  0 lines  0 users/s");
        assert_eq!(
            bar(500, 1_000, 250, Duration::from_millis(500)),
            "[###############---------------]  50 %  250 lines  500 users/s"
        );
        assert_eq!(
            bar(2_000, 1_000, 500, Duration::from_secs(1)),
            "[##############################] 100 %  500 lines  500 users/s"
        );
        // An empty file is done at once; one that grows without bound does not overflow.
        assert!(bar(0, 0, 0, Duration::ZERO).contains("100 %"));
        assert!(bar(u64::MAX, 1, u32::MAX, Duration::from_nanos(1)).contains("100 %"));
    }
}
