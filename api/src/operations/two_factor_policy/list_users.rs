//! `GET /v1/accounts/{account_id}/two-factor-policy/users`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    extract::{AccountSettings, Cursor, Guarded, Paging, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, paged},
    problem::Result,
};

/// A page of the users listed in a two-factor policy.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorPolicyUserPage {
    /// The ids of the listed users, in ascending order.
    #[schema(examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    items: Vec<Uuid>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

type Args = Then<Guarded<AccountSettings>, Query<Paging>>;

problems!(Problems = Args);

/// List the users in a two-factor policy
///
/// Returns the listed users page by page, for lists that are too long for the policy itself. Empty in the modes without
/// a list.
#[utoipa::path(
    tag = "two-factor-policy",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of user ids.", body = TwoFactorPolicyUserPage, headers(("Link"))), Problems),
)]
#[get("/v1/accounts/{account_id}/two-factor-policy/users")]
pub async fn list_two_factor_policy_users(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(paging)): Args,
) -> Result<HttpResponse> {
    let page = app.service.list_two_factor_policy_users(&by, paging.after()?, paging.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(kernel::UserId::as_uuid).collect();
    let body = TwoFactorPolicyUserPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
