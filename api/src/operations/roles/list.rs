//! `GET /v1/accounts/{account_id}/roles`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Role;
use crate::{
    app::App,
    extract::{Cursor, Guarded, Paging, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, paged},
    problem::Result,
};

/// A page of roles.
#[derive(Serialize, ToSchema)]
pub struct RolePage {
    /// The roles, oldest first.
    items: Vec<Role>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjItNWI3ZS03ZjQzLTlkMWEtM2YwYzJiOGE2ZTEx"))]
    next_cursor: Option<String>,
}

type Args = Then<Guarded<UserPermissions>, Query<Paging>>;

problems!(Problems = Args);

/// List the roles of an account
///
/// Oldest first. To see who has a role, list the users with `role`.
#[utoipa::path(
    tag = "roles",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of roles.", body = RolePage), Problems),
)]
#[get("/v1/accounts/{account_id}/roles")]
pub async fn list_roles(app: Data<App>, http: HttpRequest, Then(by, Query(paging)): Args) -> Result<HttpResponse> {
    let page = app.service.list_roles(&by, paging.after()?, paging.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(Role::from).collect();
    let body = RolePage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
