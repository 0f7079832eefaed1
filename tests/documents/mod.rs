//! The service's own documentation.

mod examples;
mod health;
mod json_schema;
mod offered_requests;
mod openapi;
mod problems;
mod reference;
