//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Account security as a service: sign-in, two-factor authentication and password rules for every account of a platform.
#[derive(Debug, Parser)]
#[command(name = "latchkey", version)]
pub struct Arguments {
    /// The configuration file; by default the one that `LATCHKEY_CONFIG` names, or `latchkey.toml` if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer requests until told to stop.
    Serve,
    /// Make the first platform administrator and print an activation code. Works before and beside a running service.
    Init(Init),
    /// Import users of another system into an account: NDJSON or CSV, with password hashes and authenticator secrets. Works
    /// before and beside a running service. Ends with 2 when some lines were bad; the others are imported.
    Import(Import),
    /// Bring the database schema up to date. The service does so itself when it starts.
    Migrate,
    /// Copy the SQLite database into a new file. Works beside a running service. The master key is not in the copy.
    Backup(Backup),
    /// Print the OpenAPI document.
    Openapi(Openapi),
    /// Check configuration, database and keys.
    Doctor,
}

/// Options of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The name of the administrator in the account `platform`.
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
    /// The format: ndjson or csv. By default as the name of the file says.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// Print JSON for scripts, one object a line: the bad lines as they come, and at the end the count.
    #[arg(long)]
    pub json: bool,
    /// The file.
    pub file: PathBuf,
}

/// Options of `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The new file. What exists is never replaced.
    pub file: PathBuf,
}

/// Options of `openapi`.
#[derive(Debug, Args)]
pub struct Openapi {
    /// Print JSON instead of YAML.
    #[arg(long)]
    pub json: bool,
}
