//! Refusals that come after the guard: somebody tries to grant what they do not hold, or to act upon somebody above them.

use actix_web::{HttpRequest, HttpResponse};

use crate::{
    app::App,
    extract::{Admitted, operation},
    problem::Problem,
};

/// Writes down that whoever was let in with `request` was refused by what it asked for, if that is what `reply` says. In this
/// one place, so that no operation can leave it out.
pub async fn write_down(app: &App, request: &HttpRequest, reply: &HttpResponse<impl Sized>) {
    let lacking = reply.error().and_then(|error| error.as_error::<Problem>()).and_then(Problem::denied);
    let (Some(lacking), Some(admitted)) = (lacking, Admitted::of(request)) else { return };
    app.service.refused(&admitted.actor, admitted.account_id, &operation(request), lacking).await;
}
