//! `GET /.well-known/jwks.json` (RFC 7517)

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use service::PublicKey;
use utoipa::ToSchema;

use crate::{app::App, problem::document::problems};

/// The public keys that verify access tokens.
#[derive(Serialize, ToSchema)]
pub struct Jwks {
    /// The keys; the one that signs now comes first.
    keys: Vec<Jwk>,
}

/// One public key.
#[derive(Serialize, ToSchema)]
pub struct Jwk {
    /// The kind of key.
    #[schema(value_type = String, examples("EC"))]
    kty: &'static str,
    /// The curve.
    #[schema(value_type = String, examples("P-256"))]
    crv: &'static str,
    /// What the key is for.
    #[schema(rename = "use", value_type = String, examples("sig"))]
    r#use: &'static str,
    /// The algorithm of the signatures. Accept no other.
    #[schema(value_type = String, examples("ES256"))]
    alg: &'static str,
    /// The name of the key, as in the header of a token.
    #[schema(examples("5vOtuUR4GQ1h0UyGrCv5nmuvlBoa9Qj7eXvqjvkE3bQ"))]
    kid: String,
    /// The x coordinate, base64url.
    #[schema(examples("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"))]
    x: String,
    /// The y coordinate, base64url.
    #[schema(examples("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))]
    y: String,
}

impl From<PublicKey> for Jwk {
    fn from(key: PublicKey) -> Self {
        Self { kty: "EC", crv: "P-256", r#use: "sig", alg: "ES256", kid: key.kid, x: key.x, y: key.y }
    }
}

problems!(Problems without database);

/// Get the keys that verify access tokens
///
/// Verify tokens offline: algorithm `ES256` and no other, `typ` `at+jwt`, `iss`, `aud`, `exp` and `nbf`. Fetch the keys
/// again when a token names one that you do not know, at most once a minute.
#[utoipa::path(
    tag = "tokens",
    security(()),
    responses((status = 200, description = "The keys.", body = Jwks), Problems),
)]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(app: Data<App>) -> HttpResponse {
    let keys = app.service.public_keys().into_iter().map(Jwk::from).collect();
    HttpResponse::Ok().json(Jwks { keys })
}
