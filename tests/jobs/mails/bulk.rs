//! Activation codes for many users by mail.

use serde_json::json;

use super::{all_over, with_mail};
use crate::support::{MailServer, PASSWORD};

#[tokio::test]
async fn a_job_mails_each_code_to_its_user_and_says_who_has_no_address() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    for number in 0..70 {
        let (username, email) = (format!("user-{number}"), format!("user-{number}@example.com"));
        account.invited(json!({ "username": username, "email": email })).await;
    }
    account.invited(json!({ "username": "user-without" })).await;
    let order = json!({ "action": "send_activation", "filter": { "q": "user-" }, "send_mail": true });
    let job = crate::jobs::bulk_jobs::run(&admin, &account, order).await;
    assert_eq!((&job["succeeded"], &job["failed"]), (&json!(70), &json!(1)));
    let failed = format!("{}/outcomes?outcome=failed", crate::jobs::bulk_jobs::path(&account, &job));
    let failed = admin.get(&failed).await.ok(200)["items"].clone();
    assert_eq!((&failed[0]["username"], &failed[0]["code"]), (&json!("user-without"), &json!("validation_failed")));
    server.wait_for(70).await;
    all_over(&app).await;
    let letters = server.letters();
    assert_eq!(letters.len(), 70);
    for letter in &letters {
        let body = json!({ "code": letter.code(), "new_password": PASSWORD });
        app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
        let name = letter.to.strip_suffix("@example.com").unwrap();
        assert!(letter.text.contains(&format!("Username: {name}\n")), "{}", letter.text);
    }
    // Whoever ordered it can take them, too.
    let take = format!("{}/actions/take-activations", crate::jobs::bulk_jobs::path(&account, &job));
    assert_eq!(admin.act(&take).await.ok(200)["items"].as_array().unwrap().len(), 70);
}
