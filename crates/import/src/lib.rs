#![doc = include_str!("../README.md")]

mod batch;
mod columns;
mod csv_record;
mod draft;
mod fields;
mod format;
mod json_record;
mod split;

#[cfg(test)]
mod property_tests;

pub use batch::{Batch, MalformedBatch, RECORDS_PER_BATCH};
pub use columns::{Columns, HeaderRefused};
pub use draft::{Draft, Status};
pub use fields::Refused;
pub use format::Format;
pub use split::{MAX_RECORD_BYTES, Record, Splitter};
