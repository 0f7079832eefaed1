//! One action on many users.

mod draft;
mod filter;
mod job;
mod outcomes;
mod start;
mod take_activations;

use crate::operations::registry::Registry;

/// Maximum KiB of a body: enough for 10,000 ids.
const BODY_KIB: usize = 512;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(start::start_bulk_job)
        .service(start::preview_bulk_job)
        .service(job::list_bulk_jobs)
        .service(job::get_bulk_job)
        .service(outcomes::list_bulk_job_outcomes)
        .service(job::cancel_bulk_job)
        .service(take_activations::take_bulk_activations);
}
