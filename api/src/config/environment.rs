//! Environment variables: which ones set a key, and which ones look as if they did.

use std::collections::BTreeMap;

use figment::{
    Metadata, Profile, Provider,
    util::nest,
    value::{Dict, Map, Value},
};

use super::known::Known;

/// The prefix of variables that set a key.
pub(super) const PREFIX: &str = "LATCHKEY__";

/// The prefix of variables that others also set: Kubernetes sets `LATCHKEY_PORT` and the like for a service of that
/// name.
const SHARED_PREFIX: &str = "LATCHKEY_";

/// The variables that set a key; errors about those that are clearly meant to and do not; and warnings about those that
/// may be meant to.
#[derive(Default)]
pub(super) struct Environment {
    pub(super) variables: Vec<Variable>,
    pub(super) refused: Vec<String>,
    pub(super) doubts: Vec<String>,
}

/// One variable that sets a key. Each is its own source, so that an error names it.
pub(super) struct Variable {
    key: String,
    name: String,
    value: String,
}

impl Environment {
    pub(super) fn sort(environment: impl IntoIterator<Item = (String, String)>, known: &Known) -> Self {
        let mut sorted = Self::default();
        let mut names = BTreeMap::new();
        for (name, value) in environment {
            let capitals = name.to_ascii_uppercase();
            if let Some(key) = name.strip_prefix(PREFIX) {
                let key = key.to_ascii_lowercase().replace("__", ".");
                if let Some(other) = names.insert(key.clone(), name.clone()) {
                    sorted
                        .refused
                        .push(format!("{key}: is set twice, by the environment variables {other} and {name}"));
                }
                // Otherwise chance decides between it and a key set beside it.
                if let Some(why) = known.misplaced(&key) {
                    sorted.refused.push(format!("{why} (environment variable {name})"));
                    continue;
                }
                sorted.variables.push(Variable { key, name, value });
            } else if capitals.starts_with(PREFIX) {
                sorted.refused.push(format!("the environment variable {name} is not read; write {capitals}"));
            } else if let Some(rest) = capitals.strip_prefix(SHARED_PREFIX) {
                sorted.look_at(&name, rest, known);
            }
        }
        sorted
    }

    /// Checks a variable that begins with one underscore instead of two.
    fn look_at(&mut self, name: &str, rest: &str, known: &Known) {
        let spelled = |path: &str, separator: &str| path.to_ascii_uppercase().replace('.', separator);
        let in_section = |path: &String| {
            let section = spelled(path, "__");
            rest.strip_prefix(&*section).is_some_and(|rest| rest.starts_with("__"))
        };
        if known.sections.iter().any(in_section) {
            self.refused.push(format!("the environment variable {name} is not read; write {PREFIX}{rest}"));
        } else if let Some(key) = known.keys.iter().find(|key| rest == spelled(key, "_")) {
            let meant = spelled(key, "__");
            self.doubts.push(format!("the environment variable {name} is not read; did you mean {PREFIX}{meant}?"));
        }
    }
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("environment variable {}", self.name))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let Ok(value) = self.value.parse::<Value>();
        match nest(&self.key, value) {
            Value::Dict(_, dict) => Ok(Map::from([(Profile::Default, dict)])),
            _ => Err(figment::Error::from("the name of the variable does not name a key")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(names: &[&str]) -> Environment {
        Environment::sort(names.iter().map(|name| ((*name).to_owned(), "hunter2".to_owned())), &Known::ask())
    }

    #[test]
    fn what_kubernetes_and_others_set_is_harmless() {
        let harmless = [
            "LATCHKEY_PORT",
            "LATCHKEY_SERVICE_HOST",
            "LATCHKEY_SERVICE_PORT",
            "LATCHKEY_SERVICE_PORT_HTTP",
            "LATCHKEY_PORT_8080_TCP",
            "LATCHKEY_PORT_8080_TCP_ADDR",
            "LATCHKEY_SERVER_PORT",
            "LATCHKEY_SERVER_SERVICE_HOST",
            "LATCHKEY_DATABASE_PORT_5432_TCP",
            "LATCHKEY_CONFIG",
            "LATCHKEY_URL",
            "LATCHKEY_OTHER__THING",
            "LATCHKEY",
            "OTHER_SERVER__BIND",
        ];
        let sorted = sort(&harmless);
        assert!(
            sorted.variables.is_empty() && sorted.refused.is_empty() && sorted.doubts.is_empty(),
            "{:?}",
            sorted.refused
        );
    }

    #[test]
    fn one_underscore_before_a_section_is_refused_with_the_right_name() {
        for (wrong, right) in [
            ("LATCHKEY_SERVER__BIND", "LATCHKEY__SERVER__BIND"),
            ("LATCHKEY_DATABASE__URL", "LATCHKEY__DATABASE__URL"),
            ("LATCHKEY_PASSWORD_HASHING__THREADS", "LATCHKEY__PASSWORD_HASHING__THREADS"),
            ("LATCHKEY_THROTTLE__WORK__FREE", "LATCHKEY__THROTTLE__WORK__FREE"),
            ("LATCHKEY_SERVER__BNID", "LATCHKEY__SERVER__BNID"),
            ("latchkey_server__bind", "LATCHKEY__SERVER__BIND"),
            ("latchkey__server__bind", "LATCHKEY__SERVER__BIND"),
        ] {
            let refused = sort(&[wrong]).refused;
            assert!(
                refused.len() == 1 && refused[0].ends_with(&format!("{wrong} is not read; write {right}")),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn a_key_with_single_underscores_is_told() {
        for (wrong, right) in [
            ("LATCHKEY_DATABASE_URL", "LATCHKEY__DATABASE__URL"),
            ("LATCHKEY_DATA_DIR", "LATCHKEY__DATA_DIR"),
            ("LATCHKEY_KEYS_MASTER_KEY_FILE", "LATCHKEY__KEYS__MASTER_KEY_FILE"),
        ] {
            let doubts = sort(&[wrong]).doubts;
            assert!(doubts.len() == 1 && doubts[0].contains(wrong) && doubts[0].contains(right), "{doubts:?}");
        }
    }

    #[test]
    fn a_variable_for_a_whole_section_or_below_a_key_is_refused() {
        for (name, why) in [
            ("LATCHKEY__LOG", "log: is a section"),
            ("LATCHKEY__THROTTLE__WORK", "throttle.work: is a section"),
            ("LATCHKEY__SERVER__BIND__PORT", "server.bind: is a key and has no keys of its own"),
            ("LATCHKEY__DATA_DIR__X__Y", "data_dir: is a key and has no keys of its own"),
        ] {
            // Whichever comes first.
            for names in [[name, "LATCHKEY__LOG__FORMAT"], ["LATCHKEY__LOG__FORMAT", name]] {
                let refused = sort(&names).refused;
                assert!(refused.len() == 1 && refused[0].starts_with(why) && refused[0].contains(name), "{refused:?}");
            }
        }
    }

    #[test]
    fn a_key_that_is_set_twice_is_refused() {
        let refused = sort(&["LATCHKEY__SERVER__BIND", "LATCHKEY__Server__Bind"]).refused;
        assert!(refused.len() == 1 && refused[0].starts_with("server.bind: is set twice"), "{refused:?}");
    }
}
