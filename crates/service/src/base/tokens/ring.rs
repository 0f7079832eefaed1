//! Holds all signing keys of this deployment.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, Validation};
use kernel::Time;
use secrecy::SecretString;

use super::{Claims, PublicKey, SigningKey, es256};
use crate::base::error::{Error, Result};

/// The longest token that is checked: ours have about 900 characters and grow with the permissions.
const MAX_TOKEN_BYTES: usize = 16_384;

/// How far the clocks of two nodes may differ.
const LEEWAY_SECONDS: i64 = 5;

/// The result of verifying a token.
#[derive(Debug)]
pub(crate) enum Verification {
    /// It was issued here and is valid now.
    Valid(Box<Claims>),
    /// It was not issued here, or is not valid.
    Invalid,
    /// It names a key that is not known here; another node may have just created it.
    UnknownKey,
}

/// The keys, the newest first. The newest signs, all verify.
pub(crate) struct KeyRing {
    issuer: String,
    audience: String,
    keys: RwLock<Arc<Vec<SigningKey>>>,
    /// When the keys were last read because of an unknown name.
    asked_at: Mutex<Option<Time>>,
}

impl KeyRing {
    pub(crate) fn new(issuer: String, audience: String) -> Self {
        es256::install();
        Self { issuer, audience, keys: RwLock::default(), asked_at: Mutex::default() }
    }

    /// Whether to ask the database for a key with an unknown name: once a second, since anybody can make names up.
    pub(crate) fn may_ask(&self, now: Time) -> bool {
        let mut asked_at = self.asked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let soon = asked_at.is_some_and(|at| at <= now && now - at < TimeDelta::seconds(1));
        if !soon {
            *asked_at = Some(now);
        }
        !soon
    }

