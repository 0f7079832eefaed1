//! Names and passwords as users type them.

use serde_json::json;

use crate::support::{Reply, TestApp};

async fn login(app: &TestApp, account: &str, username: &str, password: &str) -> Reply {
    let body = json!({ "account": account, "username": username, "password": password });
    app.call("POST", "/v1/login").json(&body).send().await
}

#[tokio::test]
async fn case_outer_space_and_compatible_forms_of_a_name_do_not_matter() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let zoe = account.user("Zoë Müller").await;
    let password = zoe.password();
    for name in ["Zoë Müller", "zoë müller", " ZOË MÜLLER\t", "Zoe\u{308} Mu\u{308}ller", "Ｚｏë Müller"] {
        login(&app, "acme", name, &password).await.session();
    }
    for slug in ["ACME", " acme ", "Acme\n"] {
        login(&app, slug, "zoë müller", &password).await.session();
    }
    for name in ["Zoe Müller", "Zoë  Müller", "ZoëMüller", "Zoë Müller\u{200b}"] {
        login(&app, "acme", name, &password).await.problem(401, "invalid_credentials");
    }
}

#[tokio::test]
async fn names_of_every_script_sign_in() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    for name in ["анна", "آنا", "安娜", "👩‍🚀", "ann+1@example.com", "100% & more", "a/b?c#d", "'; DROP TABLE users; --"]
    {
        let session = account.user(name).await.sign_in().await;
        assert_eq!(session.me().await.ok(200)["user"]["username"], name);
    }
}

#[tokio::test]
async fn a_password_counts_exactly_as_it_was_sent() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    for (name, password, others) in [
        ("case", "Winter moths gather", &["winter moths gather", "Winter moths gatheR"][..]),
        ("space", " two spaces  inside ", &["two spaces  inside", " two spaces inside ", " two spaces  inside"]),
        ("form", "na\u{ef}ve lanterns 9", &["nai\u{308}ve lanterns 9", "naive lanterns 9"]),
        ("nul", "before\u{0}after 77", &["before", "beforeafter 77", "before\u{0}"]),
        ("astral", "🦊🦉🦔 in the wood", &["🦊🦉 in the wood", "?🦉🦔 in the wood"]),
    ] {
        let user = account.invited(json!({ "username": name })).await;
        user.remember_password(password);
        user.activate(user.activation_code()).await.empty(204);
        user.login().await.session();
        for other in others {
            user.try_password(other).await.problem(401, "invalid_credentials");
        }
    }
}

#[tokio::test]
async fn a_password_has_up_to_256_code_points_and_none_is_dropped() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let user = account.invited(json!({ "username": "longwinded" })).await;
    let password: String = (0..256).map(|number| char::from_u32(0x1_F300 + 7 * number).unwrap()).collect();
    user.remember_password(&password);
    user.activate(user.activation_code()).await.empty(204);
    user.login().await.session();
    let mut shorter = password.clone();
    shorter.pop();
    user.try_password(&shorter).await.problem(401, "invalid_credentials");
    let longer = user.try_password(&format!("{password}x")).await.problem(422, "validation_failed");
    assert_eq!(longer.errors(), [("/password", "too_long")]);
    // The same for a user who does not exist: it tells nothing.
    let unknown = login(&app, "nowhere", "nobody", &format!("{password}x")).await.problem(422, "validation_failed");
    assert_eq!(unknown.without_instance(), longer.without_instance());
    let empty = user.try_password("").await.problem(422, "validation_failed");
    assert_eq!(empty.errors(), [("/password", "too_short")]);
}
