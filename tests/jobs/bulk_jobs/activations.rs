//! Invites many users at once: the codes are stored sealed, and returned once, to the creator of the job.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{counts, crowd, outcomes, path, run};
use crate::support::{Account, PASSWORD, Reply, TestApp, User};

async fn take(by: &User, account: &Account, job: &Value) -> Reply {
    by.act(&format!("{}/actions/take-activations", path(account, job))).await
}

async fn invite(by: &User, account: &Account) -> Value {
    run(by, account, json!({ "action": "send_activation", "filter": { "password": "not_set" } })).await
}

#[tokio::test]
async fn a_thousand_people_are_invited_and_each_code_is_handed_out_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    crowd(&by, &account, 1_030).await;
    let job = invite(&by, &account).await;
    assert_eq!(counts(&job, "finished"), (1_030, 0, 0, 0));

    let first = take(&by, &account, &job).await.ok(200);
    assert_eq!((first["items"].as_array().unwrap().len(), &first["more"]), (1_000, &json!(true)));
    let rest = take(&by, &account, &job).await.ok(200);
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["more"]), (30, &json!(false)));
    let none = take(&by, &account, &job).await.ok(200);
    assert_eq!(none, json!({ "items": [], "more": false }));

    // Each code is its user's.
    let one = &rest["items"][7];
    let activate = json!({ "code": one["code"], "new_password": PASSWORD });
    app.call("POST", "/v1/activations").json(&activate).send().await.empty(204);
    let user = by.get(&account.path(&format!("/users/{}", one["user_id"].as_str().unwrap()))).await.ok(200);
    assert_eq!((&user["username"], &user["password"]["status"]), (&one["username"], &json!("valid")));
    let mut codes: Vec<_> =
        [&first, &rest].iter().flat_map(|page| page["items"].as_array().unwrap()).map(|item| &item["code"]).collect();
    codes.sort_by_key(ToString::to_string);
    codes.dedup();
    assert_eq!(codes.len(), 1_030);
}

#[tokio::test]
async fn codes_do_not_lie_in_clear_in_the_database_nor_in_any_other_reply() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    crowd(&by, &account, 3).await;
    let job = invite(&by, &account).await;
    let listed = by.get(&format!("{}/outcomes", path(&account, &job))).await;
    assert!(!listed.text().contains("lk_act_") && !job.to_string().contains("lk_act_"));
    let sealed = app.look_into_database(&hex(&app));
    assert_eq!(sealed.len(), 3);
    let taken = take(&by, &account, &job).await.ok(200);
    for item in taken["items"].as_array().unwrap() {
        let code = data_encoding::HEXLOWER.encode(item["code"].as_str().unwrap().as_bytes());
        assert!(sealed.iter().all(|sealed| !sealed.is_empty() && !sealed.to_lowercase().contains(&code)));
    }
    // What was handed out is forgotten.
    assert_eq!(app.look_into_database(&hex(&app)), [""; 0]);
}

/// The sealed codes, in hexadecimal.
fn hex(app: &TestApp) -> String {
    let sealed = if app.config().store().url.starts_with("sqlite") {
        "hex(sealed_activation)"
    } else {
        "encode(sealed_activation, 'hex')"
    };
    format!("SELECT {sealed} FROM bulk_job_users WHERE sealed_activation IS NOT NULL")
}

#[tokio::test]
async fn codes_are_not_lost_with_a_reply_that_has_a_key() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    crowd(&by, &account, 2).await;
    let job = invite(&by, &account).await;
    let session = by.session().await;
    let path = format!("{}/actions/take-activations", path(&account, &job));
    let ask = || session.call("POST", &path).header("idempotency-key", "k").send();
    let first = ask().await.ok(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    assert_eq!(ask().await.ok(200), first);
    assert_eq!(take(&by, &account, &job).await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn only_whoever_ordered_them_gets_the_codes_and_with_a_recent_proof() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions", "account_settings"]).await;
    let other = account.admin(&["user_permissions"]).await;
    let ann = account.invited(json!({ "username": "ann", "permissions": ["account_settings"] })).await;
    let job = run(&by, &account, json!({ "action": "send_activation", "users": [ann.id()] })).await;
    take(&other, &account, &job).await.problem(409, "conflict");
    take(&app.platform_admin().await, &account, &job).await.problem(409, "conflict");
    let session = by.session().await;
    app.wait(TimeDelta::minutes(16));
    let old = session.refresh().await.session();
    let path = format!("{}/actions/take-activations", path(&account, &job));
    old.call("POST", &path).send().await.problem(401, "reauthentication_required");
    // In another session, the same person.
    assert_eq!(take(&by, &account, &job).await.ok(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_gets_a_code_for_somebody_who_holds_more() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let ann = account.invited(json!({ "username": "ann", "permissions": ["account_settings"] })).await;
    let bob = account.invited(json!({ "username": "bob" })).await;
    let job = run(&by, &account, json!({ "action": "send_activation", "users": [ann.id(), bob.id()] })).await;
    assert_eq!(counts(&job, "finished"), (1, 0, 1, 0));
    let became = outcomes(&by, &account, &job).await;
    assert_eq!((became["ann"].as_str(), became["bob"].as_str()), ("failed permission_required", "succeeded"));
    let taken = take(&by, &account, &job).await.ok(200);
    assert_eq!(taken["items"].as_array().unwrap().iter().map(|item| &item["username"]).collect::<Vec<_>>(), ["bob"]);
    // Her older code still works.
    ann.activate(ann.activation_code()).await.empty(204);
}

#[tokio::test]
async fn a_code_of_an_earlier_job_is_void_and_codes_that_nobody_takes_are_forgotten() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    crowd(&by, &account, 2).await;
    let (first, second) = (invite(&by, &account).await, invite(&by, &account).await);
    let void = take(&by, &account, &first).await.ok(200)["items"][0]["code"].clone();
    let activate = json!({ "code": void, "new_password": PASSWORD });
    app.call("POST", "/v1/activations").json(&activate).send().await.problem(401, "invalid_code");
    app.wait(TimeDelta::days(6));
    app.service().purge().await.unwrap();
    assert_eq!(app.look_into_database(&hex(&app)).len(), 2);
    app.wait(TimeDelta::days(2));
    app.service().purge().await.unwrap();
    assert_eq!(app.look_into_database(&hex(&app)), [""; 0]);
    assert_eq!(take(&by, &account, &second).await.ok(200)["items"], json!([]));
}
