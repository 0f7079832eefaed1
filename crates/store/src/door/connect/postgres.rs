//! Connections to a server.

use std::time::Duration;

use diesel::{
    Connection as _, PgConnection,
    connection::{CacheSize, SimpleConnection as _},
};

use super::ConnectError;

/// libpq parameters, unless the URL sets them: nothing waits longer than some seconds for a silent peer. Times in
/// seconds, `tcp_user_timeout` in milliseconds.
const DEFAULTS: [(&str, &str); 6] = [
    ("connect_timeout", "3"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "8000"),
    ("application_name", "latchkey"),
];

/// `url` with defaults for the parameters that it omits.
pub(crate) fn with_defaults(url: &str) -> String {
    let query = url.split_once('?').map(|(_, query)| query);
    let given = |name: &str| query.is_some_and(|q| q.split('&').any(|pair| pair.split('=').next() == Some(name)));
    let missing = DEFAULTS.iter().filter(|(name, _)| !given(name)).map(|(name, value)| format!("{name}={value}"));
    let mut separator = if query.is_some() { '&' } else { '?' };
    let mut out = url.to_owned();
    for parameter in missing {
        out.push(separator);
        out.push_str(&parameter);
        separator = '&';
    }
    out
}

/// Connects to a pooler, which gives each transaction another connection to the server: nothing is set on it, and no
/// prepared statement is left there.
pub(super) fn connect_to_pooler(url: &str) -> Result<PgConnection, ConnectError> {
    let mut conn = PgConnection::establish(url)?;
    conn.set_prepared_statement_cache_size(CacheSize::Disabled);
    Ok(conn)
}

/// Settings for one transaction, where nothing can be set for longer. The language of errors is not among them: a user
/// without the right to choose it would have no transaction.
pub(super) fn for_transaction(timeout: Duration) -> String {
    let limit = timeout.as_millis().max(1);
    format!(
        "; SET LOCAL statement_timeout = {limit}; SET LOCAL lock_timeout = {limit}; \
         SET LOCAL idle_in_transaction_session_timeout = {limit}"
    )
}

/// Connects.
pub(super) fn connect(url: &str, timeout: Duration) -> Result<PgConnection, ConnectError> {
    let mut conn = PgConnection::establish(url)?;
    let limit = timeout.as_millis().max(1);
    // The last one frees the locks of a node that stopped in the middle of a transaction.
    conn.batch_execute(&format!(
        "SET statement_timeout = {limit}; SET lock_timeout = {limit}; SET idle_in_transaction_session_timeout = {limit}"
    ))?;
    // diesel hides the code of some errors, so the door matches their English text. Only a superuser, or a user who was
    // granted it, may set the language; a server that uses another language then answers a deadlock with an error.
    let _may_not = conn.batch_execute("SET lc_messages = 'C'");
    Ok(conn)
}

#[cfg(test)]
mod tests {
    use super::with_defaults;

    #[test]
    fn the_url_has_the_last_word() {
        let plain = with_defaults("postgres://u:p@h:1/d");
        assert!(plain.starts_with("postgres://u:p@h:1/d?connect_timeout=3&keepalives_idle=5&"), "{plain}");
        let given = with_defaults("postgres://h/d?connect_timeout=9&host=/x");
        assert!(given.starts_with("postgres://h/d?connect_timeout=9&host=/x&keepalives_idle=5&"), "{given}");
        assert_eq!(given.matches("connect_timeout").count(), 1);
    }
}
