//! Whether a sign-in requires the second factor.

use serde_json::{Value, json};

use super::Stage;
use crate::support::Login;

#[tokio::test]
async fn a_password_alone_is_not_enough_while_the_policy_goes_from_selected_users_to_all() {
    let stage = Stage::new().await;
    let ann = stage.ann_with_a_phone().await;
    let all = || stage.account.set_mode("all_users");
    let only_ann = || async { stage.account.ask_only(&[&ann]).await };
    stage.never(stage.sign_in(&ann), only_ann, all).await;
}

#[tokio::test]
async fn an_open_login_does_not_end_without_the_code_while_the_policy_goes_from_selected_users_to_all() {
    let stage = Stage::new().await;
    let ann = stage.ann_with_a_phone().await;
    let login: Login = ann.login().await.challenge("totp");
    let all = || stage.account.set_mode("all_users");
    let only_ann = || async { stage.account.ask_only(&[&ann]).await };
    let finish = stage.send("/v1/login/challenge/session", &login.token, Value::Null);
    stage.never(finish, only_ann, all).await;
}

#[tokio::test]
async fn a_password_alone_is_not_enough_while_the_list_changes_its_meaning() {
    let stage = Stage::new().await;
    let ann = stage.ann_with_a_phone().await;
    let bob = stage.account.user("bob").await;
    let only_ann = || async { stage.account.ask_only(&[&ann]).await };
    let all_but_bob = || async {
        let policy = json!({ "mode": "all_users_except", "user_ids": [bob.id()] });
        stage.account.set_policy(policy).await.ok(200);
    };
    all_but_bob().await;
    stage.never(stage.sign_in(&ann), only_ann, all_but_bob).await;
}
