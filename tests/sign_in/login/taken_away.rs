//! A login ends when its basis is removed.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Account, Login, OTHER_PASSWORD, Phone, Session, TestApp, User};

/// A login of Ann's at every step, with a phone that has scanned the QR code where there is one.
struct Waiting {
    account: Account,
    enrolling: (User, Login, Phone),
    at_the_code: (User, Login),
    at_the_password: (User, Login),
}

impl Waiting {
    async fn begin(app: &TestApp) -> Self {
        let account = app.account("acme").await;
        account.set_mode("all_users").await;
        let (ann, bob, eve) = (account.user("ann").await, account.user("bob").await, account.user("eve").await);
        let login = ann.login().await.challenge("totp_enrollment");
        let phone = login.phone().await;
        bob.sign_in().await;
        eve.sign_in().await;
        app.wait_for_next_code();
        account.act_on(&eve, "require-password-change").await.empty(204);
        let at_the_code = bob.login().await.challenge("totp");
        let at_the_password = eve.login().await.challenge("totp").code(&eve.phone().code()).await;
        let at_the_password = at_the_password.challenge("password_change");
        Self {
            account,
            enrolling: (ann, login, phone),
            at_the_code: (bob, at_the_code),
            at_the_password: (eve, at_the_password),
        }
    }

    fn users(&self) -> [&User; 3] {
        [&self.enrolling.0, &self.at_the_code.0, &self.at_the_password.0]
    }

    fn logins(&self) -> [&Login; 3] {
        [&self.enrolling.1, &self.at_the_code.1, &self.at_the_password.1]
    }

    /// No login goes on, and none has changed anything.
    async fn are_over(&self) {
        self.enrolling.1.confirm(&self.enrolling.2.code()).await.problem(401, "challenge_invalid");
        self.enrolling.1.enrollment().await.problem(401, "challenge_invalid");
        let code = self.at_the_code.0.phone().code();
        self.at_the_code.1.code(&code).await.problem(401, "challenge_invalid");
        self.at_the_password.1.new_password(OTHER_PASSWORD).await.problem(401, "challenge_invalid");
        for login in self.logins() {
            login.state().await.problem(401, "challenge_invalid");
            login.call("POST", "/session").send().await.problem(401, "challenge_invalid");
            login.abandon().await.problem(401, "challenge_invalid");
        }
        for user in self.users() {
            user.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
        }
    }
}

#[tokio::test]
async fn disabled_in_mid_login() {
    let app = TestApp::start().await;
    let waiting = Waiting::begin(&app).await;
    for user in waiting.users() {
        waiting.account.act_on(user, "disable").await.empty(204);
    }
    waiting.are_over().await;
    // Enabled again, one begins again; what was under way stays over.
    for user in waiting.users() {
        waiting.account.act_on(user, "enable").await.empty(204);
    }
    waiting.are_over().await;
    waiting.enrolling.0.login().await.challenge("totp_enrollment");
    waiting.at_the_code.0.login().await.challenge("totp").code(&waiting.at_the_code.0.phone().code()).await.session();
}

#[tokio::test]
async fn reset_in_mid_login() {
    let app = TestApp::start().await;
    let waiting = Waiting::begin(&app).await;
    for user in waiting.users() {
        waiting.account.act_on(user, "reset-two-factor").await.empty(204);
    }
    waiting.are_over().await;
    // Everybody enrols again, and the old phones are worthless.
    for user in waiting.users() {
        user.login().await.challenge("totp_enrollment");
    }
    let (bob, _) = &waiting.at_the_code;
    let (new_phone, confirmed) = bob.login().await.challenge("totp_enrollment").enroll().await;
    confirmed.result.session();
    app.wait_for_next_code();
    let login = bob.login().await.challenge("totp");
    login.code(&bob.phone().code()).await.problem(401, "invalid_code");
    login.code(&new_phone.code()).await.session();
}

#[tokio::test]
async fn signed_out_everywhere_in_mid_login() {
    let app = TestApp::start().await;
    let waiting = Waiting::begin(&app).await;
    for user in waiting.users() {
        waiting.account.act_on(user, "revoke-sessions").await.empty(204);
    }
    waiting.are_over().await;
}

#[tokio::test]
async fn a_password_set_elsewhere_in_mid_login() {
    let app = TestApp::start().await;
    let waiting = Waiting::begin(&app).await;
    for user in waiting.users() {
        let issued = waiting.account.act_on(user, "send-activation").await.ok(200);
        let third = json!({ "code": issued["code"], "new_password": "seven slow Otters, 3 boats" });
        app.call("POST", "/v1/activations").json(&third).send().await.empty(204);
    }
    waiting.are_over().await;
}

#[tokio::test]
async fn a_password_changed_by_the_user_in_mid_login() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let here: Session = ann.login().await.session();
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    let phone = login.phone().await;
    let change = json!({ "current_password": ann.password(), "new_password": OTHER_PASSWORD });
    here.post("/v1/me/password", change).await.empty(204);
    login.confirm(&phone.code()).await.problem(401, "challenge_invalid");
    here.me().await.ok(200);
    ann.try_password(OTHER_PASSWORD).await.challenge("totp_enrollment");
}

#[tokio::test]
async fn a_disabled_user_is_refused_whatever_stood_open() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.login().await.session();
    account.act_on(&ann, "disable").await.empty(204);
    session.me().await.problem(401, "invalid_token");
    session.refresh().await.problem(401, "invalid_token");
    ann.login().await.problem(401, "invalid_credentials");
    account.act_on(&ann, "enable").await.empty(204);
    app.wait(TimeDelta::seconds(1));
    session.me().await.problem(401, "invalid_token");
    session.refresh().await.problem(401, "invalid_token");
    ann.login().await.session();
}
