//! The age of passwords, under the policies that apply.

use std::{collections::BTreeMap, fmt::Write as _};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::numbers;
use crate::support::{Account, TestApp, User, all_pages};

const NAMES: [&str; 9] = [
    "users",
    "fine",
    "expiring_within_7_days",
    "expiring_within_14_days",
    "expiring_within_30_days",
    "expired",
    "change_required",
    "not_set",
    "never_changed",
];

async fn total(by: &User, account: &Account) -> [u64; 9] {
    let report = by.get(&account.path("/reports/passwords")).await.ok(200);
    numbers(&report["total"], NAMES)
}

#[tokio::test]
async fn the_report_counts_passwords_as_they_age() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    assert_eq!(total(&root, &account).await, [0; 9]);
    let total = async || {
        let [standing @ .., _] = total(&root, &account).await;
        standing
    };
    let (must, off) = (account.user("must").await, account.user("off").await);
    account.user("ann").await;
    account.invited(json!({ "username": "invited" })).await;
    account.act_on(&must, "require-password-change").await.empty(204);
    account.act_on(&off, "disable").await.empty(204);
    app.wait(TimeDelta::days(10));
    account.user("late").await;
    assert_eq!(total().await, [4, 2, 0, 0, 0, 0, 1, 1], "nothing expires");

    let policies = root.get(&account.path("/password-policies")).await.ok(200);
    let path = account.path(&format!("/password-policies/{}", policies["items"][0]["id"].as_str().unwrap()));
    let policy = json!({ "name": "Basic", "strength": "basic", "expires_after_days": 60, "existing_passwords": "from_last_change" });
    root.put(&path, policy).await.ok(200);
    // Ann's expires in 50 days, that of who came late in 60.
    for (wait, expected) in [
        (0, [4, 2, 0, 0, 0, 0, 1, 1]),
        (19, [4, 2, 0, 0, 0, 0, 1, 1]),
        (1, [4, 1, 0, 0, 1, 0, 1, 1]),
        (16, [4, 0, 0, 1, 2, 0, 1, 1]),
        (7, [4, 0, 1, 1, 2, 0, 1, 1]),
        (7, [4, 0, 0, 1, 1, 1, 1, 1]),
        (9, [4, 0, 1, 1, 1, 1, 1, 1]),
        (1, [4, 0, 0, 0, 0, 2, 1, 1]),
    ] {
        app.wait(TimeDelta::days(wait));
        assert_eq!(total().await, expected, "{wait} days later");
    }
}

/// An account in which passwords are of many ages, and policies reach users in every way.
struct Mixed {
    account: Account,
    root: User,
}

impl Mixed {
    async fn new(app: &TestApp) -> Self {
        let account = app.account("acme").await;
        let root = app.platform_admin().await;
        let mut file = String::new();
        for number in 0..120_i64 {
            let username = format!("user-{number:03}");
            let mut record = json!({ "username": username });
            if number % 11 != 0 {
                record["password_hash"] = json!("$2b$04$M9NW5cMCmeL2WuULoU5nkuPUg4D6DROrDyxWsIipCnrxFUsRV6wKS");
            }
            if number % 11 != 0 && number % 7 != 0 {
                record["password_changed_at"] = json!(app.now() - TimeDelta::hours(number * 25));
            }
            if number % 11 != 0 && number % 13 == 0 {
                record["must_change_password"] = json!(true);
            }
            record["permissions"] = match number % 6 {
                0 => json!(["account_settings"]),
                1 => json!(["password_management"]),
                2 => json!(["account_settings", "password_management"]),
                _ => json!([]),
            };
            record["status"] = json!(if number % 17 == 0 { "disabled" } else { "active" });
            writeln!(file, "{record}").unwrap();
        }
        let call = root.session().await.call("POST", &account.path("/user-imports"));
        let import = call.file("application/x-ndjson", file).send().await.ok(202);
        let path = account.path(&format!("/user-imports/{}", import["id"].as_str().unwrap()));
        loop {
            let import = root.get(&path).await.ok(200);
            if import["status"] == "done" {
                assert_eq!(import["imported"], 120, "{import}");
                break;
            }
            tokio::task::yield_now().await;
        }
        Self { account, root }
    }

    async fn users(&self) -> Vec<Value> {
        all_pages(&self.root, &self.account.path("/users"), 100).await
    }

    async fn policy(&self, policy: Value) -> String {
        let created = self.root.post(&self.account.path("/password-policies"), policy).await.ok(201);
        created["id"].as_str().unwrap().to_owned()
    }

    async fn assign(&self, policy: &str, assignments: Value) {
        let path = self.account.path(&format!("/password-policies/{policy}/assignments"));
        self.root.put(&path, assignments).await.ok(200);
    }