    /// Replaces the keys; the newest is first.
    pub(crate) fn replace(&self, keys: Vec<SigningKey>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    fn keys(&self) -> Arc<Vec<SigningKey>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The public keys, for the JWKS.
    pub(crate) fn public(&self) -> Vec<PublicKey> {
        self.keys().iter().map(|key| key.public().clone()).collect()
    }

    /// Signs with the newest key.
    pub(crate) fn sign(&self, claims: &Claims) -> Result<SecretString> {
        let keys = self.keys();
        keys.first().ok_or_else(|| Error::Internal("there is no signing key".to_owned()))?.sign(claims)
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) fn audience(&self) -> &str {
        &self.audience
    }

    /// Checks signature, header, issuer, audience and times (RFC 9068 §4). The end is exact; the beginning has a few
    /// seconds of leeway, since the clock of the node that issued the token may be ahead of this one's.
    pub(crate) fn verify(&self, token: &str, now: Time) -> Verification {
        if token.len() > MAX_TOKEN_BYTES {
            return Verification::Invalid;
        }
        let Ok(header) = jsonwebtoken::decode_header(token) else { return Verification::Invalid };
        let Some(kid) = header.kid.as_deref().filter(|_| SigningKey::is_header_of_ours(&header)) else {
            return Verification::Invalid;
        };
        let keys = self.keys();
        let Some(key) = keys.iter().find(|key| key.public().kid == kid) else { return Verification::UnknownKey };
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        // The time is a parameter here and is checked below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let Ok(data) = jsonwebtoken::decode::<Claims>(token, key.decoding(), &validation) else {
            return Verification::Invalid;
        };
        let now = now.timestamp();
        if data.claims.nbf <= now.saturating_add(LEEWAY_SECONDS) && now < data.claims.exp {
            Verification::Valid(Box::new(data.claims))
        } else {
            Verification::Invalid
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use data_encoding::BASE64URL_NOPAD;
    use hmac::{Hmac, KeyInit, Mac};
    use jsonwebtoken::{EncodingKey, Header};
    use kernel::OsRandom;
    use secrecy::ExposeSecret;
    use sha2::Sha256;

    use super::*;

    fn now() -> Time {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn claims() -> Claims {
        let at = now().timestamp();
        Claims {
            iss: "latchkey".into(),
            aud: "shop".into(),
            sub: "s".into(),
            sid: "i".into(),
            account: "a".into(),
            permissions: vec!["account_settings".into()],
            amr: vec!["pwd".into()],
            auth_time: at,
            iat: at,
            nbf: at,
            exp: at + 600,
            jti: "j".into(),
        }
    }

    fn key() -> (SigningKey, EncodingKey) {
        let der = SigningKey::generate(&mut OsRandom).unwrap();
        (SigningKey::from_pkcs8(&der).unwrap(), EncodingKey::from_ec_der(&der))
    }

    fn ring() -> (KeyRing, EncodingKey) {
        let ring = KeyRing::new("latchkey".into(), "shop".into());
        let (signing, encoding) = key();
        ring.replace(vec![signing]);
        (ring, encoding)
    }

    fn is_valid(ring: &KeyRing, token: &str) -> bool {
        matches!(ring.verify(token, now()), Verification::Valid(_))
    }

    #[test]
    fn a_token_counts_from_its_beginning_to_its_end() {
        let (ring, _) = ring();
        let token = ring.sign(&claims()).unwrap();
        for (seconds, counts) in [(-6, false), (-5, true), (0, true), (599, true), (600, false)] {
            let at = now() + TimeDelta::seconds(seconds);
            let valid = matches!(ring.verify(token.expose_secret(), at), Verification::Valid(_));
            assert_eq!(valid, counts, "{seconds} s");
        }
    }

    #[test]
    fn the_newest_key_signs_and_older_ones_verify_until_they_are_gone() {
        let ring = KeyRing::new("latchkey".into(), "shop".into());
        let (old, new) = (SigningKey::generate(&mut OsRandom).unwrap(), SigningKey::generate(&mut OsRandom).unwrap());
        let key = |der: &[u8]| SigningKey::from_pkcs8(der).unwrap();
        ring.replace(vec![key(&old)]);
        let token = ring.sign(&claims()).unwrap();
        ring.replace(vec![key(&new), key(&old)]);
        assert!(is_valid(&ring, token.expose_secret()));
        let newer = ring.sign(&claims()).unwrap();
        ring.replace(vec![key(&new)]);
        assert!(is_valid(&ring, newer.expose_secret()));
        assert!(matches!(ring.verify(token.expose_secret(), now()), Verification::UnknownKey));
    }

    #[test]
    fn made_up_names_ask_the_database_once_a_second() {
        let (ring, _) = ring();
        let asks: Vec<bool> =
            [0, 0, 999, 1_000, 1_500, 2_000, 500].map(|ms| ring.may_ask(now() + TimeDelta::milliseconds(ms))).into();
        // The last one: a clock that was set back does not stop the asking.
        assert_eq!(asks, [true, false, false, true, false, true, true]);
    }

    #[test]
    fn tokens_for_others_and_from_others_do_not_count() {
        let (ring, _) = ring();
        for change in
            [|claims: &mut Claims| claims.iss = "other".into(), |claims: &mut Claims| claims.aud = "other".into()]
        {
            let mut claims = claims();
            change(&mut claims);
            assert!(!is_valid(&ring, ring.sign(&claims).unwrap().expose_secret()));
        }
    }

    /// Every known way to make a verifier use another key, algorithm or meaning (RFC 8725 §2).
    #[test]
    fn headers_that_choose_algorithm_key_or_meaning_are_refused() {
        let (ring, encoding) = ring();
        let kid = ring.public()[0].kid.clone();
        let header = || {
            let mut header = Header::new(Algorithm::ES256);
            header.typ = Some("at+jwt".into());
            header.kid = Some(kid.clone());
            header
        };
        let signed = |header: &Header| jsonwebtoken::encode(header, &claims(), &encoding).unwrap();
        assert!(is_valid(&ring, &signed(&header())));
        let changes: [fn(&mut Header); 6] = [
            |header| header.typ = Some("JWT".into()),
            |header| header.typ = None,
            |header| header.kid = None,
            |header| header.jku = Some("https://example.com/jwks".into()),
            |header| header.x5u = Some("https://example.com/cert".into()),
            |header| header.crit = Some(vec!["b64".into()]),
        ];
        for change in changes {
            let mut header = header();
            change(&mut header);
            assert!(!is_valid(&ring, &signed(&header)), "{header:?}");
        }
        let token = signed(&header());
        let [_, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
        for head in [
            format!(r#"{{"alg":"none","typ":"at+jwt","kid":"{kid}"}}"#),
            format!(r#"{{"alg":"HS256","typ":"at+jwt","kid":"{kid}"}}"#),
        ] {
            let head = BASE64URL_NOPAD.encode(head.as_bytes());
            assert!(!is_valid(&ring, &format!("{head}.{payload}.{signature}")));
            assert!(!is_valid(&ring, &format!("{head}.{payload}.")));
        }
        // The public key as an HMAC key.
        let point = BASE64URL_NOPAD.decode(ring.public()[0].x.as_bytes()).unwrap();
        let head = BASE64URL_NOPAD.encode(format!(r#"{{"alg":"HS256","typ":"at+jwt","kid":"{kid}"}}"#).as_bytes());
        let mut mac = Hmac::<Sha256>::new_from_slice(&point).unwrap();
        mac.update(format!("{head}.{payload}").as_bytes());
        let mac = BASE64URL_NOPAD.encode(&mac.finalize().into_bytes());
        assert!(!is_valid(&ring, &format!("{head}.{payload}.{mac}")));
    }

    #[test]
    fn garbage_and_changed_tokens_do_not_count() {
        let (ring, _) = ring();
        let token = ring.sign(&claims()).unwrap();
        let token = token.expose_secret();
        for garbage in ["", ".", "..", "a.b.c", &token[1..], &token[..token.len() - 2], &"x".repeat(20_000)] {
            assert!(!is_valid(&ring, garbage), "{garbage:.20}");
        }
        let (head, rest) = token.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let payload =
            BASE64URL_NOPAD.encode(serde_json::to_string(&claims()).unwrap().replace("shop", "ship").as_bytes());
        assert!(!is_valid(&ring, &format!("{head}.{payload}.{signature}")));
    }
}
