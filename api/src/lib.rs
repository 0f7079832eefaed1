#![doc = include_str!("../README.md")]

mod app;
pub mod config;
mod extract;
mod middleware;
mod openapi;
mod operations;
mod problem;
pub mod server;

pub use self::openapi::openapi;
