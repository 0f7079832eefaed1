//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Account security as a service: sign-in, two-factor authentication and password rules for every account of a platform.
#[derive(Debug, Parser)]
#[command(name = "latchkey", version)]
pub struct Arguments {
    /// The configuration file; by default the one that `LATCHKEY_CONFIG` names, or `latchkey.toml` if it exists.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve requests until the process is told to stop.
    Serve,
    /// Create a platform administrator and print an activation code. Works before the first start and beside a running
    /// service.
    Init(Init),
    /// Import users of another system into an account: NDJSON or CSV, with password hashes and authenticator secrets.
    /// Works before the first start and beside a running service. Exits with 2 if some lines were bad; the others are
    /// imported.
    Import(Import),
    /// Bring the database schema up to date. The service also does this when it starts.
    Migrate,
    /// Copy the SQLite database to a new file. Works beside a running service. The copy has no master key.
    Backup(Backup),
    /// Print the OpenAPI document.
    Openapi(Openapi),
    /// Check the configuration, the address, the database, the keys and the mail server. Changes nothing.
    Doctor,
}

/// Options of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The username of the administrator in the account `platform`.
    #[arg(long, value_name = "NAME")]
    pub username: String,
    /// Print JSON for scripts.
    #[arg(long)]
    pub json: bool,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The slug of the account.
    #[arg(long, value_name = "SLUG")]
    pub account: String,
    /// The format: ndjson or csv. By default the extension of the file decides.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// Print JSON for scripts, one object per line: each bad line as it occurs, and the counts at the end.
    #[arg(long)]
    pub json: bool,
    /// The file.
    pub file: PathBuf,
}

/// Options of `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The new file. An existing file is never replaced.
    pub file: PathBuf,
}

/// Options of `openapi`.
#[derive(Debug, Args)]
pub struct Openapi {
    /// Print JSON instead of YAML.
    #[arg(long)]
    pub json: bool,
}
