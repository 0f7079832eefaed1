//! A story in which every kind of secret is used: correctly, incorrectly, and in the wrong place.

use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};

use super::needles::Needles;
use crate::support::{Account, Home, OTHER_PASSWORD, PASSWORD, Process, Reply, Session, User};

/// What the story leaves behind.
#[derive(Default)]
pub struct Story {
    pub secrets: Needles,
    /// Codes of six digits, right ones and wrong ones.
    pub codes: Vec<String>,
    /// All error replies, head and body.
    pub refusals: String,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

impl Story {
    pub async fn play(home: &Home, process: &Process) -> Self {
        let mut story = Self::default();
        story.secrets.text("the master key", &home.master_key());
        for password in [PASSWORD, OTHER_PASSWORD] {
            story.secrets.text("a password", password);
        }
        let (account, ann, session) = story.begin(home, process).await;
        story.sign_in(&account, &ann).await;
        story.renew(process, &ann, &session).await;
        story.administer(&account, &ann).await;
        story.automate(process, &account).await;
        story.misplace(process, &account, &ann).await;
        story
    }

    /// The reply is an error; it is kept.
    #[track_caller]
    fn refused(&mut self, reply: &Reply) {
        assert!(reply.status >= 400, "{reply:?}");
        self.refusals.extend([format!("{:?}\n", reply.headers), format!("{}\n", reply.text())]);
    }

    fn note_session(&mut self, session: &Session) {
        self.secrets.text("an access token", &session.access_token);
        let (_, signature) = session.access_token.rsplit_once('.').unwrap();
        self.secrets.text("the signature of an access token", signature);
        self.secrets.text("a refresh token", &session.refresh_token);
    }

    fn note_recovery_codes(&mut self, codes: &[String]) {
        for code in codes {
            self.secrets.text("a recovery code", code);
            self.secrets.text("a recovery code without hyphens", &code.replace('-', ""));
            self.secrets.text("a recovery code in upper case", &code.to_uppercase());
        }
    }

    /// The operator, the first administrators, activation codes.
    async fn begin(&mut self, home: &Home, process: &Process) -> (Account, User, Session) {
        let code = text(&home.init("second")["activation_code"]);
        self.secrets.text("the operator's activation code", &code);
        let second = User::new(process.client(), "platform", "second");
        second.activate(&code).await.empty(204);
        self.refused(&second.activate(&code).await);

        let account = process.account("acme").await;
        let ann = account
            .invited(json!({ "username": "ann", "permissions": ["account_settings", "user_permissions"] }))
            .await;
        self.secrets.text("an activation code", ann.activation_code());
        let refused = "Sesame77";
        self.secrets.text("a refused password", refused);
        ann.remember_password(refused);
        self.refused(&ann.activate("lk_act_not-a-code-at-all").await);
        ann.remember_password(&"ann".repeat(100));
        self.refused(&ann.activate(ann.activation_code()).await);
        ann.remember_password(PASSWORD);
        ann.activate(ann.activation_code()).await.empty(204);
        let session = ann.sign_in().await;
        self.note_session(&session);
        (account, ann, session)
    }

    /// Wrong passwords, enrolment, codes, recovery codes.
    async fn sign_in(&mut self, account: &Account, ann: &User) {
        account.set_mode("all_users").await;
        let wrong = "Wrong-Horse-Battery-9";
        self.secrets.text("a wrong password", wrong);
        self.refused(&ann.try_password(wrong).await);
        let login = ann.login().await.challenge("totp_enrollment");
        self.secrets.text("a challenge token", &login.token);
        let payload = login.enrollment().await.ok(200);
        self.secrets.text("the secret in base32", payload["secret"].as_str().unwrap());
        let secret = BASE32_NOPAD.decode(payload["secret"].as_str().unwrap().as_bytes()).unwrap();
        self.secrets.bytes("the secret", secret);
        for accept in ["image/svg+xml", "image/png", "text/plain"] {
            assert_eq!(login.enrollment_as(accept).await.status, 200);
        }
        let phone = login.phone().await;
        let (wrong_code, code) = (phone.wrong_code(), phone.code());
        self.refused(&login.confirm(&wrong_code).await);
        self.refused(&login.code(&code).await);
        let confirm = || login.call("POST", "/totp-enrollment").header("idempotency-key", "once");
        let confirmed = confirm().json(&json!({ "code": code })).send().await;
        assert_eq!(confirm().json(&json!({ "code": code })).send().await.ok(200), confirmed.ok(200));
        self.refused(&confirm().json(&json!({ "code": wrong_code })).send().await);
        let confirmed = confirmed.confirmed();
        let session = confirmed.result.session();
        self.note_session(&session);
        self.note_recovery_codes(&confirmed.recovery_codes);
        let path = "/v1/me/two-factor/recovery-codes";
        let replace = || session.call("POST", path).header("idempotency-key", "codes").send();
        let replaced = replace().await.ok(200);
        assert_eq!(replace().await.ok(200), replaced);
        let recovery_codes: Vec<_> = replaced["recovery_codes"].as_array().unwrap().iter().map(text).collect();
        self.note_recovery_codes(&recovery_codes);
        let next = phone.fresh_code();
        let login = ann.login().await.challenge("totp");
        self.secrets.text("a challenge token", &login.token);
        self.refused(&login.code(&code).await);
        self.note_session(&login.code(&next).await.session());
        let login = ann.login().await.challenge("totp");
        let used = recovery_codes[0].to_uppercase();
        self.note_session(&login.recovery_code(&used).await.session());
        let login = ann.login().await.challenge("totp");
        self.refused(&login.recovery_code(&used).await);
        login.abandon().await.empty(204);
        self.refused(&login.code(&next).await);
        self.codes.extend([wrong_code, code, next]);
    }

