//! Kills the process under load: what was acknowledged stays, and nothing is half done.
//!
//! The system keeps running here and writes what the process has handed over; `power_cut` tests a loss of power.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use kernel::{OsRandom, Random};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Account, Home, Login, PASSWORD, Process, Session, User, all_pages};

const ROUNDS: usize = 5;

/// What the service has acknowledged since it was started.
#[derive(Default)]
struct Acknowledged {
    /// The names and activation codes of new users.
    users: Vec<(String, String)>,
    /// Codes of six digits that were accepted.
    codes: Vec<(User, String)>,
    /// Sessions that have ended.
    logouts: Vec<Session>,
    /// The policy at the beginning and those that were asked for, of which all but perhaps the last were acknowledged.
    policies: Vec<Value>,
    /// The sessions that one refresh token after the other has led to.
    refreshed: Vec<Session>,
}

impl Acknowledged {
    /// Whether there is something of every kind to look for.
    fn has_all_kinds(&self) -> bool {
        let Self { users, codes, logouts, policies, refreshed } = self;
        // There is a policy and a session at the beginning, and of the policies the last one is only asked for.
        !users.is_empty() && !codes.is_empty() && !logouts.is_empty() && policies.len() > 2 && refreshed.len() > 1
    }
}

type Log = Arc<Mutex<Acknowledged>>;

/// The accounts on which the load falls.
struct Stage {
    /// Where users are created.
    created: Account,
    admin: User,
    /// Whose sessions end.
    leaver: User,
    /// Where everybody is asked for a code.
    asked: Account,
    /// Whose policy is switched; thirty users.
    switched: Account,
    listed: Vec<String>,
    switcher: User,
}

impl Stage {
    async fn set(process: &Process) -> Self {
        let created = process.account("created").await;
        let asked = process.account("asked").await;
        asked.set_mode("all_users").await;
        let switched = process.account("switched").await;
        let mut listed = Vec::new();
        for number in 0..30 {
            let user = switched.invited(json!({ "username": format!("user {number}") })).await;
            listed.push(user.id().to_owned());
        }
        listed.sort();
        let admin = created.user_with("admin", &["user_permissions", "account_settings", "audit_read"]).await;
        let leaver = created.user("leaver").await;
        let switcher = switched.user_with("switcher", &["account_settings"]).await;
        Self { created, admin, leaver, asked, switched, listed, switcher }
    }

    /// The two policies between which the load switches.
    fn policies(&self) -> [Value; 2] {
        [
            json!({ "mode": "selected_users", "user_ids": self.listed[..20] }),
            json!({ "mode": "all_users_except", "user_ids": self.listed[10..] }),
        ]
    }
}

/// Begins all kinds of changes, which go on until the service is gone.
async fn load(stage: &Stage, round: usize, log: &Log) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let admin = stage.admin.session().await;
    for lane in 0..4 {
        tasks.spawn(create_users(
            admin.clone(),
            stage.created.path("/users"),
            format!("{round}-{lane}"),
            Arc::clone(log),
        ));
    }
    let mut sessions = Vec::new();
    for _ in 0..6 {
        sessions.push(stage.leaver.sign_in().await);
    }
    let first = sessions.pop().unwrap();
    log.lock().unwrap().refreshed.push(first.clone());
    for number in 0..4 {
        let user = stage.asked.user(&format!("user {round}-{number}")).await;
        user.sign_in().await;
        let login = user.login().await.challenge("totp");
        tasks.spawn(type_code(user, login, number, Arc::clone(log)));
    }
    tasks.spawn(log_out(sessions, Arc::clone(log)));
    tasks.spawn(refresh(first, Arc::clone(log)));
    let switcher = stage.switcher.session().await;
    // As it is now: what is asked for next may be lost.
    let policy = switcher.get(&stage.switched.path("/two-factor-policy")).await.ok(200);
    log.lock().unwrap().policies.push(policy);
    tasks.spawn(switch(switcher, stage.switched.path("/two-factor-policy"), stage.policies(), Arc::clone(log)));
    tasks
}

async fn create_users(by: Session, path: String, prefix: String, log: Log) {
    for number in 0.. {
        let name = format!("new {prefix}-{number}");
        let body = json!({ "username": name, "permissions": ["account_settings", "user_permissions"] });
        let Ok(reply) = by.call("POST", &path).json(&body).try_send().await else { return };
        let code = reply.ok(201)["activation"]["code"].as_str().unwrap().to_owned();
        log.lock().unwrap().users.push((name, code));
    }
}

async fn type_code(user: User, login: Login, number: u32, log: Log) {
    tokio::time::sleep(Duration::from_millis(150) * number).await;
    let code = user.phone().fresh_code();
    if let Ok(reply) = login.call("POST", "/totp").json(&json!({ "code": code })).try_send().await {
        reply.session();
        log.lock().unwrap().codes.push((user, code));
    }
}

