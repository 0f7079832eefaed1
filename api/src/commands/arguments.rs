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
    /// Bring the database schema up to date. The service does so itself when it starts.
    Migrate,
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

/// Options of `openapi`.
#[derive(Debug, Args)]
pub struct Openapi {
    /// Print JSON instead of YAML.
    #[arg(long)]
    pub json: bool,
}
