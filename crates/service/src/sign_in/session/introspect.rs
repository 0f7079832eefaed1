//! Reports whether a token is valid (RFC 7662).

use permissions::Permission;

use crate::base::{error::Result, model::Actor, service::Service, tokens::Claims};

/// What a token allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Introspection {
    /// Nothing: it is unknown, expired or revoked, or not for the caller to know (RFC 7662 §2.2: no reason is given).
    Inactive,
    /// It is valid and has these claims; the permissions are the current ones.
    Active(Box<Claims>),
}

impl Service {
    /// Reports what an access token allows. Tokens of other accounts are inactive to the caller.
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
