//! An importer who knows a password gains nothing from a code that reaches them in another way.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::{NDJSON, counts, finished, import, users};
use crate::support::{Account, MailServer, PASSWORD, Reply, TestApp, User};

/// Its password is `seven purple herons`, as whoever imports it may know. The mailbox is the importer's.
const WITH_ADDRESS: &str = r#"{"username":"bob","email":"helper@example.com","password_hash":"$2b$04$M9NW5cMCmeL2WuULoU5nkuPUg4D6DROrDyxWsIipCnrxFUsRV6wKS"}
"#;

/// An account of a helper, who makes people and keys, and of somebody who can grant more.
struct Story {
    app: TestApp,
    account: Account,
    helper: User,
    boss: User,
    set: AtomicUsize,
}

impl Story {
    async fn begin(server: Option<&MailServer>) -> Self {
        let url = server.map(MailServer::url);
        let app = TestApp::with(|config| {
            config.mail.from = url.as_ref().map(|_| "id@example.org".to_owned()).unwrap_or_default();
            config.mail.smtp_url = url.map(Into::into);
        })
        .await;
        let account = app.account("acme").await;
        let helper = account.admin(&["user_permissions", "api_keys"]).await;
        let boss = account.admin(&["user_permissions", "api_keys", "password_management"]).await;
        Self { app, account, helper, boss, set: AtomicUsize::new(0) }
    }

    async fn path_of_bob(&self) -> String {
        let found = users(&self.boss, &self.account).await;
        let bob = found.iter().find(|user| user["username"] == "bob").unwrap();
        self.account.path(&format!("/users/{}", bob["id"].as_str().unwrap()))
    }

    async fn grant(&self) -> Reply {
        let path = format!("{}/permissions", self.path_of_bob().await);
        self.boss.put(&path, json!({ "permissions": ["password_management"] })).await
    }

    async fn set_password(&self, ordered: &Value) {
        // Another one each time: the present one is refused.
        let password = format!("{PASSWORD} {}", self.set.fetch_add(1, Ordering::Relaxed));
        let body = json!({ "code": ordered["code"], "new_password": password });
        self.app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    }

    /// Bob is imported by a key of this person.
    async fn imported_by_key_of(&self, person: &User) -> String {
        let draft = json!({ "name": "import", "permissions": ["user_permissions"] });
        let key = person.post(&self.account.path("/api-keys"), draft).await.ok(201);
        let secret = key["secret"].as_str().unwrap().to_owned();
        let import = self.app.call("POST", &self.account.path("/user-imports")).bearer(&secret);
        let import = import.file(NDJSON, WITH_ADDRESS.to_owned()).send().await.ok(202);
        assert_eq!(counts(&finished(&self.boss, &self.account, &import).await), (1, 0, 0));
        secret
    }
}

#[tokio::test]
async fn the_person_who_answers_for_the_key_that_imported_orders_it() {
    let story = Story::begin(None).await;
    let secret = story.imported_by_key_of(&story.helper).await;
    let order = format!("{}/actions/send-activation", story.path_of_bob().await);
    // In person, and by the key.
    story.set_password(&story.helper.act(&order).await.ok(200)).await;
    story.grant().await.problem(409, "conflict");
    story.set_password(&story.app.call("POST", &order).bearer(&secret).send().await.ok(200)).await;
    story.grant().await.problem(409, "conflict");
    // Whoever can grant it anyway may know the password.
    story.set_password(&story.boss.act(&order).await.ok(200)).await;
    story.grant().await.ok(200);
}

#[tokio::test]
async fn who_could_grant_it_in_person_is_not_held_back_by_what_their_key_could() {
    let story = Story::begin(None).await;
    story.imported_by_key_of(&story.boss).await;
    story.grant().await.problem(409, "conflict");
    let order = format!("{}/actions/send-activation", story.path_of_bob().await);
    story.set_password(&story.boss.act(&order).await.ok(200)).await;
    story.grant().await.ok(200);
}

#[tokio::test]
async fn it_is_mailed_to_the_address_that_came_with_the_import_or_that_the_importer_set() {
    let server = MailServer::start();
    let story = Story::begin(Some(&server)).await;
    assert_eq!(counts(&import(&story.helper, &story.account, NDJSON, WITH_ADDRESS).await), (1, 0, 0));
    let bob = story.path_of_bob().await;
    let mail = async || {
        let order = json!({ "send_mail": true });
        story.boss.post(&format!("{bob}/actions/send-activation"), order).await.ok(200)
    };
    story.set_password(&mail().await).await;
    story.grant().await.problem(409, "conflict");
    story.helper.patch(&bob, json!({ "email": "other@example.com" })).await.ok(200);
    story.set_password(&mail().await).await;
    story.grant().await.problem(409, "conflict");
    // To an address that somebody else answers for it is the user's own.
    story.boss.patch(&bob, json!({ "email": "bob@example.com" })).await.ok(200);
    story.set_password(&mail().await).await;
    story.grant().await.ok(200);
}
