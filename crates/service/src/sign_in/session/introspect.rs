//! What a token is worth at this moment (RFC 7662).

use permissions::Permission;

use crate::base::{error::Result, model::Actor, service::Service, tokens::Claims};

/// What a token is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Introspection {
    /// Nothing: unknown, expired, revoked, or none of the asker's business (RFC 7662 §2.2 wants no reason told).
    Inactive,
    /// It counts, and says this; the permissions are those of this moment.
    Active(Box<Claims>),
}

impl Service {
    /// Tells what an access token is worth. Tokens of other accounts are inactive to the asker.
    pub async fn introspect(&self, actor: &Actor, token: &str) -> Result<Introspection> {
        let Some(mut claims) = self.verify_access_token(token).await? else { return Ok(Introspection::Inactive) };
        let of_the_account = claims.account == actor.account_id.to_string();
        if !of_the_account && !actor.permissions.covers(&Permission::PlatformAdministration) {
            return Ok(Introspection::Inactive);
        }
        let Some(live) = self.live_session(&claims).await? else { return Ok(Introspection::Inactive) };
        claims.permissions = live.permissions.iter().map(|permission| permission.as_str().to_owned()).collect();
        Ok(Introspection::Active(Box::new(claims)))
    }
}
