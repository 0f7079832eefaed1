//! Previews a change before it is made.

use serde_json::{Value, json};

use crate::support::{Account, TestApp, User};

/// The names in one group of a preview, in their order; the count is checked.
fn names(preview: &Value, group: &str) -> Vec<String> {
    let group = &preview[group];
    let users = group["users"].as_array().unwrap();
    assert_eq!(group["count"], users.len());
    assert_eq!(group["next_cursor"], Value::Null);
    users.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

/// The names in the three groups of a preview.
async fn preview(admin: &User, account: &Account, policy: &Value) -> [Vec<String>; 3] {
    let path = account.path("/two-factor-policy");
    let before = admin.get(&path).await;
    let preview = admin.post(&format!("{path}/preview"), policy.clone()).await.ok(200);
    let after = admin.get(&path).await;
    assert_eq!(
        (after.ok(200), after.header("etag")),
        (before.ok(200), before.header("etag")),
        "a look changes nothing"
    );
    ["will_enroll", "already_enrolled", "no_longer_asked"].map(|group| names(&preview, group))
}

#[tokio::test]
async fn a_user_whose_device_is_asleep_has_one() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    let ann = account.user("ann").await;
    account.ask_only(&[&ann]).await;
    ann.sign_in().await;
    account.set_mode("disabled").await;
    assert_eq!(account.look_at(&ann).await["two_factor"]["status"], "asleep");
    let policy = json!({ "mode": "selected_users", "user_ids": [ann.id()] });
    let none = Vec::<String>::new();
    assert_eq!(preview(&admin, &account, &policy).await, [none.clone(), vec!["ann".to_owned()], none]);
}

#[tokio::test]
async fn a_preview_shows_names_for_people() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    let ann = account.invited(json!({ "username": "анна", "display_name": "Анна & Co" })).await;
    let policy = json!({ "mode": "selected_users", "user_ids": [ann.id()] });
    let preview = admin.post(&account.path("/two-factor-policy/preview"), policy).await.ok(200);
    let expected = json!([{ "id": ann.id(), "username": "анна", "display_name": "Анна & Co" }]);
    assert_eq!(preview["will_enroll"]["users"], expected);
}

#[tokio::test]
async fn users_of_other_accounts_are_in_no_preview() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    other.user("stranger").await;
    let admin = account.admin(&["account_settings"]).await;
    let groups = preview(&admin, &account, &json!({ "mode": "all_users" })).await;
    assert_eq!(groups[0], [admin.username()]);
}

mod slow {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use super::preview;
    use crate::support::TestApp;

    #[tokio::test]
    async fn every_transition_tells_who_is_concerned_and_how() {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        // One user has a device, the other has none.
        // Ids are in the order of time, to the millisecond.
        let ann = account.user("ann").await;
        app.wait(TimeDelta::milliseconds(1));
        let bob = account.user("bob").await;
        app.wait(TimeDelta::milliseconds(1));
        let admin = account.admin(&["account_settings"]).await;
        account.ask_only(&[&ann]).await;
        ann.sign_in().await;
        let everybody = || vec!["ann".to_owned(), "bob".to_owned(), admin.username().to_owned()];
        let policies = [
            json!({ "mode": "disabled" }),
            json!({ "mode": "all_users" }),
            json!({ "mode": "selected_users", "user_ids": [ann.id()] }),
            json!({ "mode": "selected_users", "user_ids": [bob.id()] }),
            json!({ "mode": "all_users_except", "user_ids": [ann.id()] }),
            json!({ "mode": "all_users_except", "user_ids": [bob.id()] }),
            json!({ "mode": "all_users_except", "user_ids": [] }),
        ];
        let asks = |policy: &Value, name: &str| {
            let id = match name {
                "ann" => ann.id(),
                "bob" => bob.id(),
                _ => admin.id(),
            };
            let listed = policy["user_ids"].as_array().is_some_and(|ids| ids.contains(&json!(id)));
            match policy["mode"].as_str().unwrap() {
                "all_users" => true,
                "selected_users" => listed,
                "all_users_except" => !listed,
                _ => false,
            }
        };
        for now in &policies {
            account.set_policy(now.clone()).await.ok(200);
            for then in &policies {
                // Time for a new code, where the administrator is asked for one.
                app.wait_for_next_code();
                app.wait_for_next_code();
                let groups = preview(&admin, &account, then).await;
                let admin_enrolled = account.look_at(&admin).await["two_factor"]["status"] != "not_enrolled";
                let has_device = |name: &str| name == "ann" || (name == admin.username() && admin_enrolled);
                let of =
                    |is: &dyn Fn(&str) -> bool| everybody().into_iter().filter(|name| is(name)).collect::<Vec<_>>();
                let expected = [
                    of(&|name| asks(then, name) && !has_device(name)),
                    of(&|name| asks(then, name) && has_device(name)),
                    of(&|name| asks(now, name) && !asks(then, name)),
                ];
                assert_eq!(groups, expected, "from {now} to {then}");
            }
        }
    }
}
