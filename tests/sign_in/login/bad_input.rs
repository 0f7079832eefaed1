//! Invalid requests: each gets the documented problem, and nothing changes.

use serde_json::{Value, json};

use crate::support::{Account, Call, Login, OTHER_PASSWORD, PASSWORD, TestApp, User};

/// An operation of the sign-in with a body.
struct Operation {
    path: &'static str,
    /// Its keys, with values that it would look at.
    body: Value,
}

fn operations() -> Vec<Operation> {
    vec![
        Operation { path: "/v1/login", body: json!({ "account": "acme", "username": "ann", "password": PASSWORD }) },
        Operation { path: "/v1/login/challenge/totp-enrollment", body: json!({ "code": "000000" }) },
        Operation { path: "/v1/login/challenge/totp", body: json!({ "code": "000000" }) },
        Operation { path: "/v1/login/challenge/recovery-code", body: json!({ "code": "7k2m-9xqa-0vtd-h4re" }) },
        Operation { path: "/v1/login/challenge/password", body: json!({ "new_password": OTHER_PASSWORD }) },
        Operation { path: "/v1/token/refresh", body: json!({ "refresh_token": "lk_rt_" }) },
        Operation { path: "/v1/activations", body: json!({ "code": "lk_act_", "new_password": OTHER_PASSWORD }) },
    ]
}

/// Ann, enrolled, with a login that waits for the code. No body of these tests may change how it stands.
struct Story {
    app: TestApp,
    account: Account,
    ann: User,
    login: Login,
}

impl Story {
    async fn begin() -> Self {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        let ann = account.user("ann").await;
        account.set_mode("all_users").await;
        ann.sign_in().await;
        app.wait_for_next_code();
        let login = ann.login().await.challenge("totp");
        Self { app, account, ann, login }
    }

    fn call(&self, path: &str) -> Call {
        let call = self.app.call("POST", path);
        if path.starts_with("/v1/login/challenge") { call.bearer(&self.login.token) } else { call }
    }

    /// The login stands where it stood, and nothing was counted.
    async fn is_as_before(&self) {
        assert_eq!(self.login.state().await.ok(200), self.login.body);
        self.ann.login().await.challenge("totp");
        self.login.code(&self.ann.phone().code()).await.session();
    }
}

