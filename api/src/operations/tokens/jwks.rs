//! `GET /.well-known/jwks.json` (RFC 7517)

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use service::PublicKey;
use utoipa::ToSchema;

use crate::{app::App, openapi::problems};

/// The public keys that verify access tokens.
#[derive(Serialize, ToSchema)]
pub struct Jwks {
    /// The keys. The current signing key comes first.
    keys: Vec<Jwk>,
}

/// A public key.
#[derive(Serialize, ToSchema)]
pub struct Jwk {
    /// The key type.
    #[schema(value_type = String, examples("EC"))]
    kty: &'static str,
    /// The curve.
    #[schema(value_type = String, examples("P-256"))]
    crv: &'static str,
    /// What the key is for.
    #[schema(rename = "use", value_type = String, examples("sig"))]
    r#use: &'static str,
    /// The signature algorithm. Accept no other.
    #[schema(value_type = String, examples("ES256"))]
    alg: &'static str,
    /// The id of the key, as in the header of a token.
    #[schema(examples("5vOtuUR4GQ1h0UyGrCv5nmuvlBoa9Qj7eXvqjvkE3bQ"))]
    kid: String,
    /// The x coordinate, in base64url.
    #[schema(examples("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"))]
    x: String,
    /// The y coordinate, in base64url.
    #[schema(examples("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))]
    y: String,
}

impl From<PublicKey> for Jwk {
    fn from(key: PublicKey) -> Self {
        Self { kty: "EC", crv: "P-256", r#use: "sig", alg: "ES256", kid: key.kid, x: key.x, y: key.y }
    }
}

problems!(Problems = (), without database);

/// Get the keys that verify access tokens
///
/// Use these keys to verify tokens offline. Accept only the algorithm `ES256`, and check `typ` (`at+jwt`), `iss`,
/// `aud`, `exp` and `nbf`. If a token names a key that you do not know, fetch the keys again, at most once a minute.
#[utoipa::path(
    tag = "tokens",
    responses((status = 200, description = "The keys.", body = Jwks), Problems),
)]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(app: Data<App>) -> HttpResponse {
    let keys = app.service.public_keys().into_iter().map(Jwk::from).collect();
    HttpResponse::Ok().json(Jwks { keys })
}
