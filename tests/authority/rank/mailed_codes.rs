//! A mailed code allows no more than the person who set the address could grant at that time.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::{APPLICATION, OURS, Story};
use crate::{
    jobs::bulk_jobs::{path as job_path, run},
    support::{MailServer, Mood, OTHER_PASSWORD, Reply, TestApp, User, mail_server::until},
};

/// The mailbox of somebody who would like to be somebody else.
const OF_THE_HELPER: &str = "helper@example.com";

impl Story {
    async fn with_mail(server: &MailServer) -> Self {
        let url = server.url();
        let app = TestApp::with(|config| {
            config.mail.smtp_url = Some(url.into());
            config.mail.from = "Latchkey <id@example.org>".to_owned();
            config.mail.timeout_seconds = 2;
        });
        Self::in_app(app.await).await
    }

    /// Sets the address of a user.
    async fn address(&self, by: &User, of: &User, email: &str) {
        by.patch(&self.of(of, ""), json!({ "email": email })).await.ok(200);
    }

    /// Orders a code that is mailed.
    async fn mail_code(&self, by: &User, to: &User) -> Reply {
        by.post(&self.of(to, "/actions/send-activation"), json!({ "send_mail": true })).await
    }

    /// Orders a code that is mailed, and gives it.
    async fn mailed(&self, by: &User, to: &User) -> String {
        self.mail_code(by, to).await.ok(200)["code"].as_str().unwrap().to_owned()
    }

    async fn use_code(&self, code: &str) -> Reply {
        // Another one each time: the present one is refused.
        static USED: AtomicUsize = AtomicUsize::new(0);
        let password = format!("{OTHER_PASSWORD} {}", USED.fetch_add(1, Ordering::Relaxed));
        let body = json!({ "code": code, "new_password": password });
        self.app.call("POST", "/v1/activations").json(&body).send().await
    }

    /// Waits until no mail is under way.
    async fn all_over(&self) {
        let open = "SELECT CAST(count(*) AS TEXT) FROM outbox WHERE send_at IS NOT NULL";
        until(|| self.app.look_into_database(open) == ["0"]).await;
    }
}

/// What whoever ordered a mail reads when the address is not to be trusted.
fn refused(reply: &Reply, permission: &str) {
    let problem = reply.problem(409, "conflict");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.starts_with(&format!("This user holds {permission}, which whoever set the email address")),
        "{detail}"
    );
}

#[tokio::test]
async fn a_helper_who_set_the_address_before_a_promotion_gets_no_code_until_somebody_of_rank_sets_it() {
    let server = MailServer::start();
    let story = Story::with_mail(&server).await;
    let bob = story.account.user("bob").await;
    story.address(&story.helper, &bob, OF_THE_HELPER).await;
    story.grant(&bob, &OURS).await;
    story
        .helper
        .patch(&story.of(&bob, ""), json!({ "email": OF_THE_HELPER }))
        .await
        .problem(403, "permission_required");
    for by in [&story.full, &story.root] {
        refused(&story.mail_code(by, &bob).await, "account_settings");
    }
    let order = json!({ "action": "send_activation", "users": [bob.id()], "send_mail": true });
    let job = run(&story.full, &story.account, order).await;
    let outcomes = story.full.get(&format!("{}/outcomes", job_path(&story.account, &job))).await.ok(200);
    assert_eq!(
        (&outcomes["items"][0]["outcome"], &outcomes["items"][0]["code"]),
        (&json!("failed"), &json!("conflict"))
    );
    assert!(server.letters().is_empty());
    // By hand it goes, and the refusals have left older codes alone.
    let by_hand = story.full.act(&story.of(&bob, "/actions/send-activation")).await.ok(200);
    refused(&story.mail_code(&story.full, &bob).await, "account_settings");
    story.use_code(by_hand["code"].as_str().unwrap()).await.empty(204);

    // Whoever sets the address answers for it, also when it is the same.
    story.address(&story.full, &bob, OF_THE_HELPER).await;
    let code = story.mailed(&story.full, &bob).await;
    assert_eq!(server.wait_for(1).await[0].code(), code);
    story.use_code(&code).await.empty(204);
}

