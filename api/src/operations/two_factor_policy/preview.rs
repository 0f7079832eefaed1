//! `POST /v1/accounts/{account_id}/two-factor-policy/preview`

use actix_web::{HttpResponse, post, web::Data};
use serde::Serialize;
use service::{Preview, PreviewGroup, PreviewPage, PreviewedUser, TwoFactorPolicyDraft};
use utoipa::ToSchema;
use uuid::Uuid;

use super::BODY_KIB;
use crate::{
    app::App,
    extract::{AccountSettings, Body, Cursor, Guarded, Paging, Query, Then},
    openapi::problems,
    operations::views::AccountPath,
    problem::{Code, Result},
};

/// What a policy would change, and for which users.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorPolicyPreview {
    /// Users who would need a second factor and would have to enroll a device at the next sign-in.
    will_enroll: TwoFactorPolicyPreviewGroup,
    /// Users who would need a second factor and already have a device.
    already_enrolled: TwoFactorPolicyPreviewGroup,
    /// Users who need a second factor today and no longer would.
    no_longer_asked: TwoFactorPolicyPreviewGroup,
}

/// Users whom a policy would affect in the same way.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorPolicyPreviewGroup {
    /// The total number of users in the group.
    #[schema(examples(1))]
    count: u64,
    /// The users on this page.
    users: Vec<TwoFactorPolicyPreviewUser>,
    /// Send it as `cursor` to get the next users of this group. Null if there are no more.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

/// A user whom a policy would affect.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorPolicyPreviewUser {
    /// The id.
    #[schema(examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    id: Uuid,
    /// Sign-in name.
    #[schema(examples("ann"))]
    username: String,
    /// Display name.
    #[schema(required = true, examples("Ann Example"))]
    display_name: Option<String>,
}

impl From<Preview> for TwoFactorPolicyPreview {
    fn from(preview: Preview) -> Self {
        Self {
            will_enroll: preview.will_enroll.into(),
            already_enrolled: preview.already_enrolled.into(),
            no_longer_asked: preview.no_longer_asked.into(),
        }
    }
}

impl From<PreviewGroup> for TwoFactorPolicyPreviewGroup {
    fn from(group: PreviewGroup) -> Self {
        Self {
            count: group.count,
            users: group.users.into_iter().map(TwoFactorPolicyPreviewUser::from).collect(),
            next_cursor: group.next.map(|id| Cursor::after(id).encode()),
        }
    }
}

impl From<PreviewedUser> for TwoFactorPolicyPreviewUser {
    fn from(user: PreviewedUser) -> Self {
        Self { id: user.id.as_uuid(), username: user.username, display_name: user.display_name }
    }
}

type Args = Then<Guarded<AccountSettings>, (Query<Paging>, Body<TwoFactorPolicyDraft, BODY_KIB>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Preview a two-factor policy
///
/// Returns the users who would have to enroll a device, those who already have one, and those who would no longer need
/// a second factor, so that you can notify them. Changes nothing. `limit` and `cursor` page through the users of each
/// group. The policy of the platform's own account is fixed: only `all_users` can be previewed there.
#[utoipa::path(
    tag = "two-factor-policy",
    params(AccountPath, Paging),
    request_body(content = TwoFactorPolicyDraft, example = json!({ "mode": "all_users" })),
    responses((status = 200, description = "What the policy would change.", body = TwoFactorPolicyPreview), Problems),
)]
#[post("/v1/accounts/{account_id}/two-factor-policy/preview")]
pub async fn preview_two_factor_policy(
    app: Data<App>,
    Then(by, (Query(paging), Body(request))): Args,
) -> Result<HttpResponse> {
    let page = PreviewPage { after: paging.after()?, limit: paging.limit() };
    let preview = app.service.preview_two_factor_policy(&by, &request, page).await?;
    Ok(HttpResponse::Ok().json(TwoFactorPolicyPreview::from(preview)))
}
