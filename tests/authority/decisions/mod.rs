//! Decisions are consistent: nobody succeeds through a mixture of two states, both of which reject.
//!
//! A caller who must be rejected tries again and again, and each time an administrator changes something before another
//! one of the statements that answer the try. On SQLite, which allows one writer at a time, they interleave freely.

mod activation_code;
mod guards;
mod new_password;
mod password_change;
mod second_factor;
mod status;
mod step_up;

use std::time::Duration;

use api::config::Config;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};

use crate::support::{Account, Client, Gate, Node, Reply, TestApp, User};

/// More statements than any try takes, and no more than any: who is refused early is answered with two.
const MOST_STATEMENTS: usize = 400;
const FEWEST_STATEMENTS: usize = 2;

/// How often they meet as they like.
const MEETINGS: usize = 6;

/// Who waits for a lock at so many looks behind each other, a tenth of a second apart, waits for somebody who holds it longer.
const LOOKS: u32 = 5;

/// Before so many statements behind each other a change has to be kept out: then it is kept out of the rest of the try too.
const KEPT_OUT: u32 = 3;

/// Where the next change happens, and before how many statements behind each other it was kept out.
#[derive(Clone, Copy, Default)]
struct Place {
    passing: usize,
    kept_out: u32,
}

/// A service, and the node of it that is asked by who is to be refused.
struct Stage {
    app: TestApp,
    account: Account,
    root: User,
    behind: Option<(Node, Gate)>,
}

