//! Requests that the reference page offers to send are accepted: bodies, and parameters that it fills in.

use serde_json::{Value, json};

use crate::support::{Account, Call, TestApp, User};

/// The password in the examples.
const PASSWORD: &str = "correct horse battery staple";

/// Examples with secrets that nobody can know beforehand, and what is said of them.
const PLACEHOLDERS: [(&str, u16, &str); 5] = [
    ("activateUser", 401, "invalid_code"),
    ("refreshToken", 401, "invalid_token"),
    ("answerTotp", 401, "invalid_code"),
    ("useRecoveryCode", 401, "invalid_code"),
    ("confirmTotpEnrollment", 401, "invalid_code"),
];

/// An operation of the document.
struct Operation {
    method: String,
    path: String,
    id: String,
    definition: Value,
}

impl Operation {
    /// Media types and examples of the body.
    fn bodies(&self) -> Vec<(String, Value)> {
        let content = self.definition["requestBody"]["content"].as_object();
        content
            .into_iter()
            .flatten()
            .map(|(media_type, content)| (media_type.clone(), content["example"].clone()))
            .collect()
    }

    /// Query parameters and headers that the page fills in.
    fn filled_in(&self, place: &str) -> Vec<(String, String)> {
        let parameters = self.definition["parameters"].as_array().into_iter().flatten();
        let filled = parameters.filter(|parameter| parameter["in"] == place).filter_map(|parameter| {
            let schema = &parameter["schema"];
            let value = [&parameter["example"], &schema["example"], &schema["default"]];
            let value = value.into_iter().find(|value| !value.is_null())?;
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some((parameter["name"].as_str().unwrap().to_owned(), value))
        });
        filled.collect()
    }

    fn takes(&self, scheme: &str) -> bool {
        self.definition["security"].as_array().unwrap().iter().any(|one| one.get(scheme).is_some())
    }
}

async fn operations() -> Vec<Operation> {
    let app = TestApp::start().await;
    let document = app.call("GET", "/openapi.json").send().await.ok(200);
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, definition) in item.as_object().unwrap() {
            // The schema of a body is looked up here, so that nobody below needs the document.
            let mut definition = definition.clone();
            if let Some(name) = definition["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() {
                definition["required"] = document.pointer(&name[1..]).unwrap()["required"].clone();
            }
            let id = definition["operationId"].as_str().unwrap().to_owned();
            operations.push(Operation { method: method.to_uppercase(), path: path.clone(), id, definition });
        }
    }
    operations
}

/// An account as the examples know it, for one operation.
struct World {
    app: TestApp,
    account: Account,
    root: User,
    ann: User,
}

impl World {
    async fn for_operation(id: &str) -> Self {
        let app = TestApp::start().await;
        // What an example makes is not there yet.
        let account = app.account(if id == "createAccount" { "other" } else { "acme" }).await;
        let username = if matches!(id, "createUser" | "importUsers") { "bob" } else { "ann" };
        let ann = account.invited(json!({ "username": username })).await;
        ann.remember_password(PASSWORD);
        ann.activate(ann.activation_code()).await.empty(204);
        let root = app.platform_admin().await;
        if matches!(id, "unregisterPermission") {
            let permission = json!({ "name": "crm.invoices.approve", "description": "Approves invoices." });
            root.post("/v1/permissions", permission).await.ok(201);
        }
        if id == "undeleteAccount" {
            root.delete(&account.path("")).await.ok(202);
        }
        Self { app, account, root, ann }
    }

    /// The path with things in it that are there.
    async fn path(&self, operation: &Operation) -> String {
        let (root, account) = (&self.root, &self.account);
        let mut path = operation.path.replace("{account_id}", &account.id).replace("{user_id}", self.ann.id());
        path = path.replace("{permission}", "crm.invoices.approve");
        for (part, make, below, id) in [
            ("{role_id}", json!({ "name": "Helpers", "permissions": [] }), "/roles", "/id"),
            ("{key_id}", json!({ "name": "Backup", "permissions": [] }), "/api-keys", "/key/id"),
            ("{policy_id}", json!({ "name": "Others", "strength": "basic" }), "/password-policies", "/id"),
            ("{job_id}", json!({ "action": "unlock", "users": [self.ann.id()] }), "/users:bulk", "/id"),
        ] {
            if path.contains(part) {
                let made = root.post(&account.path(below), make).await.json();
                path = path.replace(part, made.pointer(id).unwrap_or_else(|| panic!("{made}")).as_str().unwrap());
            }
        }
        if path.contains("{import_id}") {
            let session = root.session().await;
            let call = session.call("POST", &account.path("/user-imports")).file("text/csv", "username\n");
            path = path.replace("{import_id}", call.send().await.ok(202)["id"].as_str().unwrap());
        }
        assert!(!path.contains('{'), "tests/documents/offered_requests.rs has nothing for {path}");
        path
    }