    /// Refreshing, introspection, proofs, a new password.
    async fn renew(&mut self, process: &Process, ann: &User, session: &Session) {
        let renewed = session.refresh_as("once").await.session();
        self.note_session(&renewed);
        for again in [session.refresh_as("once").await.session(), session.refresh().await.session()] {
            self.note_session(&again);
        }
        let introspect = renewed.call("POST", "/v1/token/introspect").form(&format!("token={}", renewed.access_token));
        introspect.send().await.ok(200);
        // Candidates, while somebody types.
        let root = process.client().platform_admin().await;
        let policies = format!("/v1/accounts/{}/password-policies", renewed.claims()["account"].as_str().unwrap());
        let policy = root.get(&policies).await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let candidate = "A-Candidate-For-A-Policy-4";
        self.secrets.text("a candidate for a policy", candidate);
        root.post(&format!("{policies}/{policy}/check"), json!({ "password": candidate })).await.ok(200);
        let candidate = "A-Candidate-Of-Ann-5";
        self.secrets.text("a candidate", candidate);
        renewed.post("/v1/me/password/check", json!({ "password": candidate })).await.ok(200);
        let wrong = json!({ "password": "Guess-The-Password-1" });
        self.secrets.text("a wrong proof", "Guess-The-Password-1");
        self.refused(&renewed.reauthenticate(wrong).await);
        let change = json!({ "current_password": "Guess-The-Password-1", "new_password": "A-New-Password-Of-Ann-2" });
        self.secrets.text("a password that was not set", "A-New-Password-Of-Ann-2");
        self.refused(&renewed.post("/v1/me/password", change).await);
        let change = json!({ "current_password": ann.password(), "new_password": OTHER_PASSWORD });
        let reply = renewed.post("/v1/me/password", change).await;
        assert!(reply.status < 300 || reply.status == 401, "{reply:?}");
        if reply.status < 300 {
            ann.remember_password(OTHER_PASSWORD);
        }
        // The first refresh token again, after the next one: the session ends.
        self.note_session(&renewed.refresh().await.session());
        self.refused(&session.refresh().await);
        self.refused(&renewed.refresh().await);
        self.refused(&renewed.me().await);
    }

    /// What administrators are told once.
    async fn administer(&mut self, account: &Account, ann: &User) {
        account.set_mode("disabled").await;
        account.act_on(ann, "require-password-change").await.empty(204);
        let login = ann.login().await.challenge("password_change");
        self.secrets.text("a challenge token", &login.token);
        let (candidate, new) = ("A-Candidate-In-A-Login-6", "A-New-Password-In-A-Login-7");
        self.secrets.text("a candidate in a login", candidate);
        self.secrets.text("a new password in a login", new);
        login.call("POST", "/password/check").json(&json!({ "password": candidate })).send().await.ok(200);
        let session = login.new_password(new).await.session();
        ann.remember_password(new);
        self.note_session(&session);
        let create = || session.call("POST", &account.path("/users")).header("idempotency-key", "once");
        let created = create().json(&json!({ "username": "bob" })).send().await.ok(201);
        let code = text(&created["activation"]["code"]);
        self.secrets.text("an activation code under an idempotency key", &code);
        assert_eq!(create().json(&json!({ "username": "bob" })).send().await.ok(201), created);
        let id = text(&created["user"]["id"]);
        let path = account.path(&format!("/users/{id}/actions/send-activation"));
        let sent = session.call("POST", &path).send().await.ok(200);
        self.secrets.text("an activation code that was sent again", &text(&sent["code"]));
        account.act_on(ann, "reset-two-factor").await.empty(204);
        account.set_mode("all_users").await;
        let login = ann.login().await.challenge("totp_enrollment");
        self.secrets.text("a challenge token", &login.token);
        let payload = login.enrollment().await.ok(200);
        self.secrets.text("a secret that is being enrolled", payload["secret"].as_str().unwrap());
        let secret = BASE32_NOPAD.decode(payload["secret"].as_str().unwrap().as_bytes()).unwrap();
        self.secrets.bytes("a secret that is being enrolled", secret);
    }

