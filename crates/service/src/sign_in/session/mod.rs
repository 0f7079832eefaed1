//! Sessions: authenticating requests, refreshing, introspection, and signing out.

mod authenticate;
mod introspect;
mod jwks;
mod logout;
mod refresh;

pub use introspect::Introspection;
