//! No API key creates one that may do more than itself, so nobody who has stolen a limited key can lift its limits.

use chrono::TimeDelta;
use kernel::Time;
use serde_json::{Value, json};

use super::{look_at, users};
use crate::support::{Account, Program, Reply, TestApp, User};

/// The networks of the limited key, and an address in them.
const OWN: &str = "203.0.113.0/24";
const HERE: &str = "203.0.113.1";
const ELSEWHERE: &str = "192.0.2.1";

/// An administrator, and a key of theirs that is limited to a network and to an hour.
struct Story {
    app: TestApp,
    account: Account,
    ann: User,
    limited: Program,
    end: Time,
}

impl Story {
    async fn begin() -> Self {
        let app = TestApp::with(|config| config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).await;
        let account = app.account("acme").await;
        let ann = account.admin(&["api_keys", "user_permissions"]).await;
        let end = app.now() + TimeDelta::hours(1);
        let limited = json!({ "name": "limited", "permissions": ["api_keys"], "networks": [OWN], "expires_at": end });
        let limited = account.program_of(&ann, limited).await;
        Self { app, account, ann, limited, end }
    }

    /// What a key of this name is to be, limited as the limited one.
    fn draft(&self, name: &str) -> Value {
        json!({ "name": name, "permissions": ["api_keys"], "networks": [OWN], "expires_at": self.end })
    }

    fn unlimited(name: &str) -> Value {
        json!({ "name": name, "permissions": ["api_keys"] })
    }

    /// What the same key would be if one of the three things that it may became more, or all.
    fn wider(&self, name: &str) -> Vec<Value> {
        let changed = |member: &str, value: Value| {
            let mut draft = self.draft(name);
            draft[member] = value;
            draft
        };
        vec![
            Self::unlimited(name),
            changed("networks", json!([])),
            changed("networks", json!([OWN, ELSEWHERE])),
            changed("networks", json!(["203.0.112.0/23"])),
            changed("networks", json!(["0.0.0.0/0"])),
            changed("networks", json!([OWN, "::/0"])),
            changed("networks", json!([OWN, "::/96"])),
            changed("networks", json!(["64:ff9b::/96"])),
            changed("expires_at", json!(null)),
            changed("expires_at", json!(self.end + TimeDelta::microseconds(1))),
        ]
    }

    /// What the limited key makes, of this name and with its limits.
    async fn made(&self, name: &str) -> Program {
        let made = here(&self.limited, "POST", &self.account.path("/api-keys"), self.draft(name)).await;
        self.limited.with_body(made.ok(201))
    }

    /// Nobody has lifted the limits of the limited key.
    async fn is_as_limited_as_before(&self) {
        let seen = look_at(&self.ann, &self.limited).await;
        assert_eq!((&seen["networks"], &seen["permissions"]), (&json!([OWN]), &json!(["api_keys"])));
        from(ELSEWHERE, &self.limited, &self.account).await.problem(401, "invalid_token");
        from(HERE, &self.limited, &self.account).await.ok(200);
        self.app.wait(TimeDelta::hours(1));
        from(HERE, &self.limited, &self.account).await.problem(401, "invalid_token");
    }
}

async fn from(address: &str, program: &Program, account: &Account) -> Reply {
    program.call("GET", &account.path("/api-keys")).header("x-forwarded-for", address).send().await
}

async fn here(by: &Program, method: &str, path: &str, body: Value) -> Reply {
    by.call(method, path).header("x-forwarded-for", HERE).json(&body).send().await
}

#[tokio::test]
async fn a_key_makes_none_that_calls_from_elsewhere_or_ends_later() {
    let story = Story::begin().await;
    let keys = story.account.path("/api-keys");
    for wider in story.wider("made") {
        let problem = here(&story.limited, "POST", &keys, wider.clone()).await.problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("or let a person do this"), "{wider}: {problem:?}");
    }
    // Addresses of IPv4 that are written as IPv6 are none.
    let mut disguised = story.draft("made");
    disguised["networks"] = json!(["::ffff:0:0/96"]);
    here(&story.limited, "POST", &keys, disguised).await.problem(422, "validation_failed");
    let mut more = story.draft("made");
    more["permissions"] = json!(["api_keys", "user_permissions"]);
    here(&story.limited, "POST", &keys, more).await.problem(403, "permission_required");

    let mut narrower = story.draft("narrower");
    narrower["networks"] = json!(["203.0.113.0/25", "203.0.113.200"]);
    narrower["expires_at"] = json!(story.end - TimeDelta::minutes(1));
    narrower["permissions"] = json!([]);
    here(&story.limited, "POST", &keys, narrower).await.ok(201);
    from(HERE, &story.made("the same").await, &story.account).await.ok(200);
    // Whom nothing limits makes what they like.
    story.ann.post(&keys, Story::unlimited("of a person")).await.ok(201);
    let free = story.account.program_of(&story.ann, Story::unlimited("free")).await;
    free.create(&story.account, Story::unlimited("of a program")).await.ok(201);
}

#[tokio::test]
async fn what_a_key_made_does_not_lift_the_limits_of_its_maker() {
    let story = Story::begin().await;
    let made = story.made("made").await;
    for wider in story.wider("limited") {
        here(&made, "PUT", &story.limited.path(""), wider).await.problem(409, "conflict");
    }
    here(&made, "POST", &story.limited.path("/rotate"), json!({})).await.problem(409, "conflict");
    here(&made, "PUT", &story.limited.path(""), story.draft("renamed")).await.ok(200);
    story.is_as_limited_as_before().await;
}