    /// Programs and their keys.
    async fn automate(&mut self, process: &Process, account: &Account) {
        let program = account.program("Nightly", &["api_keys", "user_permissions"]).await;
        self.secrets.text("an API key", &program.secret);
        self.secrets.text("an API key without its prefix", &program.secret["lk_key_".len()..]);
        assert!(program.get(&account.path("/users")).await.status < 300);
        let made = program.create(account, json!({ "name": "Made", "permissions": [] })).await.ok(201);
        self.secrets.text("an API key that a program made", &text(&made["secret"]));
        let rotate = program.call("POST", &program.path("/rotate")).header("idempotency-key", "turn");
        let rotated = rotate.json(&json!({})).send().await.ok(200);
        self.secrets.text("an API key that was rotated", &text(&rotated["secret"]));
        self.refused(&program.get("/v1/me").await);
        self.refused(&program.post(&program.path("/rotate"), json!({})).await);
        for typo in program.typos() {
            self.secrets.text("a mistyped API key", &typo);
            self.refused(&process.client().call("GET", "/v1/permissions").bearer(&typo).send().await);
        }
        self.refused(&process.client().call("GET", &format!("/v1/permissions?key={}", program.secret)).send().await);
        program.delete(&program.path("")).await.empty(204);
        self.refused(&program.get(&account.path("/users")).await);
    }

    /// Secrets where none belong.
    async fn misplace(&mut self, process: &Process, account: &Account, ann: &User) {
        let client = process.client();
        let session = account.user_with("misplaces", &["user_permissions", "account_settings"]).await;
        account.set_mode("disabled").await;
        let session = session.sign_in().await;
        self.note_session(&session);
        let stray = "Stray-Secret-In-A-Request-3";
        self.secrets.text("a secret in the wrong place", stray);
        let token = session.access_token.clone();
        let bodies = [
            format!("{{\"account\":\"acme\",\"username\":\"ann\",\"password\":\"{stray}\""),
            format!("{{\"account\":\"acme\",\"username\":\"ann\",\"password\":[\"{stray}\"]}}"),
            format!("{{\"account\":\"{stray}\",\"username\":\"{stray}\",\"password\":\"{stray}\"}}"),
            format!("{{\"account\":\"acme\",\"username\":\"ann\",\"password\":\"{stray}\",\"password\":\"{stray}\"}}"),
            format!("\"{stray}\""),
            stray.to_owned(),
        ];
        for body in bodies {
            let reply = client.call("POST", "/v1/login").bytes(body).send().await;
            self.refused(&reply);
        }
        // An unknown key is named to whoever sent it, and to nobody else.
        let unknown = json!({ "account": "acme", "username": "ann", "password": "x", stray: 1 });
        client.call("POST", "/v1/login").json(&unknown).send().await.problem(400, "malformed_request");
        for request in [
            client.call("GET", &format!("/v1/me?access_token={token}")),
            client.call("GET", &format!("/v1/accounts/{stray}")),
            client.call("GET", &format!("/{stray}")),
            client.call("GET", &format!("/problems/{stray}")),
            client.call("GET", "/v1/me").header("authorization", &format!("Basic {stray}")),
            client.call("GET", "/v1/me").header("authorization", stray),
            client.call("GET", "/v1/me").bearer(stray),
            client.call("GET", "/v1/login/challenge").bearer(&token),
            client.call("GET", "/v1/me").bearer(&session.refresh_token),
            client.call("GET", "/v1/me").bearer(&format!("{token}x")),
            client.call("POST", "/v1/activations").json(&json!({ "code": token, "new_password": stray })),
            client.call("POST", "/v1/token/refresh").json(&json!({ "refresh_token": stray })),
            client.call("POST", "/v1/token/refresh").json(&json!({ "token": stray })),
            session.call("GET", &account.path(&format!("/users?cursor={stray}"))),
            session.call("GET", &account.path(&format!("/users?{stray}=1"))),
            session
                .call("GET", &account.path("/users"))
                .header("accept", stray)
                .header("if-match", stray)
                .bearer(stray),
            session
                .call("PUT", &account.path("/two-factor-policy"))
                .header("if-match", stray)
                .json(&json!({ "mode": "disabled" })),
            session.call("PUT", &account.path("/two-factor-policy")).json(&json!({ "mode": stray })),
        ] {
            let reply = request.send().await;
            self.refused(&reply);
        }
        self.refused(&ann.try_password(&stray.repeat(40)).await);
        session.logout().await.empty(204);
        self.refused(&session.me().await);
    }
}