#[tokio::test]
async fn a_code_that_was_mailed_before_a_promotion_opens_nothing_and_that_is_written_down() {
    let server = MailServer::start();
    let story = Story::with_mail(&server).await;
    let bob = story.account.user("bob").await;
    story.address(&story.helper, &bob, OF_THE_HELPER).await;
    let code = story.mailed(&story.full, &bob).await;
    server.wait_for(1).await;
    story.grant(&bob, &["account_settings"]).await;
    let unknown = story.use_code(&format!("lk_act_{}", "A".repeat(43))).await.problem(401, "invalid_code");
    let unknown = unknown.without_instance();
    for _ in 0..3 {
        let reply = story.use_code(&code).await.problem(401, "invalid_code");
        assert_eq!(reply.without_instance(), unknown);
    }
    bob.login().await.session();
    let path = story.account.path("/audit-events?action=activation.refused");
    let events = story.root.get(&path).await.ok(200)["items"].as_array().unwrap().clone();
    let told: Vec<_> =
        events.iter().map(|event| (&event["outcome"], &event["target"]["name"], &event["details"])).collect();
    let expected = |times: u32| json!({ "because_of": "address", "refusals": times });
    let (denied, name) = (json!("denied"), json!("bob"));
    assert_eq!(told, [(&denied, &name, &expected(2)), (&denied, &name, &expected(1))]);
    assert_eq!(events[0]["actor"]["kind"], "anonymous");

    // When it is not above the author of the address any more, it works again.
    story.grant(&bob, &[]).await;
    story.use_code(&code).await.empty(204);
}

#[tokio::test]
async fn a_code_of_an_issuer_who_could_not_hand_it_out_any_more_is_written_down_too() {
    let story = Story::begin().await;
    let bob = story.account.user("bob").await;
    let code = story.helper.act(&story.of(&bob, "/actions/send-activation")).await.ok(200);
    story.grant(&bob, &["account_settings"]).await;
    story.use_code(code["code"].as_str().unwrap()).await.problem(401, "invalid_code");
    let path = story.account.path("/audit-events?action=activation.refused");
    let events = story.root.get(&path).await.ok(200);
    assert_eq!(events["items"][0]["details"], json!({ "because_of": "issuer", "refusals": 1 }));
}

#[tokio::test]
async fn a_mail_that_waits_is_not_sent_when_its_address_is_not_to_be_trusted_any_more() {
    let server = MailServer::start();
    let story = Story::with_mail(&server).await;
    let bob = story.account.user("bob").await;
    story.address(&story.helper, &bob, OF_THE_HELPER).await;
    server.becomes(Mood::Answers("RCPT", "451 later"));
    story.mailed(&story.full, &bob).await;
    server.wait_to_hear("RCPT", 1).await;
    story.grant(&bob, &["account_settings"]).await;
    server.becomes(Mood::Takes);
    story.app.wait(chrono::TimeDelta::seconds(61));
    story.all_over().await;
    assert!(server.letters().is_empty());
}

/// What becomes of whoever set an address.
#[derive(Clone, Copy, Debug)]
enum Becomes {
    Demoted,
    Disabled,
    Deleted,
}

#[tokio::test]
async fn an_address_is_worth_what_its_author_could_grant_now_and_customers_are_served_all_the_same() {
    let server = MailServer::start();
    let story = Story::with_mail(&server).await;
    for what in [Becomes::Demoted, Becomes::Disabled, Becomes::Deleted] {
        let author = story.account.user_with(&format!("author {what:?}"), &OURS).await;
        let bob = story.account.user_with(&format!("bob {what:?}"), &["audit_read"]).await;
        let customer = story.account.user_with(&format!("customer {what:?}"), &[APPLICATION]).await;
        let nobody = story.account.user(&format!("nobody {what:?}")).await;
        let mut codes = Vec::new();
        for user in [&bob, &customer, &nobody] {
            story.address(&author, user, &format!("{what:?}-{}@example.com", codes.len())).await;
            codes.push(story.mailed(&story.full, user).await);
        }
        match what {
            Becomes::Demoted => story.grant(&author, &["user_permissions"]).await,
            Becomes::Disabled => story.account.act_on(&author, "disable").await.empty(204),
            Becomes::Deleted => story.root.delete(&story.of(&author, "")).await.empty(204),
        }
        story.use_code(&codes[0]).await.problem(401, "invalid_code");
        refused(&story.mail_code(&story.full, &bob).await, "audit_read");
        story.use_code(&codes[1]).await.empty(204);
        story.use_code(&codes[2]).await.empty(204);
        story.use_code(&story.mailed(&story.helper, &customer).await).await.empty(204);
    }
}

