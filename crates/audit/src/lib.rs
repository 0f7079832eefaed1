#![doc = include_str!("../README.md")]

mod action;
mod canonical;
mod chain;
mod details;
mod entry;
mod event;
mod hash;
#[cfg(test)]
mod property_tests;

pub use action::Action;
pub use chain::{Broken, Head, How, Walk};
pub use details::{Details, Fact};
pub use entry::{Entry, EntryActor, EntryTarget};
pub use event::{Actor, ActorKind, Event, Outcome, Source, Target, TargetKind};
pub use hash::Hash;
