//! Recovers the platform's only administrator, who has lost phone and recovery codes.

use crate::support::{Home, User};

#[tokio::test]
async fn the_operator_makes_another_one_beside_the_running_service_who_resets_the_first() {
    let home = Home::new();
    let process = home.serve();
    let root = process.client().platform_admin().await;
    let old = root.sign_in().await;
    let me = old.me().await.ok(200);
    root.login().await.challenge("totp");

    // What does not help: a new code for who has a password already.
    assert!(!home.run(&["init", "--json", "--username", "root"]).status.success());

    let made = home.init("rescue");
    let rescue = User::new(process.client(), "platform", "rescue");
    rescue.activate(made["activation_code"].as_str().unwrap()).await.empty(204);
    let path = format!(
        "/v1/accounts/{}/users/{}/actions/reset-two-factor",
        me["account"]["id"].as_str().unwrap(),
        me["user"]["id"].as_str().unwrap()
    );
    rescue.act(&path).await.empty(204);
    old.me().await.problem(401, "invalid_token");
    let (_, confirmed) = root.login().await.challenge("totp_enrollment").enroll().await;
    confirmed.result.session().get("/v1/accounts").await.ok(200);
}
