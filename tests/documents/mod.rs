//! What the service says about itself.

mod health;
mod openapi;
mod problems;
mod reference;
