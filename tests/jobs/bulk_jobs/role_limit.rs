//! A job gives nobody more roles than a request about one user could.

use serde_json::{Value, json};

use super::{counts, outcomes, path, run};
use crate::support::{TestApp, User};

#[tokio::test]
async fn a_user_has_at_most_100_roles_whichever_way_they_come() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let mut roles: Vec<String> = Vec::new();
    for number in 0..103 {
        let draft = json!({ "name": format!("role {number}"), "permissions": [] });
        let role = admin.post(&account.path("/roles"), draft).await.ok(201);
        roles.push(role["id"].as_str().unwrap().to_owned());
    }
    // In the order in which they are listed.
    roles.sort();
    let roles_of = |user: &User| account.path(&format!("/users/{}/roles", user.id()));
    let problem = admin.put(&roles_of(&ann), json!({ "role_ids": roles[..101] })).await;
    problem.problem(422, "validation_failed");
    admin.put(&roles_of(&ann), json!({ "role_ids": roles[..100] })).await.ok(200);

    let both = json!([ann.id(), bob.id()]);
    let assign = |roles: &[String]| json!({ "action": "assign_roles", "role_ids": roles, "users": both });
    let job = run(&admin, &account, assign(&roles[99..101])).await;
    assert_eq!(counts(&job, "finished"), (1, 0, 1, 0));
    let became = outcomes(&admin, &account, &job).await;
    assert_eq!(became, [("ann", "failed conflict"), ("bob", "succeeded")].map(owned).into());
    let told = admin.get(&format!("{}/outcomes?outcome=failed", path(&account, &job))).await.ok(200);
    let why = told["items"][0]["message"].as_str().unwrap();
    assert!(why.contains("at most 100 roles") && why.contains("101"), "{why}");
    assert_eq!(admin.get(&roles_of(&ann)).await.ok(200)["role_ids"], json!(roles[..100]), "none was added");
    // What adds nothing is no failure.
    let job = run(&admin, &account, assign(&roles[99..100])).await;
    assert_eq!(counts(&job, "finished"), (0, 2, 0, 0));

    // Who has more of them from earlier can be left with fewer, one by one.
    app.tamper_with_database(
        "INSERT INTO user_roles (account_id, user_id, role_id, assigned_at) \
         SELECT u.account_id, u.id, r.id, u.created_at FROM users u JOIN roles r ON r.account_id = u.account_id \
         WHERE u.username = 'ann' AND r.id NOT IN (SELECT role_id FROM user_roles WHERE user_id = u.id)",
    );
    let remove = json!({ "action": "remove_roles", "role_ids": [roles[101]], "users": [ann.id()] });
    assert_eq!(counts(&run(&admin, &account, remove).await, "finished"), (1, 0, 0, 0));
    let left = admin.get(&roles_of(&ann)).await.ok(200)["role_ids"].as_array().map(Vec::len);
    assert_eq!(left, Some(102));
    assert_eq!(counts(&run(&admin, &account, assign(&roles[101..102])).await, "finished"), (1, 0, 1, 0));
}

fn owned((name, outcome): (&str, &str)) -> (String, String) {
    (name.to_owned(), outcome.to_owned())
}

#[tokio::test]
async fn of_two_jobs_and_a_request_at_the_same_moment_none_gives_more_than_100_roles() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let mut roles: Vec<Value> = Vec::new();
    for number in 0..120 {
        let draft = json!({ "name": format!("role {number}"), "permissions": [] });
        roles.push(admin.post(&account.path("/roles"), draft).await.ok(201)["id"].clone());
    }
    let own = account.path(&format!("/users/{}/roles", ann.id()));
    admin.put(&own, json!({ "role_ids": roles[..60] })).await.ok(200);
    let session = admin.session().await;
    let job = |some: &[Value]| json!({ "action": "assign_roles", "role_ids": some, "users": [ann.id()] });
    let (one, other, reply) = futures_util::future::join3(
        run(&admin, &account, job(&roles[60..90])),
        run(&admin, &account, job(&roles[90..120])),
        session.call("PUT", &own).json(&json!({ "role_ids": roles[20..120] })).send(),
    )
    .await;
    reply.ok(200);
    for job in [one, other] {
        assert_eq!(job["status"], "finished");
    }
    assert!(admin.get(&own).await.ok(200)["role_ids"].as_array().unwrap().len() <= 100);
}
