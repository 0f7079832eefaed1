//! Faults of the disk and of the file, which are the promise of a server elsewhere.

mod power_cut;
mod taken_away;
