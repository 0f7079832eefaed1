//! Lists the configuration keys. They come from the structs, so that no list of names goes stale.

use figment::{
    Figment, Metadata, Profile, Provider,
    error::Kind,
    util::nest,
    value::{Dict, Map, Value},
};

use super::Config;

/// A key that does not exist: the error for it lists the existing ones.
const NOBODY: &str = "?";

/// All keys, as in `server.bind`, and their sections, as in `throttle.work`.
pub(super) struct Known {
    pub(super) sections: Vec<String>,
    pub(super) keys: Vec<String>,
}

impl Known {
    pub(super) fn ask() -> Self {
        let mut known = Self { sections: Vec::new(), keys: Vec::new() };
        let mut open = members("");
        while let Some(path) = open.pop() {
            let members = members(&path);
            if members.is_empty() {
                known.keys.push(path);
            } else {
                open.extend(members);
                known.sections.push(path);
            }
        }
        known.keys.sort_unstable();
        known
    }

    /// Why no value can be set here: it is a section, or inside a key.
    pub(super) fn misplaced(&self, path: &str) -> Option<String> {
        let is_in = |key: &&String| path.strip_prefix(&***key).is_some_and(|rest| rest.starts_with('.'));
        if self.sections.iter().any(|section| section == path) {
            return Some(section_as_value(path));
        }
        self.keys.iter().find(is_in).map(|key| key_as_section(key))
    }
}

/// The message about a section that is given a value.
pub(super) fn section_as_value(section: &str) -> String {
    format!("{section}: is a section and takes no value of its own; set a key in it")
}

/// The message about a key that contains something.
pub(super) fn key_as_section(key: &str) -> String {
    format!("{key}: is a key and has no keys of its own")
}

/// The full names of the members of this section; none if it is a key.
fn members(path: &str) -> Vec<String> {
    let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let Err(error) = Figment::from(Question(inside(NOBODY))).extract::<Config>() else { return Vec::new() };
    let members = error.into_iter().find_map(|error| match error.kind {
        Kind::UnknownField(name, members) if name == NOBODY => Some(members),
        _ => None,
    });
    members.unwrap_or_default().iter().map(|name| inside(name)).collect()
}

/// A configuration with one key.
struct Question(String);

impl Provider for Question {
    fn metadata(&self) -> Metadata {
        Metadata::named("a question")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let dict = nest(&self.0, Value::from(true)).into_dict().unwrap_or_default();
        Ok(Map::from([(Profile::Default, dict)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_structs_tell_their_keys() {
        let Known { sections, keys } = Known::ask();
        for key in ["data_dir", "server.bind", "server.trusted_proxies", "database.url", "throttle.code_of_user.free"] {
            assert!(keys.iter().any(|known| known == key), "{key}: {keys:?}");
        }
        for section in ["server", "password_hashing", "throttle", "throttle.work"] {
            assert!(sections.iter().any(|known| known == section), "{section}: {sections:?}");
        }
        assert!(keys.iter().all(|key| !sections.contains(key) && !key.contains("weak_for_tests")), "{keys:?}");
    }
}
