#![doc = include_str!("../README.md")]

mod app;
mod background;
pub mod commands;
pub mod config;
mod extract;
mod master_key;
mod middleware;
pub mod open;
mod openapi;
mod operations;
mod problem;
pub mod server;

pub use self::openapi::openapi;
