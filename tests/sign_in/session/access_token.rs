//! The access token, as read by a program that has only the service's public keys.

use chrono::{DateTime, TimeDelta, Utc};
use jwt_compact::{AlgorithmExt, TimeOptions, UntrustedToken, alg::Es256, jwk::JsonWebKey};
use serde_json::{Map, Value, json};

use crate::support::{Session, TestApp};

/// The service's public keys: `(name, key)`.
async fn keys_of(app: &TestApp) -> Vec<(String, JsonWebKey<'static>)> {
    let reply = app.call("GET", "/.well-known/jwks.json").send().await;
    let keys = reply.ok(200)["keys"].as_array().unwrap().clone();
    keys.into_iter()
        .map(|key| {
            let members: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"], "nothing private is in a public key");
            assert_eq!((&key["alg"], &key["use"]), (&json!("ES256"), &json!("sig")));
            let name = key["kid"].as_str().unwrap().to_owned();
            (name, serde_json::from_value(key).unwrap())
        })
        .collect()
}

/// What a token says, verified as a service would that trusts the keys: signature, algorithm, time.
fn verify(token: &str, keys: &[(String, JsonWebKey<'_>)], now: DateTime<Utc>) -> Result<Map<String, Value>, String> {
    let token = UntrustedToken::new(token).map_err(|why| why.to_string())?;
    assert_eq!(token.algorithm(), "ES256");
    let header = serde_json::to_value(token.header()).unwrap();
    let (_, key) = keys.iter().find(|(name, _)| header["kid"] == **name).ok_or("no such key")?;
    let key = <Es256 as jwt_compact::Algorithm>::VerifyingKey::try_from(key).map_err(|why| why.to_string())?;
    let validator = Es256.validator::<Map<String, Value>>(&key);
    let token = validator.validate(&token).map_err(|why| why.to_string())?;
    let options = TimeOptions::new(TimeDelta::zero(), move || now);
    let claims = token.claims();
    claims
        .validate_expiration(&options)
        .and_then(|claims| claims.validate_maturity(&options))
        .map_err(|w| w.to_string())?;
    Ok(claims.custom.clone())
}

async fn with_permissions(app: &TestApp) -> Session {
    let account = app.account("acme").await;
    let ann = account.user_with("ann", &["user_permissions", "account_settings"]).await;
    account.set_mode("all_users").await;
    ann.sign_in().await
}

#[tokio::test]
async fn a_library_that_is_not_ours_verifies_it_with_the_public_keys() {
    let app = TestApp::start().await;
    let session = with_permissions(&app).await;
    let keys = keys_of(&app).await;
    assert_eq!(keys.len(), 1);
    let claims = verify(&session.access_token, &keys, app.now()).unwrap();
    assert_eq!(Value::Object(claims), {
        let mut all = session.claims();
        for of_the_library in ["exp", "iat", "nbf"] {
            all.as_object_mut().unwrap().remove(of_the_library);
        }
        all
    });
    // Its time is over when the service says so.
    let almost = app.now() + TimeDelta::seconds(599);
    verify(&session.access_token, &keys, almost).unwrap();
    verify(&session.access_token, &keys, app.now() + TimeDelta::seconds(601)).unwrap_err();
    verify(&session.access_token, &keys, app.now() - TimeDelta::seconds(1)).unwrap_err();
    // A changed token is none.
    let (head, tail) = session.access_token.rsplit_once('.').unwrap();
    let other = verify(&format!("{head}.{}", tail.chars().rev().collect::<String>()), &keys, app.now());
    other.unwrap_err();
}

#[tokio::test]
async fn it_says_exactly_what_the_contract_says() {
    let app = TestApp::start().await;
    let session = with_permissions(&app).await;
    let now = app.now().timestamp();
    let (claims, body) = (session.claims(), &session.body);
    let jti = claims["jti"].as_str().unwrap();
    assert_eq!(jti.len(), 36);
    let expected = json!({
        "iss": "https://id.example.org",
        "aud": "latchkey",
        "sub": body["user"]["id"],
        "sid": body["session"]["id"],
        "account": body["user"]["account_id"],
        "permissions": ["account_settings", "user_permissions"],
        "amr": ["pwd", "otp", "mfa"],
        "auth_time": now,
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        "jti": jti,
    });
    assert_eq!(claims, expected);
    let header = session.access_token.split('.').next().unwrap();
    let header: Value =
        serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()).unwrap();
    let kid = &keys_of(&app).await[0].0;
    assert_eq!(header, json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid }));

    let again = session.refresh().await.session();
    assert_ne!(again.claims()["jti"], jti, "each token has an id of its own");
}

#[tokio::test]
async fn it_says_who_made_it_and_for_whom_as_configured() {
    let app = TestApp::with(|config| {
        config.tokens.issuer = Some("https://issuer.example".to_owned());
        config.tokens.audience = "shop".to_owned();
        config.tokens.access_token_seconds = 120;
    })
    .await;
    let session = with_permissions(&app).await;
    let claims = session.claims();
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!("https://issuer.example"), &json!("shop")));
    assert_eq!(session.body["expires_in"], 120);
    app.wait(TimeDelta::seconds(119));
    session.me().await.ok(200);
    app.wait(TimeDelta::seconds(1));
    session.me().await.problem(401, "invalid_token");
}

#[tokio::test]
async fn the_service_takes_it_until_its_last_second() {
    let app = TestApp::start().await;
    let session = with_permissions(&app).await;
    app.wait(TimeDelta::seconds(599));
    session.me().await.ok(200);
    app.wait(TimeDelta::seconds(1));
    let reply = session.me().await;
    reply.problem(401, "invalid_token");
    assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"latchkey\", error=\"invalid_token\"");
    session.refresh().await.session().me().await.ok(200);
}

#[tokio::test]
async fn tokens_and_keys_outlive_a_restart() {
    let mut app = TestApp::start().await;
    let session = with_permissions(&app).await;
    let before = app.call("GET", "/.well-known/jwks.json").send().await.ok(200);
    app.restart().await;
    assert_eq!(app.call("GET", "/.well-known/jwks.json").send().await.ok(200), before);
    session.me().await.ok(200);
    session.refresh().await.session();
}

#[tokio::test]
async fn a_revoked_permission_counts_at_once_though_the_token_says_otherwise() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.admin(&["user_permissions"]).await;
    let ann = account.user_with("ann", &["user_permissions"]).await;
    let session = ann.sign_in().await;
    session.get(&account.path("/users")).await.ok(200);
    let path = account.path(&format!("/users/{}/permissions", ann.id()));
    app.platform_admin().await.put(&path, json!({ "permissions": [] })).await.ok(200);
    let problem = session.get(&account.path("/users")).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "user_permissions");
    assert_eq!(session.refresh().await.session().claims()["permissions"], json!([]));
}
