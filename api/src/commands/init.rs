//! `latchkey init`

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::SystemClock;
use serde::Serialize;
use service::PLATFORM_SLUG;

use super::{Failure, arguments::Init, patience::open_patiently, print};
use crate::config::Config;

/// The JSON output for scripts.
#[derive(Serialize)]
struct Printed<'a> {
    account: &'static str,
    username: &'a str,
    activation_code: &'a str,
    expires_at: DateTime<Utc>,
}

/// Creates the first platform administrator and prints an activation code, which is shown only once.
pub async fn run(config: &Config, options: &Init) -> Result<(), Failure> {
    let service = open_patiently(config, Arc::new(SystemClock)).await?;
    let made = service.init_platform_administrator(&options.username).await.map_err(in_words)?;
    let printed = Printed {
        account: PLATFORM_SLUG,
        username: &made.username,
        activation_code: made.code.expose(),
        expires_at: made.expires_at,
    };
    if options.json {
        return Ok(print(serde_json::to_string(&printed)?)?);
    }
    let example = serde_json::json!({ "code": printed.activation_code, "new_password": "<a password of your choice>" });
    print(format_args!(
        "Account:         {}\nUsername:        {}\nActivation code: {}\nValid until:     {}\n\n\
         Set the password with this code (it works once):\n\n  \
         curl -X POST {}/v1/activations -H 'Content-Type: application/json' \\\n    -d '{example}'\n\n\
         Then sign in. The first sign-in shows a QR code for an authenticator app: platform administrators always sign \
         in with two factors.",
        printed.account,
        printed.username,
        printed.activation_code,
        printed.expires_at.to_rfc3339(),
        config.public_url(),
    ))?;
    Ok(())
}

/// An error of the operation in words for an operator: with the reasons for a rejected name.
fn in_words(error: service::Error) -> Failure {
    match error {
        service::Error::Validation(fields) => {
            fields.into_iter().map(|field| field.message).collect::<Vec<_>>().join("; ").into()
        }
        other => other.into(),
    }
}
