//! Forged tokens: none is accepted.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{Session, TestApp};

fn encoded(json: &Value) -> String {
    BASE64URL_NOPAD.encode(json.to_string().as_bytes())
}

/// A token signed with a key of the forger's own.
fn with_own_key(header: &Value, claims: &Value) -> String {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let signed = format!("{}.{}", encoded(header), encoded(claims));
    let signature: Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes()))
}

/// A token with an HMAC under something that everybody knows.
fn with_hmac(header: &Value, claims: &Value, key: &[u8]) -> String {
    let signed = format!("{}.{}", encoded(header), encoded(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
}

struct Story {
    app: TestApp,
    session: Session,
    kid: Value,
    claims: Value,
}

async fn story() -> Story {
    let app = TestApp::start().await;
    let session = app.account("acme").await.user("ann").await.sign_in().await;
    let keys = app.call("GET", "/.well-known/jwks.json").send().await.ok(200);
    let (kid, claims) = (keys["keys"][0]["kid"].clone(), session.claims());
    Story { app, session, kid, claims }
}

impl Story {
    async fn refuses(&self, what: &str, token: &str) {
        let reply = self.app.call("GET", "/v1/me").bearer(token).send().await;
        assert_eq!(reply.status, 401, "{what}: {reply:?}");
        reply.problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn unsigned_tokens_are_refused() {
    let story = story().await;
    let signature = story.session.access_token.rsplit_once('.').unwrap().1;
    let payload = encoded(&story.claims);
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        for typ in ["at+jwt", "JWT"] {
            let head = encoded(&json!({ "alg": alg, "typ": typ, "kid": story.kid }));
            story.refuses(alg, &format!("{head}.{payload}.")).await;
            story.refuses(alg, &format!("{head}.{payload}")).await;
            story.refuses(alg, &format!("{head}.{payload}.{signature}")).await;
        }
    }
}

#[tokio::test]
async fn other_algorithms_are_refused() {
    let story = story().await;
    let keys = story.app.call("GET", "/.well-known/jwks.json").send().await.ok(200);
    let decode = |text: &Value| BASE64URL_NOPAD.decode(text.as_str().unwrap().as_bytes()).unwrap();
    let (x, y) = (decode(&keys["keys"][0]["x"]), decode(&keys["keys"][0]["y"]));
    let point = [&[4][..], &x, &y].concat();
    let jwk = keys["keys"][0].to_string();
    for alg in ["HS256", "HS384", "RS256", "PS256", "ES384", "EdDSA"] {
        let header = json!({ "alg": alg, "typ": "at+jwt", "kid": story.kid });
        for key in [&b""[..], b"secret", &x, &point, jwk.as_bytes()] {
            story.refuses(alg, &with_hmac(&header, &story.claims, key)).await;
        }
        story.refuses(alg, &with_own_key(&header, &story.claims)).await;
    }
}

#[tokio::test]
async fn keys_of_others_are_refused_however_they_are_offered() {
    let story = story().await;
    let own = SigningKey::from_slice(&[7; 32]).unwrap();
    let point = own.verifying_key().to_encoded_point(false);
    let coordinate = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "kid": "mine",
        "x": coordinate(point.x().unwrap()), "y": coordinate(point.y().unwrap()),
    });
    let kid = &story.kid;
    for header in [
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid }),
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": "mine" }),
        json!({ "alg": "ES256", "typ": "at+jwt" }),
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": "mine", "jwk": jwk }),
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid, "jwk": jwk }),
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid, "jku": "http://127.0.0.1:9/jwks.json" }),
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid, "x5u": "http://127.0.0.1:9/cert" }),
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid, "x5c": ["MIIB"] }),
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": "../../../dev/null" }),
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": "' OR 1=1 --" }),
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid, "crit": ["b64"], "b64": false }),
    ] {
        story.refuses(&header.to_string(), &with_own_key(&header, &story.claims)).await;
    }
}

#[tokio::test]
async fn changed_tokens_are_refused() {
    let story = story().await;
    let [head, _, signature] = story.session.access_token.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts")
    };
    let platform = story.app.platform_admin().await.session().await.claims();
    for (claim, value) in [
        ("permissions", json!(["platform_administration"])),
        ("sub", platform["sub"].clone()),
        ("account", platform["account"].clone()),
        ("sid", platform["sid"].clone()),
        ("exp", json!(4_000_000_000_u32)),
        ("aud", json!("other")),
    ] {
        let mut claims = story.claims.clone();
        claims[claim] = value;
        story.refuses(claim, &format!("{head}.{}.{signature}", encoded(&claims))).await;
    }
    let token = &story.session.access_token;
    for (what, changed) in [
        ("cut", token[..token.len() - 4].to_owned()),
        ("longer", format!("{token}AAAA")),
        ("padded", format!("{token}==")),
        ("four parts", format!("{token}.AAAA")),
        ("twice", format!("{token}.{token}")),
        ("zero signature", format!("{}.{}", token.rsplit_once('.').unwrap().0, "A".repeat(86))),
        ("parts swapped", token.split('.').rev().collect::<Vec<_>>().join(".")),
    ] {
        story.refuses(what, &changed).await;
    }
    story.session.me().await.ok(200);
}

#[tokio::test]
async fn tokens_of_another_deployment_are_refused() {
    let (here, there) = (story().await, story().await);
    here.refuses("of another deployment", &there.session.access_token).await;
    assert_ne!(here.kid, there.kid);
}

#[tokio::test]
async fn credentials_of_other_kinds_are_no_access_tokens() {
    let story = story().await;
    let account = story.app.account("other").await;
    let invited = account.invited(json!({ "username": "later" })).await;
    for token in [story.session.refresh_token.as_str(), invited.activation_code(), "x", "lk_at_x", "eyJ.eyJ.x"] {
        story.refuses(token, token).await;
    }
    let reply = story.app.call("GET", "/v1/me").send().await;
    reply.problem(401, "invalid_token");
    // RFC 6750 §3.1: who has sent nothing is told of no error.
    assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"latchkey\"");
    let query = format!("/v1/me?access_token={}", story.session.access_token);
    story.app.call("GET", &query).send().await.problem(401, "invalid_token");
    let reply =
        story.app.call("GET", "/v1/me").header("authorization", &format!("bearer {}", story.session.access_token));
    reply.send().await.ok(200);
}
