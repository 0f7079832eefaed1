//! `GET /v1/accounts/{account_id}/two-factor-policy/users`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    extract::{AccountSettings, Cursor, Guarded, Paging, Query, Then},
    operations::views::{AccountPath, paged},
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

/// A page of the list of a two-factor policy.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorPolicyUserPage {
    /// The ids of the users on the list, in the order of ids.
    #[schema(examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    items: Vec<Uuid>,
    /// Send it as `cursor` for the next page; null on the last.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

problems!(Problems = GUARDED, &[Code::MalformedRequest]);

/// List the users of a two-factor policy
///
/// The list of the policy, page by page, for lists that are too long for the policy itself. Empty in the modes without
/// a list. Needs `account_settings`.
#[utoipa::path(
    tag = "two-factor-policy",
    security(("accessToken" = [])),
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of the list.", body = TwoFactorPolicyUserPage, headers(("Link"))), Problems),
)]
#[get("/v1/accounts/{account_id}/two-factor-policy/users")]
pub async fn list_two_factor_policy_users(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(paging)): Then<Guarded<AccountSettings>, Query<Paging>>,
) -> Result<HttpResponse> {
    let page = app.service.list_two_factor_policy_users(by.account_id, paging.after()?, paging.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(kernel::UserId::as_uuid).collect();
    let body = TwoFactorPolicyUserPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