    /// What each user's own page says, counted.
    async fn expected(&self, now: DateTime<Utc>) -> BTreeMap<String, [u64; 8]> {
        let mut expected: BTreeMap<String, [u64; 8]> = BTreeMap::new();
        for user in self.users().await.iter().filter(|user| user["status"] == "active") {
            let password = &user["password"];
            let expires_at = password["expires_at"].as_str().map(|text| text.parse::<DateTime<Utc>>().unwrap());
            let within = |days| expires_at.is_some_and(|at| at <= now + TimeDelta::days(days));
            let places: &[usize] = match password["status"].as_str().unwrap() {
                "not_set" => &[7],
                "change_required" => &[6],
                "expired" => &[5],
                _ if within(7) => &[2, 3, 4],
                _ if within(14) => &[3, 4],
                _ if within(30) => &[4],
                _ => &[1],
            };
            for of in ["total", password["policy_id"].as_str().unwrap()] {
                let counts = expected.entry(of.to_owned()).or_default();
                counts[0] += 1;
                for place in places {
                    counts[*place] += 1;
                }
            }
        }
        expected
    }

    async fn found(&self) -> BTreeMap<String, [u64; 8]> {
        let report = self.root.get(&self.account.path("/reports/passwords")).await.ok(200);
        let counts = |object: &Value| numbers(object, NAMES)[..8].try_into().unwrap();
        let mut found: BTreeMap<String, [u64; 8]> = BTreeMap::new();
        found.insert("total".to_owned(), counts(&report["total"]));
        for policy in report["by_policy"].as_array().unwrap() {
            found.insert(policy["policy_id"].as_str().unwrap().to_owned(), counts(&policy["numbers"]));
        }
        found
    }

    /// Whom the users page finds with a filter is whom their own pages say it of.
    async fn check_filters(&self, now: DateTime<Utc>) {
        let users = self.users().await;
        for within in [1, 14, 30, 366] {
            let state = |user: &Value| {
                let password = &user["password"];
                let expires_at = password["expires_at"].as_str().map(|text| text.parse::<DateTime<Utc>>().unwrap());
                let soon = expires_at.is_some_and(|at| at <= now + TimeDelta::days(within));
                match password["status"].as_str().unwrap() {
                    "valid" | "expiring" if soon => "expiring".to_owned(),
                    "valid" | "expiring" => "valid".to_owned(),
                    other => other.to_owned(),
                }
            };
            for asked in ["valid", "expiring", "expired", "change_required", "not_set"] {
                let days = if ["valid", "expiring"].contains(&asked) {
                    format!("&expiring_within_days={within}")
                } else {
                    String::new()
                };
                for sort in ["created_at", "-created_at", "username"] {
                    let path = self.account.path(&format!("/users?password={asked}{days}&sort={sort}"));
                    let mut found = all_pages(&self.root, &path, 7).await;
                    if sort == "-created_at" {
                        found.reverse();
                    }
                    let names = |users: &[Value]| {
                        let mut names: Vec<_> =
                            users.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect();
                        if sort == "username" {
                            assert!(names.is_sorted());
                        }
                        names.sort();
                        names
                    };
                    let mut expected = users.clone();
                    expected.retain(|user| state(user) == asked);
                    expected.sort_by_key(|user| user["username"].as_str().unwrap().to_owned());
                    assert_eq!(names(&found), names(&expected), "{asked} within {within} days, {sort}");
                }
            }
        }
    }
}

