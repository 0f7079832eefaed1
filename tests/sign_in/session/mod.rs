//! Staying signed in, and signing out.

mod access_token;
mod forgery;
mod introspection;
mod lifetimes;
mod logout;
mod own_password;
mod refresh;
mod refresh_again;
mod step_up;
