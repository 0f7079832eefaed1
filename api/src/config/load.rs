//! Loads the configuration from the file and the environment.

use std::path::Path;

use figment::{
    Figment,
    providers::{Format, Toml},
    value::Value,
};

use super::{
    Config, ConfigError,
    environment::Environment,
    error::source_of,
    known::{Known, key_as_section, section_as_value},
};

/// The configuration from the defaults, then `file`, then the variables of `environment`; validated.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let known = Known::ask();
    let mut sources = Figment::new();
    if let Some(path) = file {
        // The provider treats a missing file as an empty one.
        if let Err(source) = std::fs::metadata(path) {
            return Err(ConfigError::Unreadable { path: path.to_owned(), source });
        }
        sources = sources.merge(Toml::file_exact(path));
        refuse_misplaced(&sources, &known)?;
    }
    let environment = Environment::sort(environment, &known);
    if !environment.refused.is_empty() {
        return Err(ConfigError::Refused(environment.refused));
    }
    for variable in environment.variables {
        sources = sources.merge(variable);
    }
    refuse_empty(&sources, &known)?;
    let mut config: Config = sources.extract()?;
    config.unread = environment.doubts;
    config.database.read_url_file()?;
    config.validate()?;
    Ok(config)
}

/// Rejects a section that is a value, and a key that is a section. A variable that sets a key there would replace it,
/// and the file's content would be ignored silently.
fn refuse_misplaced(file: &Figment, known: &Known) -> Result<(), ConfigError> {
    // What is not TOML at all is reported when everything is read.
    let is_table = |path: &str| file.find_value(path).ok().map(|value| matches!(value, Value::Dict(..)));
    let sections = known.sections.iter().filter(|section| is_table(section) == Some(false));
    let keys = known.keys.iter().filter(|key| is_table(key) == Some(true));
    let misplaced: Vec<String> =
        sections.map(|section| section_as_value(section)).chain(keys.map(|key| key_as_section(key))).collect();
    if misplaced.is_empty() { Ok(()) } else { Err(ConfigError::Refused(misplaced)) }
}

/// Rejects blank texts. Such a text usually comes from a shell variable that was not set; taken literally it would mean
/// the default, or the current directory, and nobody would know.
fn refuse_empty(sources: &Figment, known: &Known) -> Result<(), ConfigError> {
    let empty = known.keys.iter().filter_map(|key| {
        let value = sources.find_value(key).ok().filter(is_empty)?;
        let source = source_of(sources.get_metadata(value.tag()));
        Some(format!("{key}: is empty; give it a value or omit it{source}"))
    });
    let empty: Vec<String> = empty.collect();
    if empty.is_empty() { Ok(()) } else { Err(ConfigError::Refused(empty)) }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(_, text) => text.trim().is_empty(),
        Value::Array(_, entries) => entries.iter().any(is_empty),
        _ => false,
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
        assert!(error.starts_with("tokens.lifetime: no such key; known keys are"), "{error}");
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
    fn what_is_empty_is_named_and_so_is_where_it_stands() {
        for name in ["DATA_DIR", "DATABASE__URL", "SERVER__PUBLIC_URL", "MAIL__FROM", "KEYS__MASTER_KEY", "LOG__LEVEL"]
        {
            for value in ["", " ", "\"\"", "\n"] {
                let name = format!("LATCHKEY__{name}");
                let error = from_environment(&[(&name, value)]).unwrap_err().to_string();
                assert!(error.contains("is empty; give it a value") && error.contains(&name), "{error}");
            }
        }
        for name in ["TRUSTED_PROXIES", "CORS_ORIGINS"] {
            for value in ["", "[\"\"]"] {
                let error = from_environment(&[(&format!("LATCHKEY__SERVER__{name}"), value)]).unwrap_err().to_string();
                assert!(error.contains("is empty"), "{error}");
            }
        }
        let error = from_file("[tokens]\naudience = \"\"\n").unwrap_err().to_string();
        assert!(error.starts_with("tokens.audience: is empty; give it a value or omit it ("), "{error}");
        // A list without entries is one.
        assert!(from_file("[server]\ncors_origins = []\n").unwrap().server.cors_origins.is_empty());
    }

    #[test]
    fn a_section_in_the_file_is_none_of_its_keys_and_the_other_way_round() {
        for (text, why) in [
            ("log = \"debug\"\n", "log: is a section"),
            ("[throttle]\nwork = 3\n", "throttle.work: is a section"),
            ("[server.bind]\nport = 3\n", "server.bind: is a key and has no keys of its own"),
        ] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(text.as_bytes()).unwrap();
            // With a variable that would replace it, and without.
            for name in ["LATCHKEY__LOG__FORMAT", "LATCHKEY__THROTTLE__WORK__FREE", "LATCHKEY__SERVER__BIND", "PATH"] {
                let error = load(Some(file.path()), [(name.to_owned(), "json".to_owned())]).unwrap_err().to_string();
                assert!(error.starts_with(why), "{name}: {error}");
            }
        }
    }

    #[test]
    fn lists_are_written_with_commas_too() {
        let config = from_environment(&[
            ("LATCHKEY__SERVER__CORS_ORIGINS", "https://a.example, https://B.example:443"),
            ("LATCHKEY__SERVER__TRUSTED_PROXIES", "10.0.0.0/8,::1"),
        ]);
        let server = config.unwrap().server;
        assert_eq!(server.origins().unwrap(), ["https://a.example", "https://b.example"]);
        assert_eq!(server.trusted_proxies, ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
        let config = from_environment(&[("LATCHKEY__SERVER__TRUSTED_PROXIES", "::ffff:10.0.0.0/104")]).unwrap();
        assert_eq!(config.server.trusted_proxies, ["10.0.0.0/8".parse().unwrap()]);
        let config = from_environment(&[("LATCHKEY__SERVER__CORS_ORIGINS", "[\"https://a.example\"]")]).unwrap();
        assert_eq!(config.server.origins().unwrap(), ["https://a.example"]);
        for bad in ["https://a.example,", "https://a.example https://b.example", "7"] {
            let error = from_environment(&[("LATCHKEY__SERVER__CORS_ORIGINS", bad)]).unwrap_err().to_string();
            assert!(error.starts_with("server.cors_origins: "), "{error}");
        }
    }

    #[test]
    fn a_name_may_be_listened_on() {
        let config = from_environment(&[("LATCHKEY__SERVER__BIND", "localhost:8080")]).unwrap();
        assert_eq!(config.public_url(), "http://localhost:8080");
        for bad in ["8080", ":8080", "localhost"] {
            let error = from_environment(&[("LATCHKEY__SERVER__BIND", bad)]).unwrap_err().to_string();
            assert!(error.starts_with("server.bind: ") && error.contains("localhost:8080"), "{error}");
        }
    }

    #[test]
    fn every_default_is_valid() {
        Config::default().validate().unwrap();
    }
}
