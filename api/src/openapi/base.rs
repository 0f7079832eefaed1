//! What belongs to no operation: title, servers, tags, security schemes.

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
    servers((url = "http://127.0.0.1:8080", description = "A service on this machine, as it starts without configuration")),
    tags(
        (name = "login", description = "Signing in, step by step. A login challenge is a resource; each reply says what comes next."),
        (name = "activation", description = "First passwords: an activation code is exchanged for a password that only the user knows."),
        (name = "tokens", description = "Access and refresh tokens: renewal, introspection, the keys to verify them offline, sign-out."),
        (name = "me", description = "The signed-in user."),
        (name = "accounts", description = "Accounts of the platform's customers."),
        (name = "users", description = "The users of an account, and what an administrator does to them."),
        (name = "user-imports", description = "Users of another system, with their password hashes and authenticator apps."),
        (name = "bulk-jobs", description = "One action on many users of an account, done in the background."),
        (name = "permissions", description = "What a user of an account may do, and the catalogue of what there is to grant."),
        (name = "roles", description = "Permissions of an account under a name, and who has them."),
        (name = "api-keys", description = "What programs call with instead of signing in."),
        (name = "two-factor-policy", description = "Who of an account is asked for a second factor."),
        (name = "password-policies", description = "What passwords of an account must look like and how long they last."),
        (name = "audit-events", description = "What happened in an account: every change and every attempt to sign in, in a chain that shows any later edit."),
        (name = "reports", description = "How an account stands, in numbers, as tables and as a chart."),
        (name = "health", description = "For load balancers and orchestrators."),
    ),
    components(schemas(ProblemSchema)),
    modifiers(&Schemes),
)]
struct Base;

/// The security schemes of people who are signed in and of programs.
pub const ACCESS_TOKEN: &str = "accessToken";
pub const API_KEY: &str = "apiKey";

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = || HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let challenge = bearer().description(Some(
            "The opaque `challenge_token` of one login attempt. It is minutes long valid and good for that login only.",
        ));
        components.add_security_scheme("challengeToken", SecurityScheme::Http(challenge.build()));
        let access = bearer().bearer_format("JWT").description(Some(
            "The `access_token` of a session: a signed JWT, minutes long valid. Verify it offline with the keys at \
             `/.well-known/jwks.json`, or ask `POST /v1/token/introspect`.",
        ));
        components.add_security_scheme(ACCESS_TOKEN, SecurityScheme::Http(access.build()));
        let key = bearer().bearer_format("lk_key_…").description(Some(
            "An API key, for programs: it belongs to an account and was given permissions. It is `lk_key_` and 49 letters and \
             digits, and it can do all that people with these permissions can, but for what they do for themselves.",
        ));
        components.add_security_scheme(API_KEY, SecurityScheme::Http(key.build()));
    }
}
