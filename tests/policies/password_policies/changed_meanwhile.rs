//! The policy of a user changes while a new password is being checked.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
    mpsc,
};

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{Policies, codes};
use crate::support::{Call, OTHER_PASSWORD, PASSWORD, Reply, TestApp, User, range_service};

/// A service whose look at a new password can be held up: it asks an endpoint, after it has asked the policy and the earlier
/// passwords and before it writes anything.
struct Slow {
    app: TestApp,
    holds: Arc<AtomicBool>,
    looking: UnboundedReceiver<()>,
    go_on: mpsc::Sender<()>,
}

impl Slow {
    async fn start() -> Self {
        let holds = Arc::new(AtomicBool::new(false));
        let (tell, looking) = unbounded_channel();
        let (go_on, wait) = mpsc::channel();
        let (held_up, wait) = (Arc::clone(&holds), Mutex::new(wait));
        let (endpoint, _asked) = range_service(move |_| {
            if held_up.load(Ordering::SeqCst) {
                tell.send(()).unwrap();
                wait.lock().unwrap().recv().unwrap();
            }
            format!("{}:0", "0".repeat(35))
        });
        let app = TestApp::with(|config| {
            config.breach.endpoint = Some(endpoint);
            config.breach.timeout_milliseconds = 10_000;
        })
        .await;
        Self { app, holds, looking, go_on }
    }

    /// Sends `call`, lets `change` happen while the password is being looked at, and gives the reply.
    async fn meanwhile(&mut self, call: Call, change: impl Future<Output = ()>) -> Reply {
        self.holds.store(true, Ordering::SeqCst);
        let call = tokio::spawn(call.send());
        self.looking.recv().await.unwrap();
        change.await;
        self.holds.store(false, Ordering::SeqCst);
        self.go_on.send(()).unwrap();
        call.await.unwrap()
    }
}

#[track_caller]
fn refused(reply: &Reply, expected: &[&str]) {
    assert_eq!(codes(&reply.problem(422, "password_refused")["errors"]), expected);
}

/// A change of one's own password.
async fn change(user: &User, to: &str) -> Call {
    let body = json!({ "current_password": user.password(), "new_password": to });
    user.session().await.call("POST", "/v1/me/password").json(&body)
}

fn strict() -> Value {
    json!({ "strength": "custom", "custom_strength": { "min_length": 12, "min_digits": 5 } })
}

#[tokio::test]
async fn no_way_to_a_new_password_gets_past_rules_that_came_meanwhile() {
    let mut slow = Slow::start().await;
    let policies = Policies::of(&slow.app, "acme").await;
    // While signed in.
    let ann = policies.account.user("ann").await;
    let call = change(&ann, OTHER_PASSWORD).await;
    let reply = slow.meanwhile(call, policies.set_default(strict())).await;
    refused(&reply, &["needs_digit"]);
    ann.login().await.session();
    // With an activation code, which is not used up.
    policies.set_default(json!({})).await;
    let bob = policies.account.invited(json!({ "username": "bob" })).await;
    let activation = json!({ "code": bob.activation_code(), "new_password": PASSWORD });
    let call = slow.app.call("POST", "/v1/activations").json(&activation);
    refused(&slow.meanwhile(call, policies.set_default(strict())).await, &["needs_digit"]);
    policies.set_default(json!({})).await;
    bob.activate(bob.activation_code()).await.empty(204);
    // At the step of a login, which stays where it is.
    policies.account.act_on(&bob, "require-password-change").await.empty(204);
    let login = bob.login().await.challenge("password_change");
    let call = login.call("POST", "/password").json(&json!({ "new_password": OTHER_PASSWORD }));
    refused(&slow.meanwhile(call, policies.set_default(strict())).await, &["needs_digit"]);
    login.state().await.challenge("password_change");
    login.new_password("12345 wooden spoons, stirring").await.session();
}

#[tokio::test]
async fn an_earlier_password_does_not_come_back_past_a_memory_that_grew_meanwhile() {
    let mut slow = Slow::start().await;
    let policies = Policies::of(&slow.app, "acme").await;
    policies.set_default(json!({ "remember_last": 5 })).await;
    let ann = policies.account.user("ann").await;
    change(&ann, OTHER_PASSWORD).await.send().await.empty(204);
    ann.remember_password(OTHER_PASSWORD);
    // The first password is kept until maintenance comes, but is not remembered.
    policies.set_default(json!({ "remember_last": 0 })).await;
    let call = change(&ann, PASSWORD).await;
    let reply = slow.meanwhile(call, policies.set_default(json!({ "remember_last": 5 }))).await;
    refused(&reply, &["reused"]);
    ann.login().await.session();
}

#[tokio::test]
async fn a_policy_that_is_another_one_meanwhile_counts() {
    let mut slow = Slow::start().await;
    let policies = Policies::of(&slow.app, "acme").await;
    let ann = policies.account.user("ann").await;
    let mut draft = strict();
    draft["name"] = json!("Strict");
    let strict = policies.create(draft).await;
    let assign = async { _ = policies.assign(&strict, json!({ "user_ids": [ann.id()] })).await.ok(200) };
    let call = change(&ann, OTHER_PASSWORD).await;
    refused(&slow.meanwhile(call, assign).await, &["needs_digit"]);
    // Deleted, it asks nothing any more.
    let call = change(&ann, "12345 wooden spoons, stirring").await;
    slow.meanwhile(call, async { policies.delete(&strict).await.empty(204) }).await.empty(204);
}

#[tokio::test]
async fn a_name_that_the_user_got_meanwhile_counts() {
    let mut slow = Slow::start().await;
    let policies = Policies::of(&slow.app, "acme").await;
    let ann = policies.account.user("ann").await;
    let path = policies.account.path(&format!("/users/{}", ann.id()));
    let rename = async { _ = policies.root.patch(&path, json!({ "display_name": "Zaphodias" })).await.ok(200) };
    let call = change(&ann, "Zaphodias-7!").await;
    refused(&slow.meanwhile(call, rename).await, &["contains_context_word"]);
}

#[tokio::test]
async fn a_change_that_asks_for_nothing_more_is_no_hindrance() {
    let mut slow = Slow::start().await;
    let policies = Policies::of(&slow.app, "acme").await;
    let ann = policies.account.user("ann").await;
    let call = change(&ann, OTHER_PASSWORD).await;
    let easier = policies.set_default(json!({ "remember_last": 3, "expires_after_days": 90 }));
    slow.meanwhile(call, easier).await.empty(204);
    ann.try_password(OTHER_PASSWORD).await.session();
    // And the password until now has become an earlier one, as the policy of the moment says.
    ann.remember_password(OTHER_PASSWORD);
    refused(&change(&ann, PASSWORD).await.send().await, &["reused"]);
}
