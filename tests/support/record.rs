//! A small record of acknowledged changes, to be compared with what is there after the service ended.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::task::JoinSet;

use super::{Account, User, all_pages, process::pause};

/// How many requests are under way at the same moment.
const LANES: usize = 4;

/// No machine is so busy that it acknowledges nothing for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// New users of one account, and which of them were acknowledged.
pub struct Record {
    path: String,
    admin: User,
    acknowledged: Arc<Mutex<Vec<String>>>,
    loads: usize,
}

impl Record {
    /// An empty one, for users of this account.
    pub async fn of(account: &Account) -> Self {
        let admin = account.admin(&["user_permissions", "audit_read"]).await;
        Self { path: account.path("/users"), admin, acknowledged: Arc::default(), loads: 0 }
    }

    /// Who was acknowledged so far.
    pub fn acknowledged(&self) -> Vec<String> {
        self.acknowledged.lock().unwrap().clone()
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Creates one.
    pub async fn add(&self, name: &str) {
        self.admin.post(&self.path, json!({ "username": name })).await.ok(201);
        self.acknowledged.lock().unwrap().push(name.to_owned());
    }

    /// Goes on creating users until the service is gone.
    pub async fn load(&mut self) -> JoinSet<()> {
        self.loads += 1;
        let session = self.admin.session().await;
        let mut tasks = JoinSet::new();
        for lane in 0..LANES {
            let (session, path, acknowledged) = (session.clone(), self.path.clone(), Arc::clone(&self.acknowledged));
            let prefix = format!("{}-{lane}", self.loads);
            tasks.spawn(async move {
                for number in 0.. {
                    let name = format!("user {prefix}-{number}");
                    let create = session.call("POST", &path).json(&json!({ "username": name }));
                    let Ok(reply) = create.try_send().await else { return };
                    // Who is told to come back later was promised nothing.
                    if reply.status != 503 {
                        reply.ok(201);
                        acknowledged.lock().unwrap().push(name);
                    }
                }
            });
        }
        tasks
    }

    /// Waits until so many more are acknowledged.
    pub async fn wait_for(&self, more: usize) {
        let (before, since) = (self.count(), Instant::now());
        while self.count() < before + more {
            assert!(since.elapsed() < PATIENCE, "nothing is acknowledged any more after {}", self.count());
            tokio::task::spawn_blocking(|| pause(Duration::from_millis(5))).await.unwrap();
        }
    }

    /// All that was acknowledged is there, and all that is there was written down.
    pub async fn check(&self, what: &str) {
        let there: BTreeSet<_> = all_pages(&self.admin, &self.path, 100)
            .await
            .into_iter()
            .map(|user| user["username"].as_str().unwrap().to_owned())
            .collect();
        let acknowledged = self.acknowledged();
        let lost: Vec<_> = acknowledged.iter().filter(|name| !there.contains(*name)).collect();
        assert!(
            lost.is_empty(),
            "{what}: {} of {} were acknowledged and are gone: {lost:?}",
            lost.len(),
            acknowledged.len()
        );
        let audit = self.path.replace("/users", "/audit-events");
        let chain = self.admin.get(&format!("{audit}/verify")).await.ok(200);
        assert_eq!(chain["is_intact"], true, "{what}: {chain}");
    }
}
