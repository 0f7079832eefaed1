//! The commands of the binary.

mod arguments;
mod backup;
mod doctor;
mod import;
mod init;
mod logging;
mod migrate;
mod openapi;
mod patience;
mod serve;

use std::{
    ffi::OsString,
    fmt, fs,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;

use self::arguments::{Arguments, Command};
use crate::config::{Config, load};

/// What a command fails with: an error that is shown to the operator with its causes.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command that the arguments name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help goes to standard output, errors to standard error.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(arguments) {
        Ok(code) => code,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "latchkey: {}", Chain(failure.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Returns the exit code of the process.
fn dispatch(arguments: Arguments) -> Result<ExitCode, Failure> {
    let command = match arguments.command {
        Command::Openapi(options) => return openapi::run(&options).map(|()| ExitCode::SUCCESS),
        other => other,
    };
    let mut config = configuration(arguments.config)?;
    config.is_beside = !matches!(command, Command::Serve | Command::Doctor);
    logging::start(&config.log)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Serve => serve::run(&config).await,
            Command::Init(options) => init::run(&config, &options).await,
            Command::Import(options) => return import::run(&config, &options).await,
            Command::Migrate => migrate::run(&config).await,
            Command::Backup(options) => backup::run(&config, &options).await,
            Command::Doctor => doctor::run(&config).await,
            Command::Openapi(options) => openapi::run(&options),
        }
        .map(|()| ExitCode::SUCCESS)
    })
}

/// The configuration from `--config`, else from the file that `LATCHKEY_CONFIG` names, else from `latchkey.toml` if there
/// is one; and from the environment.
fn configuration(file: Option<PathBuf>) -> Result<Config, Failure> {
    let named = file.or_else(|| std::env::var_os("LATCHKEY_CONFIG").map(PathBuf::from));
    // A file that exists but cannot be read, or a dangling link, is an error, as if it had been named.
    let is_absent = |path: &PathBuf| fs::symlink_metadata(path).is_err_and(|why| why.kind() == io::ErrorKind::NotFound);
    let usual = || Some(PathBuf::from("latchkey.toml")).filter(|path| !is_absent(path));
    Ok(load(named.or_else(usual).as_deref(), environment()?)?)
}

/// The environment variables. Those of other programs may hold any bytes; one of Latchkey's that is not Unicode is
/// rejected, since it could not be read and would be ignored silently.
fn environment() -> Result<Vec<(String, String)>, Failure> {
    let mut variables = Vec::new();
    for (name, value) in std::env::vars_os() {
        let shown = name.to_string_lossy().into_owned();
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => variables.push((name, value)),
            _ if shown.starts_with("LATCHKEY__") => {
                return Err(format!("the environment variable {shown} is not UTF-8").into());
            }
            _ => {}
        }
    }
    Ok(variables)
}

/// Writes the command's output to standard output. A reader that closes early, such as `head`, is not an error.
fn print(text: impl fmt::Display) -> io::Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// An error with all its causes, without saying anything twice.
struct Chain<'a>(&'a (dyn std::error::Error + Send + Sync));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.0.to_string();
        f.write_str(&text)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            let next = error.to_string();
            if !text.contains(&next) {
                write!(f, ": {next}")?;
            }
            text = next;
            source = error.source();
        }
        Ok(())
    }
}