    /// The token of who does it.
    async fn credential(&self, operation: &Operation) -> Option<String> {
        let (account, ann) = (&self.account, &self.ann);
        if operation.takes("challengeToken") {
            let step = match operation.id.as_str() {
                "changeExpiredPassword" | "checkPasswordAtLogin" => {
                    account.act_on(ann, "require-password-change").await.empty(204);
                    "password_change"
                }
                "answerTotp" | "useRecoveryCode" => {
                    account.set_mode("all_users").await;
                    ann.sign_in().await;
                    "totp"
                }
                _ => {
                    account.set_mode("all_users").await;
                    "totp_enrollment"
                }
            };
            let login = ann.login().await.challenge(step);
            if step == "totp_enrollment" {
                login.enrollment().await.ok(200);
            }
            return Some(login.token);
        }
        if !operation.takes("accessToken") {
            return None;
        }
        // What programs may not do people do for themselves.
        let by = if operation.takes("apiKey") { &self.root } else { ann };
        Some(by.session().await.access_token)
    }

    /// The request as the page fills it in, without a body.
    fn request(&self, operation: &Operation, path: &str, token: Option<&String>) -> Call {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let query = operation.filled_in("query");
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) };
        let mut call = self.app.call(&operation.method, &path);
        for (name, value) in operation.filled_in("header") {
            call = call.header(&name, &value);
        }
        if let Some(token) = token { call.bearer(token) } else { call }
    }
}

mod slow {
    use serde_json::Value;

    use super::{PLACEHOLDERS, World, operations};

    #[tokio::test]
    async fn every_request_that_the_document_offers_is_taken() {
        let (mut bodies, mut others) = (0, 0);
        for operation in operations().await {
            if operation.bodies().is_empty()
                && operation.filled_in("query").is_empty()
                && operation.filled_in("header").is_empty()
            {
                continue;
            }
            let world = World::for_operation(&operation.id).await;
            let path = world.path(&operation).await;
            let token = world.credential(&operation).await;
            let mut calls = Vec::new();
            for (media_type, example) in operation.bodies() {
                let call = world.request(&operation, &path, token.as_ref());
                calls.push(match &example {
                    Value::String(file) => call.file(&media_type, file.as_str()),
                    body => call.json(body),
                });
                bodies += 1;
            }
            if calls.is_empty() {
                calls.push(world.request(&operation, &path, token.as_ref()));
                others += 1;
            }
            for call in calls {
                let reply = call.send().await;
                match PLACEHOLDERS.iter().find(|(id, ..)| *id == operation.id) {
                    Some((_, status, code)) => drop(reply.problem(*status, code)),
                    None => assert!((200..300).contains(&reply.status), "{}: {reply:?}", operation.id),
                }
            }
        }
        assert!(bodies > 35 && others > 10, "{bodies} {others}");
    }

    #[tokio::test]
    async fn what_the_document_requires_of_a_body_is_required() {
        let mut tried = 0;
        for operation in operations().await {
            let Some(required) = operation.definition["required"].as_array() else { continue };
            let world = World::for_operation(&operation.id).await;
            let path = world.path(&operation).await;
            let token = world.credential(&operation).await;
            let example = &operation.bodies()[0].1;
            for name in required.iter().map(|name| name.as_str().unwrap()) {
                let mut body = example.clone();
                body.as_object_mut().unwrap().remove(name).unwrap();
                let reply = world.request(&operation, &path, token.as_ref()).json(&body).send().await;
                let problem = reply.problem(422, "validation_failed");
                assert_eq!(problem.errors(), [(format!("/{name}").as_str(), "required")], "{}", operation.id);
                tried += 1;
            }
        }
        assert!(tried > 30, "{tried}");
    }
}
