//! A transaction inside the transaction.

use crate::{Conn, StoreError};

/// Runs `f` so that its failure undoes only what it did. On PostgreSQL a failed statement spoils everything after it
/// up to the savepoint, so a caller that goes on after a failed insert needs one around it.
///
/// # Errors
/// What `f` returns; or what the database says about the savepoint, in which case the transaction is beyond use.
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
