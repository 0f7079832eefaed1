//! One action on many users.

mod cancel;
mod draft;
mod filter;
mod list;
mod list_outcomes;
mod preview;
mod query;
mod read;
mod start;
mod take_activations;
mod view;

use crate::operations::registry::Registry;

/// Maximum KiB of a body: enough for 10,000 ids.
const BODY_KIB: usize = 512;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(start::start_bulk_job)
        .service(preview::preview_bulk_job)
        .service(list::list_bulk_jobs)
        .service(read::get_bulk_job)
        .service(list_outcomes::list_bulk_job_outcomes)
        .service(cancel::cancel_bulk_job)
        .service(take_activations::take_bulk_activations);
}
