//! Converts the configuration to the settings of the crates below.

use std::sync::Arc;

use chrono::TimeDelta;
use service::{HashingSettings, Settings, Throttles};
use store::StoreConfig;

use super::{Config, Invalid};

impl Config {
    /// The settings of the service.
    pub fn settings(&self) -> Result<Settings, Invalid> {
        let seconds = |seconds: u32| TimeDelta::seconds(seconds.into());
        let defaults = Settings::default();
        let hashing = &self.password_hashing;
        Ok(Settings {
            issuer: self.tokens.issuer.clone().unwrap_or_else(|| self.public_url()),
            audience: self.tokens.audience.clone(),
            access_token_lifetime: seconds(self.tokens.access_token_seconds),
            sessions: auth::session::Lifetimes {
                absolute: seconds(self.tokens.session_absolute_seconds),
                idle: seconds(self.tokens.session_idle_seconds),
            },
            challenge_lifetime: seconds(self.login.challenge_seconds),
            failed_login_takes: TimeDelta::milliseconds(self.login.failed_takes_milliseconds.into()),
            activation_lifetime: seconds(self.activation.lifetime_seconds),
            account_deletion_delay: TimeDelta::days(self.accounts.deletion_delay_days.into()),
            step_up_max_age: seconds(self.step_up.max_age_seconds),
            product_name: self.login.product_name.clone(),
            throttles: self.throttle.over(Throttles::default()),
            hashing: HashingSettings {
                params: hashing.params()?,
                peppers: Arc::new(hashing.peppers()?),
                threads: hashing.threads.map_or(defaults.hashing.threads, usize::from),
                queue: hashing.queue_length.into(),
                longest_wait: TimeDelta::milliseconds(hashing.queue_milliseconds.into()),
            },
            breaches: self.breach.settings(),
            mail: self.mail.settings()?,
            activation_url: self.mail.activation_url()?,
            ..defaults
        })
    }

    /// Where the database is.
    pub fn store(&self) -> StoreConfig {
        let in_data_dir = || format!("sqlite://{}", self.data_dir.join("latchkey.db").display());
        let url = self.database.own_url().map_or_else(in_data_dir, str::to_owned);
        let config = StoreConfig {
            connections: self.database.connections,
            pooler: self.database.pooler,
            ..StoreConfig::new(url)
        };
        if self.is_beside { config.with_long_waits() } else { config }
    }

    /// Whether any of Latchkey's files must be in the data directory.
    pub fn needs_data_dir(&self) -> bool {
        let has_key = self.keys.master_key.is_some() || self.keys.master_key_file.is_some();
        self.database.own_url().is_none() || !has_key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Database, Keys};

    #[test]
    fn defaults_are_those_of_the_service() {
        let (ours, theirs) = (Config::default().settings().unwrap(), Settings::default());
        assert_eq!(format!("{:?}", Settings { issuer: theirs.issuer.clone(), ..ours }), format!("{theirs:?}"));
    }

    #[test]
    fn the_database_lies_in_the_data_directory_unless_a_url_is_set() {
        let mut config = Config { data_dir: "/srv".into(), ..Config::default() };
        assert_eq!(config.store().url, "sqlite:///srv/latchkey.db");
        assert!(config.needs_data_dir());
        config.database = Database { url: Some("postgres://db/x".into()), ..Database::default() };
        assert_eq!(config.store().url, "postgres://db/x");
        config.keys = Keys { master_key: Some("x".into()), ..Keys::default() };
        assert!(!config.needs_data_dir());
    }
}