impl Stage {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let app = TestApp::with(|config| {
            // The tries are many, and whether they are slowed down is not asked here.
            for patience in
                [&mut config.throttle.password_of_user, &mut config.throttle.code_of_user, &mut config.throttle.work]
            {
                patience.free = Some(100_000);
            }
            change(config);
        })
        .await;
        let (account, root) = (app.account("acme").await, app.platform_admin().await);
        let behind = app.node_behind_a_gate().await;
        Self { app, account, root, behind }
    }

    /// Where those are asked who are to be refused.
    fn client(&self) -> &Client {
        self.behind.as_ref().map_or_else(|| self.app.client(), |(node, _)| node.client())
    }

    /// Tries to sign in with the password of `user` and nothing else.
    fn sign_in(&self, user: &User) -> impl Fn() -> BoxFuture<'static, Reply> + use<> {
        let client = self.client().clone();
        let body = json!({ "account": self.account.slug, "username": user.username(), "password": user.password() });
        move || client.call("POST", "/v1/login").json(&body).send().boxed()
    }

    /// Sends this again and again, to the node behind the gate: with a credential and a body, or with an empty one.
    fn send(&self, path: &str, token: &str, body: Value) -> impl Fn() -> BoxFuture<'static, Reply> + use<> {
        let (client, path, token) = (self.client().clone(), path.to_owned(), token.to_owned());
        move || {
            let call = client.call("POST", &path);
            let call = if token.is_empty() { call } else { call.bearer(&token) };
            let call = if body.is_null() { call } else { call.json(&body) };
            call.send().boxed()
        }
    }

    /// Ann, who has a phone, and whom the policy asks for it.
    async fn ann_with_a_phone(&self) -> User {
        let ann = self.account.user("ann").await;
        self.account.set_mode("all_users").await;
        ann.sign_in().await;
        ann
    }

    /// Makes the default password policy say this.
    async fn set_default(&self, policy: &Value) {
        let all = self.root.get(&self.account.path("/password-policies")).await.ok(200);
        let is_default = |policy: &&Value| policy["is_default"] == true;
        let default = all["items"].as_array().unwrap().iter().find(is_default).unwrap();
        let mut policy = policy.clone();
        policy["name"] = default["name"].clone();
        self.put(&format!("/password-policies/{}", default["id"].as_str().unwrap()), policy).await;
    }

    /// What the administrator of the platform does in the account.
    async fn put(&self, below: &str, body: Value) {
        self.root.put(&self.account.path(below), body).await.ok(200);
    }

    /// What the administrator of the platform does to the account or to somebody.
    async fn act(&self, below: &str) {
        let reply = self.root.act(&self.account.path(below)).await;
        assert!(reply.status < 300, "{below}: {}", reply.status);
    }

    /// Adds something to the account; its id.
    async fn add(&self, below: &str, body: Value) -> String {
        self.root.post(&self.account.path(below), body).await.ok(201)["id"].as_str().unwrap().to_owned()
    }

    /// Lets somebody try who gets in neither before `there` nor after it, once for each of the statements that answer, with
    /// `there` before it; and the same with `back` and back.
    async fn never<T, F, B>(&self, try_it: impl Fn() -> T, there: impl Fn() -> F, back: impl Fn() -> B)
    where
        T: Future<Output = Reply> + Send + 'static,
        F: Future<Output = ()>,
        B: Future<Output = ()>,
    {
        let mut places = [Some(Place::default()), Some(Place::default())];
        let mut most = 0;
        // Once in each direction, over and over: what one try has seen changed is changed back for the next.
        while places.iter().any(Option::is_some) {
            most = places.iter().flatten().map(|place| place.passing).max().unwrap_or(0);
            let [forth, home] = places;
            let forth = self.once(forth, &try_it, there()).await;
            let home = self.once(home, &try_it, back()).await;
            places = [forth, home];
        }
        refused(&try_it().await, "at last");
        assert!(most >= FEWEST_STATEMENTS, "the tries were answered with {most} statements: did they pass the gate?");
    }

    /// One try, and `change` before one of its statements; where the next is to happen.
    async fn once<T>(
        &self,
        place: Option<Place>,
        try_it: &impl Fn() -> T,
        change: impl Future<Output = ()>,
    ) -> Option<Place>
    where
        T: Future<Output = Reply> + Send + 'static,
    {
        let Some(Place { passing, kept_out }) = place else {
            change.await;
            return None;
        };
        let next = |kept_out| (passing < MOST_STATEMENTS).then_some(Place { passing: passing + 1, kept_out });
        let Some((_, gate)) = &self.behind else {
            let (reply, ()) = tokio::join!(try_it(), change);
            refused(&reply, "beside a change");
            return next(0).filter(|place| place.passing < MEETINGS);
        };
        let mut closed = gate.close_after(passing);
        let mut trying = tokio::spawn(try_it());
        let reply = tokio::select! {
            told = &mut closed => {
                told.unwrap();
                None
            }
            reply = &mut trying => Some(reply.unwrap()),
        };
        if let Some(reply) = reply {
            gate.open();
            refused(&reply, "before a change");
            change.await;
            return None;
        }
        tokio::pin!(change);
        let is_kept_out = tokio::select! {
            () = &mut change => false,
            () = self.somebody_waits() => true,
        };
        gate.open();
        let reply = trying.await.unwrap();
        if is_kept_out {
            change.await;
        }
        refused(&reply, &format!("with a change before statement {}", passing + 1));
        next(if is_kept_out { kept_out + 1 } else { 0 }).filter(|place| place.kept_out < KEPT_OUT)
    }

    /// Waits until somebody waits for a lock, and goes on to do so.
    async fn somebody_waits(&self) {
        let waiting = "SELECT 'waits' FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let mut seen = 0;
        while seen < LOOKS {
            tokio::time::sleep(Duration::from_millis(100)).await;
            seen = if self.app.look_into_database(waiting).is_empty() { 0 } else { seen + 1 };
        }
    }
}

/// Nobody was let in, and nothing was done: whatever else the reply says.
#[track_caller]
fn refused(reply: &Reply, when: &str) {
    let body = String::from_utf8_lossy(&reply.body);
    let is_challenge = reply.status == 200 && body.contains("\"challenge_token\"");
    let is_refused = matches!(reply.status, 401 | 403 | 404 | 409 | 422 | 503);
    assert!(is_challenge || is_refused, "somebody got by {when}: {} {body}", reply.status);
}
