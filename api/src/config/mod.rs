//! The settings of an operator: one small struct per section, the defaults in code.
//!
//! Without any configuration the service runs on loopback, with SQLite in `./data`. A TOML file and then the
//! environment (`LATCHKEY__SECTION__KEY`) change single keys. An unknown key prevents the start: a typo must not leave
//! a protection at its default.

mod accounts;
mod activation;
mod bind;
mod breach;
mod database;
mod doubts;
mod environment;
mod error;
#[cfg(test)]
mod example;
mod keys;
mod known;
mod list;
mod load;
mod log;
mod login;
mod mail;
mod maintenance;
mod networks;
mod origin;
mod password_hashing;
mod peppers;
mod server;
mod settings;
mod step_up;
mod throttle;
mod tokens;
mod workers;

use std::path::PathBuf;

use serde::Deserialize;

pub use self::{
    accounts::Accounts,
    activation::Activation,
    bind::{Bind, NotABind},
    breach::Breach,
    database::Database,
    error::{ConfigError, Invalid},
    keys::Keys,
    load::load,
    log::{Format, Log},
    login::Login,
    mail::Mail,
    maintenance::Maintenance,
    password_hashing::PasswordHashing,
    server::Server,
    step_up::StepUp,
    throttle::{Patience, Throttle},
    tokens::Tokens,
    workers::Workers,
};

/// The whole configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The directory of the SQLite file and the generated keys. Created with mode 0700 if it does not exist.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: Server,
    /// The database.
    pub database: Database,
    /// Argon2id and its threads.
    pub password_hashing: PasswordHashing,
    /// Access and refresh tokens.
    pub tokens: Tokens,
    /// The login challenge.
    pub login: Login,
    /// How fresh a sign-in must be for sensitive operations.
    pub step_up: StepUp,
    /// Activation codes.
    pub activation: Activation,
    /// The accounts of the platform's customers.
    pub accounts: Accounts,
    /// Periodic work.
    pub maintenance: Maintenance,
    /// Background work.
    pub workers: Workers,
    /// The source of passwords known from data breaches.
    pub breach: Breach,
    /// Mails.
    pub mail: Mail,
    /// How guesses are slowed down.
    pub throttle: Throttle,
    /// The key that seals secrets at rest.
    pub keys: Keys,
    /// The log.
    pub log: Log,
    /// Whether this process is a command that may work beside a server: it waits longer for its turn at the database.
    #[serde(skip)]
    pub is_beside: bool,
    /// Warnings about variables that nothing reads and that may have been meant as settings.
    #[serde(skip)]
    pub unread: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            server: Server::default(),
            database: Database::default(),
            password_hashing: PasswordHashing::default(),
            tokens: Tokens::default(),
            login: Login::default(),
            step_up: StepUp::default(),
            activation: Activation::default(),
            accounts: Accounts::default(),
            maintenance: Maintenance::default(),
            workers: Workers::default(),
            breach: Breach::default(),
            mail: Mail::default(),
            throttle: Throttle::default(),
            keys: Keys::default(),
            log: Log::default(),
            is_beside: false,
            unread: Vec::new(),
        }
    }
}

impl Config {
    /// Checks what the types alone cannot, section by section.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.data_dir.to_string_lossy().starts_with(['~', '$']) {
            let why = "begins with a character that a shell would expand, but Latchkey does not; write the full path";
            return Err(Invalid::new("data_dir", why));
        }
        self.server.validate()?;
        self.database.validate()?;
        self.password_hashing.validate()?;
        self.tokens.validate()?;
        self.login.validate()?;
        self.step_up.validate()?;
        self.activation.validate()?;
        self.accounts.validate()?;
        self.maintenance.validate()?;
        self.breach.validate()?;
        self.mail.validate()?;
        self.throttle.validate()?;
        self.keys.validate()?;
        self.log.validate()
    }

    /// The URL that clients use: `server.public_url`, or the address it listens on.
    pub fn public_url(&self) -> String {
        match &self.server.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.server.bind),
        }
    }
}
