//! The parts of the document outside of operations: title, servers, tags, security schemes.

use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use crate::problem::document::ProblemSchema;

/// The document without operations.
pub fn document() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Latchkey",
        version = env!("CARGO_PKG_VERSION"),
        description = include_str!("description.md"),
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "http://127.0.0.1:8080", description = "A service on this machine with the default configuration")),
    tags(
        (name = "login", description = "Sign-in, step by step. A login challenge is a resource; each reply names the next step."),
        (name = "activation", description = "Activation: the user exchanges an activation code for a password that only the user knows."),
        (name = "tokens", description = "Access and refresh tokens: refresh, introspection, sign-out, and the keys to verify access tokens offline."),
        (name = "me", description = "The signed-in user."),
        (name = "accounts", description = "The accounts of the platform's customers."),
        (name = "users", description = "The users of an account, and what administrators can do to them."),
        (name = "user-imports", description = "Import of users from another system, with their password hashes and authenticator apps."),
        (name = "bulk-jobs", description = "One action on many users of an account, in the background."),
        (name = "permissions", description = "The permissions of users, and the catalog of permissions that can be granted. `GET /v1/permissions` explains each permission that an operation requires."),
        (name = "roles", description = "Named sets of permissions in an account, and which users have them."),
        (name = "api-keys", description = "Credentials for programs, which do not sign in."),
        (name = "two-factor-policy", description = "Which users of an account need a second factor."),
        (name = "password-policies", description = "The rules for passwords in an account, and when passwords expire."),
        (name = "audit-events", description = "What happened in an account: every change and every sign-in attempt, in a chain that reveals any later edit."),
        (name = "reports", description = "Statistics about an account, as JSON, as tables and as a chart."),
        (name = "health", description = "For load balancers and orchestrators."),
    ),
    components(schemas(ProblemSchema)),
    modifiers(&Schemes),
)]
struct Base;

/// The security scheme of signed-in users.
pub const ACCESS_TOKEN: &str = "accessToken";
/// The security scheme of programs.
pub const API_KEY: &str = "apiKey";
/// The security scheme of logins.
pub const CHALLENGE_TOKEN: &str = "challengeToken";

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = || HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let challenge = bearer().description(Some(
            "The opaque `challenge_token` of a login. Valid for a few minutes, for this login only.",
        ));
        components.add_security_scheme(CHALLENGE_TOKEN, SecurityScheme::Http(challenge.build()));
        let access = bearer().bearer_format("JWT").description(Some(
            "The `access_token` of a session: a signed JWT, valid for a few minutes. Verify it offline with the keys \
             at `/.well-known/jwks.json`, or call `POST /v1/token/introspect`.",
        ));
        components.add_security_scheme(ACCESS_TOKEN, SecurityScheme::Http(access.build()));
        let key = bearer().bearer_format("lk_key_…").description(Some(
            "An API key, for programs: `lk_key_` and 49 letters and digits. It belongs to an account and has \
             permissions. It can do everything that a user with these permissions can, except what users do for \
             themselves. Where an operation requires a recent sign-in, a key needs none.",
        ));
        components.add_security_scheme(API_KEY, SecurityScheme::Http(key.build()));
    }
}