#[tokio::test]
async fn imported_passwords_are_told_until_they_are_changed() {
    let app = TestApp::start().await;
    let mixed = Mixed::new(&app).await;
    let never = async || total(&mixed.root, &mixed.account).await[8];
    let imported = (0..120_u64).filter(|number| number % 11 != 0 && number % 17 != 0).count();
    let imported = u64::try_from(imported).unwrap();
    assert_eq!(never().await, imported);
    // Who sets a first password has changed it.
    let ann = mixed.account.invited(json!({ "username": "ann" })).await;
    app.wait(TimeDelta::seconds(1));
    ann.activate(ann.activation_code()).await.empty(204);
    assert_eq!(never().await, imported);
    let users = mixed.users().await;
    let one = users.iter().find(|user| user["username"] == "user-007").unwrap()["id"].as_str().unwrap();
    let act = async |action: &str| {
        let path = mixed.account.path(&format!("/users/{one}/actions/{action}"));
        mixed.root.act(&path).await
    };
    act("disable").await.empty(204);
    assert_eq!(never().await, imported - 1);
    act("enable").await.empty(204);
    assert_eq!(never().await, imported);
    let code = act("send-activation").await.ok(200)["code"].as_str().unwrap().to_owned();
    let body = json!({ "code": code, "new_password": crate::support::OTHER_PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    assert_eq!(never().await, imported - 1);
}

mod slow {
    use chrono::TimeDelta;
    use serde_json::json;

    use super::Mixed;
    use crate::support::TestApp;

    #[tokio::test]
    async fn the_report_and_the_filters_agree_with_what_each_user_is_told() {
        let app = TestApp::start().await;
        let mixed = Mixed::new(&app).await;
        let check = async || {
            let found = mixed.found().await;
            let mut expected = mixed.expected(app.now()).await;
            // A policy may be assigned and reach nobody.
            expected.extend(
                found
                    .keys()
                    .filter(|policy| !expected.contains_key(*policy))
                    .map(|id| (id.clone(), [0; 8]))
                    .collect::<Vec<_>>(),
            );
            assert_eq!(found, expected);
            mixed.check_filters(app.now()).await;
        };
        check().await;

        // One policy, whose expiry has a history: days from the switch on, then fewer of them, spread.
        let policies = mixed.root.get(&mixed.account.path("/password-policies")).await.ok(200);
        let default =
            mixed.account.path(&format!("/password-policies/{}", policies["items"][0]["id"].as_str().unwrap()));
        let says = |days: u16, existing: &str, spread: u16| {
            json!({ "name": "Basic", "strength": "basic", "expires_after_days": days, "existing_passwords": existing,
            "spread_expiry_over_days": spread })
        };
        mixed.root.put(&default, says(90, "from_last_change", 0)).await.ok(200);
        check().await;
        mixed.root.put(&default, says(60, "from_last_change", 20)).await.ok(200);
        app.wait(TimeDelta::days(5));
        check().await;
        mixed.root.put(&default, says(3650, "from_switch_on", 0)).await.ok(200);
        check().await;

        // Others, in every way: by permission with priorities, to users, and one that never expires.
        let strict = mixed.policy(json!({ "name": "Strict", "strength": "basic", "expires_after_days": 20})).await;
        let loose = mixed.policy(json!({ "name": "Loose", "strength": "basic"})).await;
        let named = mixed
            .policy(json!({ "name": "Named", "strength": "basic", "expires_after_days": 45,
        "existing_passwords": "from_last_change", "spread_expiry_over_days": 9 }))
            .await;
        let also = mixed
            .policy(json!({ "name": "Also", "strength": "basic", "expires_after_days": 5,
        "existing_passwords": "from_last_change" }))
            .await;
        mixed.policy(json!({ "name": "Unused", "strength": "basic" })).await;
        mixed.assign(&strict, json!({ "permissions": ["account_settings"], "priority": 10 })).await;
        mixed
            .assign(&loose, json!({ "permissions": ["password_management", "user_permissions"], "priority": 20 }))
            .await;
        let users = mixed.users().await;
        let some = |every: usize| users.iter().step_by(every).map(|user| user["id"].clone()).collect::<Vec<_>>();
        mixed.assign(&named, json!({ "user_ids": some(9) })).await;
        mixed.assign(&also, json!({ "user_ids": some(12) })).await;
        // Some hold a permission through a role.
        let role = json!({ "name": "Settings", "permissions": ["account_settings"] });
        let role = mixed.root.post(&mixed.account.path("/roles"), role).await.ok(201)["id"].clone();
        for user in users.iter().skip(3).step_by(10) {
            let path = mixed.account.path(&format!("/users/{}/roles", user["id"].as_str().unwrap()));
            mixed.root.put(&path, json!({ "role_ids": [role] })).await.ok(200);
        }
        check().await;
        // And some policies are assigned to roles.
        let by_role = mixed
            .policy(json!({ "name": "By role", "strength": "basic", "expires_after_days": 70,
        "existing_passwords": "from_last_change" }))
            .await;
        let mut given = Vec::new();
        for (name, every) in [("Support", 5), ("Sales", 8)] {
            let role = json!({ "name": name, "permissions": [] });
            let role = mixed.root.post(&mixed.account.path("/roles"), role).await.ok(201)["id"].clone();
            for user in users.iter().skip(1).step_by(every) {
                let path = mixed.account.path(&format!("/users/{}/roles", user["id"].as_str().unwrap()));
                mixed.root.put(&path, json!({ "role_ids": [role] })).await.ok(200);
            }
            given.push(role);
        }
        mixed.assign(&by_role, json!({ "role_ids": given, "priority": 15 })).await;
        check().await;
        app.wait(TimeDelta::days(12));
        check().await;
        let found = mixed.found().await;
        assert_eq!(found.len(), 1 + 6, "all that are assigned, and the default: {found:?}");
        assert!(found.values().all(|counts| counts[0] > 0), "{found:?}");
    }
}
