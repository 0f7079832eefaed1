//! Which keys there are. The structs are asked, so that no list of names goes stale.

use figment::{
    Figment, Metadata, Profile, Provider,
    error::Kind,
    util::nest,
    value::{Dict, Map, Value},
};

use super::Config;

/// A key that nothing has: whoever is asked for it says which ones it has.
const NOBODY: &str = "?";

/// All keys, as in `server.bind`, and the sections that they stand in, as in `throttle.work`.
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

    /// Why no value can stand here: it is a section, or in a key.
    pub(super) fn misplaced(&self, path: &str) -> Option<String> {
        let is_in = |key: &&String| path.strip_prefix(&***key).is_some_and(|rest| rest.starts_with('.'));
        if self.sections.iter().any(|section| section == path) {
            return Some(section_as_value(path));
        }
        self.keys.iter().find(is_in).map(|key| key_as_section(key))
    }
}

/// What is said of a section that is given a value.
pub(super) fn section_as_value(section: &str) -> String {
    format!("{section}: is a section, and takes no value of its own; set a key in it")
}

/// What is said of a key in which something stands.
pub(super) fn key_as_section(key: &str) -> String {
    format!("{key}: is a key, and nothing stands in it")
}

/// The full names of what stands in this section; none if it is a key.
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
