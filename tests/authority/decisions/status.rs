//! Whether users of an account can sign in.

use super::Stage;

#[tokio::test]
async fn a_password_alone_is_not_enough_while_the_account_asks_for_a_code_or_is_suspended() {
    let stage = Stage::new().await;
    let ann = stage.ann_with_a_phone().await;
    let suspended_and_lax = || async {
        stage.act("/actions/suspend").await;
        stage.account.set_mode("disabled").await;
    };
    let active_and_strict = || async {
        stage.account.set_mode("all_users").await;
        stage.act("/actions/resume").await;
    };
    stage.never(stage.sign_in(&ann), suspended_and_lax, active_and_strict).await;
}

#[tokio::test]
async fn nobody_signs_in_while_either_the_account_or_the_user_is_out() {
    let stage = Stage::new().await;
    let ann = stage.account.user("ann").await;
    let of_ann = |action: &str| format!("/users/{}/actions/{action}", ann.id());
    stage.act("/actions/suspend").await;
    let ann_is_out = || async {
        stage.act(&of_ann("disable")).await;
        stage.act("/actions/resume").await;
    };
    let account_is_out = || async {
        stage.act("/actions/suspend").await;
        stage.act(&of_ann("enable")).await;
    };
    stage.never(stage.sign_in(&ann), ann_is_out, account_is_out).await;
}