async fn log_out(sessions: Vec<Session>, log: Log) {
    for session in sessions {
        tokio::time::sleep(Duration::from_millis(80)).await;
        let Ok(reply) = session.call("POST", "/v1/logout").try_send().await else { return };
        reply.empty(204);
        log.lock().unwrap().logouts.push(session);
    }
}

async fn refresh(mut session: Session, log: Log) {
    loop {
        let body = json!({ "refresh_token": session.refresh_token });
        let Ok(reply) = session.call("POST", "/v1/token/refresh").json(&body).try_send().await else { return };
        session = reply.session();
        log.lock().unwrap().refreshed.push(session.clone());
        // Who refreshes more than 100 times in a row has to wait.
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

async fn switch(by: Session, path: String, policies: [Value; 2], log: Log) {
    for policy in policies.iter().cycle() {
        log.lock().unwrap().policies.push(policy.clone());
        let Ok(reply) = by.call("PUT", &path).json(policy).try_send().await else { return };
        assert_eq!(reply.ok(200)["user_ids"], policy["user_ids"]);
    }
}

#[tokio::test]
async fn acknowledged_changes_outlive_the_process_and_nothing_is_half_done() {
    let mut home = Home::new();
    let mut process = home.serve();
    home.keep_address_of(&process);
    let stage = Stage::set(&process).await;
    let mut counts = BTreeMap::new();
    for round in 0..ROUNDS {
        let log = Log::default();
        let mut tasks = load(&stage, round, &log).await;
        let since = Instant::now();
        while round == 0 && !log.lock().unwrap().has_all_kinds() {
            assert!(since.elapsed() < Duration::from_secs(60), "not every kind of change is acknowledged");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let [random] = OsRandom.bytes();
        tokio::time::sleep(Duration::from_millis(100 + 3 * u64::from(random))).await;
        process.kill();
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
        process = home.serve();
        let acknowledged = std::mem::take(&mut *log.lock().unwrap());
        for (what, count) in [
            ("users", acknowledged.users.len()),
            ("codes", acknowledged.codes.len()),
            ("logouts", acknowledged.logouts.len()),
            ("policies", acknowledged.policies.len().saturating_sub(2)),
            ("refreshed", acknowledged.refreshed.len() - 1),
        ] {
            *counts.entry(what).or_insert(0) += count;
        }
        check(&process, &stage, acknowledged).await;
    }
    println!("acknowledged before the process was killed: {counts:?}");
    assert!(counts.values().all(|count| *count > 0), "every kind of change was under way: {counts:?}");
}

async fn check(process: &Process, stage: &Stage, acknowledged: Acknowledged) {
    process.client().call("GET", "/readyz").send().await.ok(200);
    let Acknowledged { users, codes, logouts, policies, refreshed } = acknowledged;

    // First of all, while these codes would still be right.
    for (user, code) in codes {
        let login = user.login().await.challenge("totp");
        login.code(&code).await.problem(401, "invalid_code");
    }
    for session in logouts {
        session.me().await.problem(401, "invalid_token");
        session.refresh().await.problem(401, "invalid_token");
    }
    // The newest token may have been used by the request that got no reply; those before it were, for certain.
    let newest = refreshed.last().unwrap().refresh().await;
    assert!(matches!(newest.status, 200 | 401), "{newest:?}");
    if let [.., used, _] = &refreshed[..] {
        used.refresh().await.problem(401, "invalid_token");
    }

    let all = all_pages(&stage.admin, &stage.created.path("/users"), 100).await;
    for user in all.iter().filter(|user| user["username"].as_str().unwrap().starts_with("new ")) {
        assert_eq!(user["permissions"], json!(["account_settings", "user_permissions"]), "half a user: {user}");
    }
    for (name, _) in &users {
        assert!(all.iter().any(|user| user["username"] == **name), "{name} is gone");
    }
    // A user is there if and only if it is written down that somebody created it.
    let written = all_pages(&stage.admin, &stage.created.path("/audit-events"), 100).await;
    let written =
        written.iter().filter(|event| event["action"] == "user.created").map(|event| &event["target"]["name"]);
    let (mut written, mut there): (Vec<_>, Vec<_>) =
        (written.map(Value::to_string).collect(), all.iter().map(|user| user["username"].to_string()).collect());
    written.sort();
    there.sort();
    assert_eq!(written, there);
    let chain = stage.admin.get(&stage.created.path("/audit-events/verify")).await.ok(200);
    assert_eq!(chain["is_intact"], true, "{chain}");
    if let Some((name, code)) = users.last() {
        let activate = json!({ "code": code, "new_password": PASSWORD });
        process.client().call("POST", "/v1/activations").json(&activate).send().await.empty(204);
        User::new(process.client(), "created", name).login().await.session();
    }

    let policy = stage.switcher.get(&stage.switched.path("/two-factor-policy")).await.ok(200);
    let possible = &policies[policies.len().saturating_sub(2)..];
    let is_whole = |asked: &Value| asked["mode"] == policy["mode"] && asked["user_ids"] == policy["user_ids"];
    assert!(possible.iter().any(is_whole), "neither the last policy nor the one before: {policy}");
}