#[tokio::test]
async fn what_a_key_made_cannot_put_another_in_the_place_of_its_maker() {
    let story = Story::begin().await;
    let made = story.made("made").await;
    here(&made, "DELETE", &story.limited.path(""), json!({})).await.empty(204);
    let keys = story.account.path("/api-keys");
    here(&made, "POST", &keys, story.draft("limited")).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn nor_does_the_secret_of_another_key_that_it_rotated() {
    let story = Story::begin().await;
    let other = story.account.program_of(&story.ann, Story::unlimited("other")).await;
    let rotated = here(&story.limited, "POST", &other.path("/rotate"), json!({})).await.ok(200);
    let rotated = other.with_body(rotated);
    for wider in story.wider("limited") {
        here(&rotated, "PUT", &story.limited.path(""), wider).await.problem(409, "conflict");
    }
    here(&rotated, "POST", &story.limited.path("/rotate"), json!({})).await.problem(409, "conflict");
    here(&rotated, "POST", &story.account.path("/api-keys"), story.draft("made")).await.problem(409, "conflict");
    // What is known of the other key is used from nowhere else than the key that learned it, and no longer.
    from(HERE, &rotated, &story.account).await.ok(200);
    from(ELSEWHERE, &rotated, &story.account).await.problem(401, "invalid_token");
    // To rotate itself once more makes it no wider.
    let again = rotated.with_body(here(&rotated, "POST", &rotated.path("/rotate"), json!({})).await.ok(200));
    from(ELSEWHERE, &again, &story.account).await.problem(401, "invalid_token");
    here(&again, "PUT", &story.limited.path(""), Story::unlimited("limited")).await.problem(409, "conflict");
    story.is_as_limited_as_before().await;
    for program in [&rotated, &again] {
        from(HERE, program, &story.account).await.problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn siblings_lift_each_other_s_limits_no_further_than_their_own() {
    let story = Story::begin().await;
    let (one, two) = (story.made("one").await, story.made("two").await);
    for wider in story.wider("two") {
        here(&one, "PUT", &two.path(""), wider).await.problem(409, "conflict");
    }
    let mut narrower = story.draft("two");
    narrower["networks"] = json!(["203.0.113.0/25"]);
    narrower["expires_at"] = json!(story.end - TimeDelta::minutes(1));
    here(&one, "PUT", &two.path(""), narrower.clone()).await.ok(200);
    // Its own limits count, not those of who made both.
    here(&two, "PUT", &one.path(""), narrower).await.problem(409, "conflict");
    let mut renamed = story.draft("one");
    renamed["name"] = json!("renamed");
    here(&two, "PUT", &one.path(""), renamed).await.ok(200);
    here(&one, "PUT", &two.path(""), story.draft("two")).await.ok(200);
    // And those of who made it, when a person has lifted its own.
    story.ann.put(&one.path(""), Story::unlimited("one")).await.ok(200);
    for wider in story.wider("two") {
        here(&one, "PUT", &two.path(""), wider).await.problem(409, "conflict");
    }
}

#[tokio::test]
async fn a_limited_key_gives_nothing_to_one_that_may_more_and_takes_what_it_likes() {
    let story = Story::begin().await;
    let draft = |name: &str, permissions: Value| json!({ "name": name, "permissions": permissions });
    let other = story.account.program_of(&story.ann, draft("other", json!([]))).await;
    let put = async |draft: Value| here(&story.limited, "PUT", &other.path(""), draft).await;
    // A permission more is one that works from everywhere.
    put(draft("other", json!(["api_keys"]))).await.problem(409, "conflict");
    assert_eq!(look_at(&story.ann, &other).await["permissions"], json!([]));
    put(draft("renamed", json!([]))).await.ok(200);
    let mut narrower = draft("renamed", json!([]));
    narrower["networks"] = json!(["198.51.100.0/24"]);
    put(narrower.clone()).await.ok(200);
    // What was taken does not come back by the same way.
    put(draft("renamed", json!([]))).await.problem(409, "conflict");
    narrower["networks"] = json!([OWN]);
    put(narrower.clone()).await.problem(409, "conflict");
    narrower["expires_at"] = json!(story.end);
    put(narrower.clone()).await.ok(200);
    narrower["permissions"] = json!(["api_keys"]);
    put(narrower).await.ok(200);
}

#[tokio::test]
async fn a_person_lifts_the_limits_of_a_key() {
    let story = Story::begin().await;
    story.ann.put(&story.limited.path(""), Story::unlimited("limited")).await.ok(200);
    story.app.wait(TimeDelta::hours(2));
    from(ELSEWHERE, &story.limited, &story.account).await.ok(200);
}

#[tokio::test]
async fn a_key_of_the_platform_lifts_no_limits_in_an_account_beyond_its_own() {
    let story = Story::begin().await;
    let root = story.app.platform_admin().await;
    let platform = root.get("/v1/me").await.ok(200)["user"]["account_id"].as_str().unwrap().to_owned();
    let mut draft = story.draft("of the platform");
    draft["permissions"] = json!(["platform_administration"]);
    let created = root.post(&format!("/v1/accounts/{platform}/api-keys"), draft).await.ok(201);
    let program = Program::new(story.app.client(), &platform, created);
    let get = program.call("GET", &users(&story.account)).header("x-forwarded-for", HERE);
    get.send().await.ok(200);
    for wider in story.wider("limited") {
        here(&program, "PUT", &story.limited.path(""), wider).await.problem(409, "conflict");
    }
    here(&program, "POST", &story.account.path("/api-keys"), Story::unlimited("x")).await.problem(409, "conflict");
    story.is_as_limited_as_before().await;
}