#[tokio::test]
async fn what_is_no_json_is_malformed() {
    let story = Story::begin().await;
    for Operation { path, body } in operations() {
        let good = body.to_string();
        let (key, value) = body.as_object().unwrap().iter().next().unwrap();
        let bodies: Vec<(&str, Vec<u8>)> = vec![
            ("empty", Vec::new()),
            ("white space", b" \r\n\t".to_vec()),
            ("no JSON", b"code=000000".to_vec()),
            ("broken off", good[..good.len() - 1].into()),
            ("trailing garbage", format!("{good} x").into()),
            ("two documents", format!("{good}{good}").into()),
            ("trailing comma", format!("{},}}", &good[..good.len() - 1]).into()),
            ("single quotes", good.replace('"', "'").into()),
            ("byte order mark", format!("\u{feff}{good}").into()),
            ("not UTF-8", [&b"{\"code\":\"\xff\xfe\"}"[..]].concat()),
            ("overlong UTF-8", b"{\"code\":\"\xc0\xaf\"}".to_vec()),
            ("UTF-16", good.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("half a surrogate", format!(r#"{{"{key}":"\ud800"}}"#).into()),
            ("a control character", format!("{{\"{key}\":\"a\u{0}b\"}}").into()),
            ("an unknown key", good.replacen('{', r#"{"surprise":1,"#, 1).into()),
            ("an unknown key with a known value", good.replacen(key, &format!("{key}s"), 1).into()),
            ("another case", good.replacen(key, &key.to_uppercase(), 1).into()),
            ("a key twice", good.replacen('{', &format!(r#"{{"{key}":{value},"#), 1).into()),
            ("a key twice, once in escapes", escaped_twice(&good, key, value).into()),
            ("deeply nested", format!("{{\"{key}\":{}", "[".repeat(20_000)).into()),
            ("deeply nested objects", r#"{"a":"#.repeat(9_000).into()),
            ("deeply nested, closed", format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)).into()),
        ];
        for (what, bytes) in bodies {
            let reply = story.call(path).bytes(bytes).send().await;
            assert_eq!(reply.status, 400, "{path}, {what}: {reply:?}");
            reply.problem(400, "malformed_request");
        }
    }
    story.is_as_before().await;
}

/// The object with one more key, whose first letter is written as an escape.
fn escaped_twice(good: &str, key: &str, value: &Value) -> String {
    let (first, rest) = key.split_at(1);
    let escaped = format!("\\u{:04x}{rest}", u32::from(first.chars().next().unwrap()));
    good.replacen('{', &format!(r#"{{"{escaped}":{value},"#), 1)
}

#[tokio::test]
async fn json_of_another_shape_is_refused_with_a_pointer() {
    let story = Story::begin().await;
    for Operation { path, body } in operations() {
        let keys: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
        for key in &keys {
            for wrong in [json!(null), json!(123_456), json!(1.5), json!(true), json!(["000000"]), json!({ "a": "b" })]
            {
                let mut body = body.clone();
                body[key] = wrong;
                let reply = story.call(path).json(&body).send().await;
                let problem = reply.problem(422, "validation_failed");
                assert_eq!(problem.errors(), [(format!("/{key}").as_str(), "wrong_type")], "{path}");
            }
            let mut body = body.clone();
            body.as_object_mut().unwrap().remove(key);
            let reply = story.call(path).json(&body).send().await;
            let problem = reply.problem(422, "validation_failed");
            assert_eq!(problem.errors(), [(format!("/{key}").as_str(), "required")], "{path}");
        }
        let in_an_array: Vec<_> = keys.iter().map(|key| body[key].clone()).collect();
        for wrong in [json!(null), json!("code"), json!([]), json!([body]), json!(in_an_array), json!(7)] {
            let reply = story.call(path).json(&wrong).send().await;
            let problem = reply.problem(422, "validation_failed");
            assert_eq!(problem.errors(), [("", "wrong_type")], "{path} {wrong}");
        }
    }
    story.is_as_before().await;
}

#[tokio::test]
async fn a_large_body_is_refused_unread() {
    let story = Story::begin().await;
    for Operation { path, body } in operations() {
        let key = body.as_object().unwrap().keys().next().unwrap();
        for size in [64 * 1024 + 1, 1024 * 1024] {
            let padding = format!("{{\"{key}\":\"{}\"}}", "x".repeat(size));
            story.call(path).bytes(padding).send().await.problem(413, "payload_too_large");
        }
        // All of the 64 KiB may be used.
        let mut full = body.to_string();
        full.push_str(&" ".repeat(64 * 1024 - full.len() - 1));
        full.insert(1, '\n');
        assert_eq!(full.len(), 64 * 1024);
        let reply = story.call(path).bytes(full.replacen(key, "surprise", 1)[..64 * 1024 - 20].to_owned()).send().await;
        reply.problem(400, "malformed_request");
    }
    story.is_as_before().await;
}

#[tokio::test]
async fn only_json_in_utf_8_is_taken() {
    let story = Story::begin().await;
    for Operation { path, body } in operations() {
        let text = body.to_string();
        story.call(path).bare(&text).send().await.problem(415, "unsupported_media_type");
        for content_type in [
            "text/json",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=iso-8859-1",
            "application/problem+json",
            "*/*",
            "json",
        ] {
            let call = story.call(path).bare(&text).header("content-type", content_type);
            call.send().await.problem(415, "unsupported_media_type");
        }
        for encoding in ["gzip", "br", "deflate", "identity, gzip"] {
            let call = story.call(path).json(&body).header("content-encoding", encoding);
            call.send().await.problem(415, "unsupported_media_type");
        }
    }
    story.is_as_before().await;
}

#[tokio::test]
async fn json_in_utf_8_may_be_declared_in_other_words() {
    let story = Story::begin().await;
    let body = json!({ "account": "acme", "username": "ann", "password": PASSWORD }).to_string();
    for content_type in
        ["application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"", "application/json;a=b"]
    {
        story.call("/v1/login").bare(&body).header("content-type", content_type).send().await.challenge("totp");
    }
    story.call("/v1/login").bytes(format!("\r\n {body}\n")).send().await.challenge("totp");
    let escaped = body.replace("acme", r"\u0061cme");
    story.call("/v1/login").bytes(escaped).send().await.challenge("totp");
}

#[tokio::test]
async fn every_operation_on_a_challenge_refuses_every_other_token() {
    let story = Story::begin().await;
    let (app, ann) = (&story.app, &story.ann);
    let session = app.platform_admin().await.session().await;
    let [abandoned, finished, expired] = [(); 3].map(|()| ann.login());
    let expired = expired.await.challenge("totp").token;
    app.wait(chrono::TimeDelta::minutes(10));
    let abandoned = abandoned.await.challenge("totp");
    abandoned.abandon().await.empty(204);
    let finished = finished.await.challenge("totp");
    finished.code(&ann.phone().code()).await.session();
    let living = ann.login().await.challenge("totp");
    let invited = story.account.invited(json!({ "username": "later" })).await;
    let (head, tail) = living.token.split_at(living.token.len() - 1);
    let changed = format!("{head}{}", if tail == "A" { "B" } else { "A" });

    let tokens = [
        ("of a login that has expired", expired),
        ("of a login that was given up", abandoned.token),
        ("of a login that is done", finished.token),
        ("that was never given", format!("lk_ch_{}", "A".repeat(43))),
        ("that was changed", changed),
        ("with something behind it", format!("{}A", living.token)),
        ("in capitals", living.token.to_uppercase()),
        ("an access token", session.access_token.clone()),
        ("a refresh token", session.refresh_token.clone()),
        ("an activation code", invited.activation_code().to_owned()),
        ("a refresh token that calls itself a challenge", session.refresh_token.replace("lk_rt_", "lk_ch_")),
        ("garbage", "x".to_owned()),
        ("very long", "x".repeat(20_000)),
    ];
    let operations = [
        ("GET", "/v1/login/challenge", None),
        ("DELETE", "/v1/login/challenge", None),
        ("GET", "/v1/login/challenge/totp-enrollment", None),
        ("POST", "/v1/login/challenge/session", None),
        ("POST", "/v1/login/challenge/totp-enrollment", Some(json!({ "code": "000000" }))),
        ("POST", "/v1/login/challenge/totp", Some(json!({ "code": ann.phone().fresh_code() }))),
        ("POST", "/v1/login/challenge/recovery-code", Some(json!({ "code": "7k2m-9xqa-0vtd-h4re" }))),
        ("POST", "/v1/login/challenge/password", Some(json!({ "new_password": OTHER_PASSWORD }))),
    ];
    for (method, path, body) in &operations {
        let call = || {
            let call = app.call(method, path);
            if let Some(body) = body { call.json(body) } else { call }
        };
        for (what, token) in &tokens {
            let reply = call().bearer(token).send().await;
            assert_eq!(reply.status, 401, "{method} {path} with a token {what}: {reply:?}");
            reply.problem(401, "challenge_invalid");
        }
        for (what, value) in [
            ("another scheme", format!("Basic {}", living.token)),
            ("no scheme", living.token.clone()),
            ("no token", "Bearer ".to_owned()),
            ("two tokens", format!("Bearer {0} {0}", living.token)),
            ("a list", format!("Bearer {0},Bearer {0}", living.token)),
        ] {
            let reply = call().header("authorization", &value).send().await;
            assert_eq!(reply.status, 401, "{method} {path} with {what}: {reply:?}");
            reply.problem(401, "challenge_invalid");
        }
        // RFC 6750 §3.1: who has sent nothing is told of no error.
        let reply = call().send().await;
        reply.problem(401, "challenge_invalid");
        assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"login challenge\"");
        let twice = call().bearer(&living.token).bearer("lk_ch_another").send().await;
        twice.problem(400, "malformed_request");
    }
    // In a URL a token is no credential.
    let query = format!("/v1/login/challenge?access_token={0}&challenge_token={0}", living.token);
    app.call("GET", &query).send().await.problem(401, "challenge_invalid");
    assert_eq!(living.state().await.ok(200), living.body);
}

#[tokio::test]
async fn the_credential_is_looked_at_before_the_body() {
    let story = Story::begin().await;
    for Operation { path, .. } in operations().iter().filter(|operation| operation.path.contains("challenge")) {
        story.app.call("POST", path).bytes("nonsense").send().await.problem(401, "challenge_invalid");
        story.app.call("POST", path).bare("nonsense").send().await.problem(401, "challenge_invalid");
    }
}

#[tokio::test]
async fn a_challenge_token_opens_nothing_but_its_login() {
    let story = Story::begin().await;
    for (method, path) in [
        ("GET", "/v1/me".to_owned()),
        ("POST", "/v1/logout".to_owned()),
        ("GET", story.account.path("/users")),
        ("GET", story.account.path("/two-factor-policy")),
    ] {
        story.app.call(method, &path).bearer(&story.login.token).send().await.problem(401, "invalid_token");
    }
    let body = json!({ "refresh_token": story.login.token });
    story.app.call("POST", "/v1/token/refresh").json(&body).send().await.problem(401, "invalid_token");
    let body = json!({ "code": story.login.token, "new_password": OTHER_PASSWORD });
    story.app.call("POST", "/v1/activations").json(&body).send().await.problem(401, "invalid_code");
    story.is_as_before().await;
}

#[tokio::test]
async fn other_methods_and_paths_are_told_so() {
    let story = Story::begin().await;
    for (method, path, allowed) in [
        ("GET", "/v1/login", "POST"),
        ("PUT", "/v1/login", "POST"),
        ("POST", "/v1/login/challenge", "DELETE, GET, HEAD"),
        ("DELETE", "/v1/login/challenge/totp", "POST"),
        ("PATCH", "/v1/login/challenge/totp-enrollment", "GET, HEAD, POST"),
    ] {
        let reply = story.app.call(method, path).bearer(&story.login.token).send().await;
        reply.problem(405, "method_not_allowed");
        assert_eq!(reply.header("allow"), allowed, "{method} {path}");
    }
    for path in
        ["/v1/logins", "/v1/login/", "/v1/login/challenge/", "/V1/login", "/v1//login", "/v1/login/challenge/sms"]
    {
        story.app.call("POST", path).bearer(&story.login.token).send().await.problem(404, "not_found");
    }
    story.is_as_before().await;
}
