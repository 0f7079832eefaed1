//! What an operator sets up between the service and PostgreSQL.

mod pooler;
mod tls;
