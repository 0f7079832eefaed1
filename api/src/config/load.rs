//! Reading the file and the environment.

use std::path::Path;

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Format, Toml},
    util::nest,
    value::{Dict, Map, Value},
};

use super::{Config, ConfigError};

/// What the name of a variable that sets a key begins with.
const PREFIX: &str = "LATCHKEY__";

/// The configuration from the defaults, then `file`, then the variables of `environment`; checked.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let mut sources = Figment::new();
    if let Some(path) = file {
        // The provider takes a file that is not there for an empty one.
        if let Err(source) = std::fs::metadata(path) {
            return Err(ConfigError::Unreadable { path: path.to_owned(), source });
        }
        sources = sources.merge(Toml::file_exact(path));
    }
    for (name, value) in environment {
        if let Some(key) = name.strip_prefix(PREFIX) {
            sources = sources.merge(Variable { key: key.to_ascii_lowercase().replace("__", "."), name, value });
        }
    }
    let config: Config = sources.extract()?;
    config.validate()?;
    Ok(config)
}

/// One variable of the environment. Each is a source of its own, so that an error names it.
struct Variable {
    key: String,
    name: String,
    value: String,
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("environment variable {}", self.name))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let Ok(value) = self.value.parse::<Value>();
        match nest(&self.key, value) {
            Value::Dict(_, dict) => Ok(Map::from([(Profile::Default, dict)])),
            _ => Err(figment::Error::from("the name of the variable names no key")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn from_environment(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        load(None, pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    fn from_file(text: &str) -> Result<Config, ConfigError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        load(Some(file.path()), [])
    }

    #[test]
    fn nothing_set_means_loopback_and_the_data_directory() {
        let config = load(None, []).unwrap();
        assert_eq!(config.server.bind.to_string(), "127.0.0.1:8080");
        assert_eq!(config.data_dir, Path::new("./data"));
        assert!(config.database.url.is_none());
        assert_eq!(config.public_url(), "http://127.0.0.1:8080");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"data_dir = \"/srv\"\n[server]\nbind = \"127.0.0.1:1\"\nworkers = 3\n").unwrap();
        let environment = [
            ("LATCHKEY__SERVER__BIND", "[::1]:2"),
            ("LATCHKEY__SERVER__TRUSTED_PROXIES", "[\"10.0.0.0/8\", \"::1\"]"),
            ("LATCHKEY__SERVER__PUBLIC_URL", "https://id.example.org/"),
            ("LATCHKEY__LOG__FORMAT", "json"),
            ("LATCHKEY_CONFIG", "not a key"),
            ("PATH", "/bin"),
        ];
        let config =
            load(Some(file.path()), environment.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
        assert_eq!(config.data_dir, Path::new("/srv"));
        assert_eq!(config.server.bind.to_string(), "[::1]:2");
        assert_eq!(config.server.workers, Some(3));
        assert_eq!(config.server.trusted_proxies.len(), 2);
        assert_eq!(config.public_url(), "https://id.example.org");
    }

    #[test]
    fn the_data_directory_has_a_variable_of_its_own() {
        let config = from_environment(&[("LATCHKEY__DATA_DIR", "/var/lib/latchkey")]).unwrap();
        assert_eq!(config.data_dir, Path::new("/var/lib/latchkey"));
    }

    #[test]
    fn an_unknown_key_is_named() {
        for (pairs, expected) in [
            (("LATCHKEY__SERVER__BNID", "x"), "server.bnid: no such key"),
            (("LATCHKEY__SERVRE__BIND", "x"), "servre: no such key"),
            (("LATCHKEY__DATADIR", "x"), "datadir: no such key"),
        ] {
            let error = from_environment(&[pairs]).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
            assert!(error.contains(pairs.0), "{error}");
        }
        let error = from_file("[tokens]\nlifetime = 5\n").unwrap_err().to_string();
        assert!(error.starts_with("tokens.lifetime: no such key; known are"), "{error}");
    }

    #[test]
    fn a_value_of_another_type_is_named_and_not_quoted() {
        let error = from_environment(&[("LATCHKEY__KEYS__MASTER_KEY", "1234567")]).unwrap_err().to_string();
        assert!(error.starts_with("keys.master_key: expected a string, found a number; put the text in"), "{error}");
        assert!(!error.contains("1234567"), "{error}");
        let error = from_environment(&[("LATCHKEY__TOKENS__ACCESS_TOKEN_SECONDS", "soon")]).unwrap_err().to_string();
        assert!(error.starts_with("tokens.access_token_seconds: expected"), "{error}");
        assert!(!error.contains("soon"), "{error}");
    }

    #[test]
    fn a_broken_file_is_not_quoted() {
        let error = from_file("[keys]\nmaster_key = hunter2\n").unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_is_an_error() {
        let error = load(Some(Path::new("/nowhere/latchkey.toml")), []).unwrap_err().to_string();
        assert!(error.contains("/nowhere/latchkey.toml"), "{error}");
    }

    #[test]
    fn debug_shows_no_secret() {
        let config = from_environment(&[
            ("LATCHKEY__KEYS__MASTER_KEY", &"c2VjcmV0".repeat(6)),
            ("LATCHKEY__DATABASE__URL", "postgres://latchkey:hunter2@db/latchkey"),
        ]);
        let shown = format!("{config:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("c2VjcmV0"), "{shown}");
    }

    #[test]
    fn every_default_is_valid() {
        Config::default().validate().unwrap();
    }
}
