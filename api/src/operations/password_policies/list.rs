//! `GET /v1/accounts/{account_id}/password-policies`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PasswordPolicy;
use crate::{
    app::App,
    extract::{Cursor, Guarded, Paging, PasswordManagement, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, paged},
    problem::Result,
};

/// A page of password policies.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyPage {
    /// The policies, oldest first.
    items: Vec<PasswordPolicy>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

type Args = Then<Guarded<PasswordManagement>, Query<Paging>>;

problems!(Problems = Args);

/// List an account's password policies
///
/// Oldest first. Exactly one policy is the default.
#[utoipa::path(
    tag = "password-policies",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of policies.", body = PasswordPolicyPage, headers(("Link"))), Problems),
)]
#[get("/v1/accounts/{account_id}/password-policies")]
pub async fn list_password_policies(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(paging)): Args,
) -> Result<HttpResponse> {
    let page = app.service.list_password_policies(&by, paging.after()?, paging.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(PasswordPolicy::from).collect();
    let body = PasswordPolicyPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
