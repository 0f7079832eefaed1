//! Savepoints: a transaction inside the transaction.

use crate::{Conn, StoreError};

/// Runs `f` so that its failure undoes only what it did. On PostgreSQL a failed statement aborts everything up to the
/// savepoint, so a caller that continues after a failed insert needs one around it.
///
/// # Errors
/// What `f` returns; or the database's error about the savepoint, after which the transaction is unusable.
pub fn savepoint<T, E: From<StoreError>>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    let depth = conn.depth().map_err(StoreError::from)?;
    conn.begin_savepoint().map_err(StoreError::from)?;
    let outcome = f(conn);
    match outcome {
        Ok(_) => conn.commit(),
        Err(_) => conn.roll_back_to(depth),
    }
    .map_err(StoreError::from)?;
    outcome
}
