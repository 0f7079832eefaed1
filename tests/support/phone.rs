//! An authenticator app that shares nothing with the service except RFC 6238.

use std::sync::{Arc, Mutex};

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha1::Sha1;

use super::Client;

/// An authenticator app with one secret. It shows the time of the test's clock.
#[derive(Clone)]
pub struct Phone {
    client: Client,
    secret: Arc<[u8]>,
    last_shown: Arc<Mutex<i64>>,
}

impl Phone {
    /// The app that has scanned this QR payload. It reads the secret that the address in the code holds.
    #[track_caller]
    pub fn of(client: Client, payload: &Value) -> Self {
        let uri = payload["otpauth_uri"].as_str().unwrap_or_else(|| panic!("no otpauth_uri: {payload}"));
        let (_, query) = uri.split_once('?').unwrap();
        let secret = query.split('&').find_map(|pair| pair.strip_prefix("secret=")).unwrap();
        assert_eq!(payload["secret"], secret, "what is scanned and what is typed are the same");
        let secret = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
        Self { client, secret: secret.into(), last_shown: Arc::new(Mutex::new(0)) }
    }

    /// An app that has known this secret all along.
    pub fn with_secret(client: &Client, secret: &[u8]) -> Self {
        Self { client: client.clone(), secret: secret.into(), last_shown: Arc::new(Mutex::new(0)) }
    }

    fn step(&self) -> i64 {
        self.client.now().timestamp().div_euclid(30)
    }

    fn show(&self, step: i64) -> String {
        let mut last = self.last_shown.lock().unwrap();
        *last = step.max(*last);
        code_at(&self.secret, step.cast_unsigned())
    }

    /// What the app shows at this moment.
    pub fn code(&self) -> String {
        self.show(self.step())
    }

    /// A code that is right at this moment and was not shown before: the one of now or, as of a phone whose clock is
    /// ahead, the next.
    #[track_caller]
    pub fn fresh_code(&self) -> String {
        let step = self.step().max(*self.last_shown.lock().unwrap() + 1);
        assert!(step <= self.step() + 1, "two codes of this moment were used; let time pass");
        self.show(step)
    }

    /// What the app shows when its clock is so many steps of thirty seconds ahead.
    pub fn code_ahead(&self, steps: i64) -> String {
        self.show(self.step() + steps)
    }

    /// Six digits that are wrong for a good while.
    pub fn wrong_code(&self) -> String {
        let right: Vec<_> =
            (-10..=40).map(|ahead| code_at(&self.secret, (self.step() + ahead).cast_unsigned())).collect();
        (0..1_000_000).map(|number: u32| format!("{number:06}")).find(|code| !right.contains(code)).unwrap()
    }
}

/// RFC 4226 §5.3.
fn code_at(secret: &[u8], counter: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).unwrap();
    mac.update(&counter.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0xF);
    let word = u32::from_be_bytes(digest[offset..offset + 4].try_into().unwrap()) & 0x7FFF_FFFF;
    format!("{:06}", word % 1_000_000)
}

#[test]
fn the_phone_of_these_tests_shows_the_codes_of_rfc_4226() {
    let codes: Vec<_> = (0..5).map(|counter| code_at(b"12345678901234567890", counter)).collect();
    assert_eq!(codes, ["755224", "287082", "359152", "969429", "338314"]);
}
