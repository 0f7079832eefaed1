//! Whether reauthentication requires the second factor.

use serde_json::json;

use super::Stage;

#[tokio::test]
async fn the_password_alone_renews_no_sign_in_while_the_policy_goes_from_selected_users_to_all() {
    let stage = Stage::new().await;
    let ann = stage.ann_with_a_phone().await;
    let session = ann.session().await;
    let all = || stage.account.set_mode("all_users");
    let only_ann = || async { stage.account.ask_only(&[&ann]).await };
    let proof = json!({ "password": ann.password() });
    let renew = stage.send("/v1/me/reauthentication", &session.access_token, proof);
    stage.never(renew, only_ann, all).await;
}
