//! Signs in, enrols, starts a bulk job and downloads two files, with the client in Rust that openapi-generator makes.

use std::{env, process::Command, time::Duration};

use openapi::{
    apis::{
        accounts_api, activation_api, audit_events_api, bulk_jobs_api, configuration::Configuration, login_api,
        reports_api, users_api,
    },
    models,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const PASSWORD: &str = "a long phrase for the root";

/// How to reach the service, with the token, if there is one, in each request.
fn bearer(bearer_access_token: Option<String>) -> Result<Configuration> {
    Ok(Configuration { base_path: env::var("LATCHKEY_URL")?, bearer_access_token, ..Configuration::default() })
}

/// What the authenticator app shows.
fn code(secret: &str, steps: &str) -> Result<String> {
    let output = Command::new(env::var("TOTP_CODE")?).args([secret, steps]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Passes the password and returns what is allowed to go on.
async fn login(next: &str) -> Result<Configuration> {
    let body = models::StartLogin::new("platform".to_owned(), PASSWORD.to_owned(), "root".to_owned());
    let result = login_api::start_login(&bearer(None)?, body).await?;
    assert_eq!((result.status.as_str(), result.next.as_deref()), ("challenge", Some(next)));
    bearer(result.challenge_token)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let activation = models::ActivateUser::new(env::var("ACTIVATION_CODE")?, PASSWORD.to_owned());
    activation_api::activate_user(&bearer(None)?, activation).await?;

    let challenge = login("totp_enrollment").await?;
    let secret = login_api::get_totp_enrollment(&challenge).await?.secret;
    let body = models::ConfirmTotpEnrollment::new(code(&secret, "-1")?);
    let confirmed = login_api::confirm_totp_enrollment(&challenge, body).await?;
    assert!(!confirmed.recovery_codes.is_empty());
    assert_eq!(confirmed.result.status, "authenticated");

    let challenge = login("totp").await?;
    let result = login_api::answer_totp(&challenge, models::AnswerTotp::new(code(&secret, "0")?)).await?;
    assert!(result.status == "authenticated" && result.session.is_some());
    let root = bearer(result.access_token)?;

    let body = models::CreateAccount::new("Acme".to_owned(), "acme".to_owned());
    let account = accounts_api::create_account(&root, body, None).await?.id.to_string();
    let body = models::CreateUser::new("ann".to_owned());
    let ann = users_api::create_user(&root, &account, body, None).await?.user;

    let mut order = models::StartBulkJob::new(models::BulkActionName::Disable);
    order.users = Some(vec![ann.id]);
    let mut job = bulk_jobs_api::start_bulk_job(&root, &account, order, None).await?;
    for _ in 0..300 {
        if job.finished_at.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        job = bulk_jobs_api::get_bulk_job(&root, &account, &job.id.to_string()).await?;
    }
    assert!(job.finished_at.is_some() && job.succeeded == 1, "{job:?}");

    let export = audit_events_api::export_audit_events(&root, &account, None, None, None, None, None, None).await?;
    let events = export.text().await?;
    assert!(events.lines().count() > 2 && events.starts_with('{'), "{events}");
    let table = reports_api::export_password_report(&root, &account).await?.text().await?;
    assert!(table.starts_with("section,policy_id,"), "{table}");
    println!("rust: 1 passed, 0 failed");
    Ok(())
}