#[tokio::test]
async fn one_s_own_address_and_one_that_the_platform_set_are_trusted() {
    let server = MailServer::start();
    let story = Story::with_mail(&server).await;
    let bob = story.account.user_with("bob", &["user_permissions", "account_settings"]).await;
    story.address(&bob, &bob, "bob@example.com").await;
    story.grant(&bob, &["account_settings", "audit_read"]).await;
    story.use_code(&story.mailed(&story.full, &bob).await).await.empty(204);

    let ann = story.account.user_with("ann", &OURS).await;
    story.address(&story.root, &ann, "ann@example.com").await;
    story.use_code(&story.mailed(&story.full, &ann).await).await.empty(204);
}

#[tokio::test]
async fn an_address_set_by_a_program_is_worth_what_its_key_could_grant() {
    let server = MailServer::start();
    let story = Story::with_mail(&server).await;
    let bob = story.account.user("bob").await;
    let draft = |name: &str, permissions: &[&str]| json!({ "name": name, "permissions": permissions });
    let weak = story.account.program_of(&story.full, draft("weak", &["user_permissions"])).await;
    let strong = story.account.program_of(&story.full, draft("strong", &OURS)).await;
    let set = |by: &crate::support::Program, email: &str| {
        by.call("PATCH", &story.of(&bob, "")).json(&json!({ "email": email })).send()
    };
    set(&weak, "weak@example.com").await.ok(200);
    story.grant(&bob, &["account_settings"]).await;
    refused(&story.mail_code(&story.full, &bob).await, "account_settings");
    set(&weak, "weak@example.com").await.problem(403, "permission_required");
    set(&strong, "weak@example.com").await.ok(200);
    let code = story.mailed(&story.full, &bob).await;
    story.full.delete(&strong.path("")).await.empty(204);
    story.use_code(&code).await.problem(401, "invalid_code");
    refused(&story.mail_code(&story.full, &bob).await, "account_settings");
}

#[tokio::test]
async fn an_address_that_was_imported_is_worth_what_its_importer_could_grant() {
    let server = MailServer::start();
    let story = Story::with_mail(&server).await;
    let file = format!("{}\n", json!({ "username": "bob", "email": OF_THE_HELPER }));
    let path = story.account.path("/user-imports");
    let session = story.helper.session().await;
    let sent = session.call("POST", &path).file("application/x-ndjson", file).send().await.ok(202);
    let import = format!("{path}/{}", sent["id"].as_str().unwrap());
    let imported = "SELECT username FROM users WHERE username = 'bob'";
    until(|| story.app.look_into_database(imported) == ["bob"]).await;
    story.helper.get(&import).await.ok(200);
    let found = story.full.get(&story.account.path("/users?q=bob")).await.ok(200);
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    let bob = User::created(story.app.client(), "acme", "bob", &id, "");
    story.use_code(&story.mailed(&story.full, &bob).await).await.empty(204);
    story.grant(&bob, &["account_settings"]).await;
    refused(&story.mail_code(&story.full, &bob).await, "account_settings");
}

#[tokio::test]
async fn of_an_address_from_before_nobody_answers_and_customers_are_served_all_the_same() {
    let server = MailServer::start();
    let story = Story::with_mail(&server).await;
    let (bob, customer) = (story.account.user("bob").await, story.account.user_with("customer", &[APPLICATION]).await);
    for user in [&bob, &customer] {
        story.address(&story.full, user, &format!("{}@example.com", user.username())).await;
    }
    story.grant(&bob, &["audit_read"]).await;
    // As the migration leaves it.
    story.app.tamper_with_database("DELETE FROM address_authors");
    refused(&story.mail_code(&story.full, &bob).await, "audit_read");
    story.use_code(&story.mailed(&story.helper, &customer).await).await.empty(204);
    story.address(&story.full, &bob, "bob@example.com").await;
    story.use_code(&story.mailed(&story.full, &bob).await).await.empty(204);
}

#[tokio::test]
async fn that_somebody_answers_for_the_same_address_leaves_an_event_once() {
    let story = Story::begin().await;
    let bob = story.account.user("bob").await;
    story.address(&story.helper, &bob, "bob@example.com").await;
    for by in [&story.helper, &story.full, &story.full] {
        story.address(by, &bob, "bob@example.com").await;
        by.patch(&story.of(&bob, ""), json!({ "username": "bob" })).await.ok(200);
    }
    let events = story.root.get(&story.account.path("/audit-events?action=user.updated")).await.ok(200);
    let told: Vec<_> =
        events["items"].as_array().unwrap().iter().map(|it| (&it["actor"]["name"], &it["details"])).collect();
    let (affirmed, changed) = (json!({ "email_affirmed": true }), json!({ "changed": ["email"] }));
    assert_eq!(told, [(&json!("full"), &affirmed), (&json!("helper"), &changed)]);
}
