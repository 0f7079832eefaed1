//! The harness: an application for every test, and handles for the people in the story.

mod account;
mod app;
mod call;
mod database;
mod documented;
mod gate;
mod login;
pub mod mail_server;
mod node;
mod pages;
mod parallel;
mod people;
mod phone;
pub mod pooler;
pub mod postgres;
mod problem;
pub mod process;
mod program;
pub mod qr;
mod range_service;
pub mod raw;
mod record;
mod reply;
mod session;

pub use self::{
    account::Account,
    app::TestApp,
    call::{Call, Client},
    gate::Gate,
    login::Login,
    mail_server::{MailServer, Mood},
    node::Node,
    pages::all_pages,
    parallel::{in_parallel, statuses},
    people::User,
    phone::Phone,
    problem::Problem,
    process::{Begun, Home, Process},
    program::Program,
    range_service::range_service,
    record::Record,
    reply::{Confirmed, Reply},
    session::Session,
};

/// A password that every policy of these tests takes, for every name of these tests.
pub const PASSWORD: &str = "quiet Lantern 7 over the moor";

/// Another one.
pub const OTHER_PASSWORD: &str = "nine Herons + a borrowed kettle";
