//! Records rejections that come after the guard: callers who try to grant what they do not hold, or to act on a user
//! above them.

use actix_web::{HttpRequest, HttpResponse};

use crate::{
    app::App,
    extract::{Admitted, operation},
    problem::Problem,
};

/// Records that the operation rejected the caller admitted with `request`, if `reply` is such a rejection. Done in this
/// one place, so that no operation can omit it.
pub async fn write_down(app: &App, request: &HttpRequest, reply: &HttpResponse<impl Sized>) {
    let lacking = reply.error().and_then(|error| error.as_error::<Problem>()).and_then(Problem::denied);
    let (Some(lacking), Some(admitted)) = (lacking, Admitted::of(request)) else { return };
    app.service.refused(&admitted.actor, admitted.account_id, &operation(request), lacking).await;
}
