//! Checks that `latchkey.example.toml` has every setting, with its default.

use figment::{
    Figment,
    providers::{Format, Toml},
};
use service::Throttles;

use super::{Config, Throttle, known::Known};

const EXAMPLE: &str = include_str!("../../../latchkey.example.toml");

/// The example with those settings uncommented for which `is_wanted` holds.
fn with(is_wanted: impl Fn(&str) -> bool) -> Figment {
    let lines = EXAMPLE.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.is_empty() && !setting.starts_with(' ') && is_wanted(setting) => setting,
        _ => line,
    });
    Figment::from(Toml::string(&lines.collect::<Vec<_>>().join("\n")))
}

fn is_example(setting: &str) -> bool {
    setting.ends_with("# example")
}

#[test]
fn every_setting_stands_in_it_and_no_other() {
    let all = with(|_| true);
    let missing: Vec<_> = Known::ask().keys.into_iter().filter(|key| all.find_value(key).is_err()).collect();
    assert_eq!(missing, [""; 0]);
    all.extract::<Config>().unwrap();
}

#[test]
fn what_it_shows_are_the_defaults() {
    let mut shown: Config = with(|setting| !is_example(setting)).extract().unwrap();
    assert_eq!(format!("{:?}", shown.throttle.over(Throttles::default())), format!("{:?}", Throttles::default()));
    // Each counter is written out.
    assert!(!format!("{:?}", shown.throttle).contains("None"), "{:?}", shown.throttle);
    shown.throttle = Throttle::default();
    assert_eq!(format!("{shown:?}"), format!("{:?}", Config::default()));
    shown.validate().unwrap();
}

#[test]
fn as_it_is_it_changes_nothing() {
    let config: Config = with(|_| false).extract().unwrap();
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
}
