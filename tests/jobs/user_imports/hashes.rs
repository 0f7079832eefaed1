//! Passwords of other systems keep working, and are rehashed.

use serde_json::json;

use super::{NDJSON, counts, import};
use crate::support::{TestApp, User};

const PASSWORD: &str = "correct horse battery staple";

/// Made with argon2-cffi 25.1, Django 5.2, bcrypt 4.0, passlib 1.7 and Python's hashlib; of one password, at low cost.
const HASHES: [(&str, &str); 14] = [
    ("argon2i", "$argon2i$v=19$m=32,t=3,p=4$AQIDBAUGBwgJCgsMDQ4PEA$wKnl37o2qlX5yE/S82jPl9vzwTplQ6ueyhkhgXfg5BM"),
    ("argon2d-1.0", "$argon2d$v=16$m=32,t=3,p=4$AQIDBAUGBwgJCgsMDQ4PEA$3j0CDSCeirJ71IW2V7gZSBvpApL5ck5zHGqOhVpvpK4"),
    (
        "argon2id-django",
        "argon2$argon2id$v=19$m=64,t=2,p=2$c2Vhc2FsdDJzZWFzYWx0Mg$B2uTIrcYTCKlcsNch+JIQythO/tEtY9NJP08+NNcOYM",
    ),
    ("bcrypt-2b", "$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO"),
    ("bcrypt-2a", "$2a$04$f77xIxZ4t3kqPY7HLcrZv.YWWOJCcg0ZQ0wvROYaw72jtbKlyOPoO"),
    ("bcrypt-2y", "$2y$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"),
    ("bcrypt-django", "bcrypt$$2b$04$Bg5E.IBQ/yvFtNpsbneoFe4.8CAfCapUAqLOjweKwHcRSr2ju7OTy"),
    ("bcrypt-sha256-django", "bcrypt_sha256$$2b$04$f2BN/sOKjL4HW2r/CTxbUevEe7dkSngs/.OtwV0BqJQ/W9Deo4x7q"),
    ("scrypt", "$scrypt$ln=5,r=4,p=3$AAECAwQFBgcICQoLDA0ODw$TB4Da51/r6lVjwJpLee7TreUOfWtIeJlh8LHSF5jC4I"),
    (
        "scrypt-django",
        "scrypt$16$seasalt2seasalt2$8$5$plRdX+mVDebXdbD1XiX9SEdZ6ZaVWHJFkTnAV9PEHQbm2ggSXRBAJp+VmxfCzQxMJHu4suBPMU9HPXB3LKnJ3A==",
    ),
    ("pbkdf2-sha256", "$pbkdf2-sha256$i=777,l=32$AAECAwQFBgcICQoLDA0ODw$XBSXfJYO/o4oDhgbAyVT3K9jtfvcZpbyr5ly8MuMGiQ"),
    (
        "pbkdf2-sha512",
        "$pbkdf2-sha512$i=777,l=64$AAECAwQFBgcICQoLDA0ODw$5llnqlkSR+Chs1wihdUd7fyhyyNvpU7uBq4NoiqsWmh/gN+DUUi9TzSQKjdW68zaz2wwlbFbwyqVvnHrrDOsOA",
    ),
    ("pbkdf2-sha256-django", "pbkdf2_sha256$1000$seasalt2seasalt2$zU5AZO+q3BQs8wjYk63K6MkmzA8pgpmxuE/RgiDJYnM="),
    (
        "pbkdf2-sha512-django",
        "pbkdf2_sha512$500$seasalt2seasalt2$+Ej/7wKYlKhSOjzEjnSsYKDbnkR1sk2Nb1qjD0U3pxJQkYXuAb9IkgCr5GhNHfzkUNiDhu8mPCwsbw3AKhY2Ng==",
    ),
];

#[tokio::test]
async fn a_hash_of_every_scheme_signs_in_and_is_hashed_anew_at_the_first_login() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let record = |(scheme, hash): &(&str, &str)| format!("{}\n", json!({ "username": scheme, "password_hash": hash }));
    let file = HASHES.iter().map(record).collect::<Vec<_>>().concat();
    let done = import(&by, &account, NDJSON, file.clone()).await;
    assert_eq!(counts(&done), (u64::try_from(HASHES.len()).unwrap(), 0, 0));
    for (scheme, hash) in HASHES {
        let kept = || {
            let query = format!("SELECT password_hash FROM users WHERE username_key = '{scheme}'");
            app.look_into_database(&query).remove(0)
        };
        assert_eq!(kept(), hash);
        let user = User::new(app.client(), &account.slug, scheme);
        user.try_password("correct horse battery stapler").await.problem(401, "invalid_credentials");
        assert_eq!(kept(), hash, "a wrong password changes nothing");
        user.try_password(PASSWORD).await.session();
        let ours = kept();
        assert!(ours.starts_with("$argon2id$v=19$") && ours != hash, "{scheme}: {ours}");
        // The same password, now with our hash, which stays.
        user.try_password(PASSWORD).await.session();
        assert_eq!(kept(), ours);
        user.try_password("correct horse battery stapler").await.problem(401, "invalid_credentials");
    }
    // Imported again, the old hashes do not come back.
    assert_eq!(counts(&import(&by, &account, NDJSON, file).await).1, u64::try_from(HASHES.len()).unwrap());
    let old = "SELECT username FROM users WHERE password_hash NOT LIKE '$argon2id$v=19$%'";
    assert_eq!(app.look_into_database(old), [""; 0]);
}

#[tokio::test]
async fn who_must_change_the_password_does_so_at_the_first_login() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (_, hash) = HASHES[3];
    let file = json!({ "username": "ann", "password_hash": hash, "must_change_password": true }).to_string();
    import(&by, &account, NDJSON, file).await;
    let ann = User::new(app.client(), &account.slug, "ann");
    let login = ann.try_password(PASSWORD).await.challenge("password_change");
    login.new_password("nine Herons + a borrowed kettle").await.session();
    ann.try_password(PASSWORD).await.problem(401, "invalid_credentials");
}

#[tokio::test]
async fn a_disabled_user_and_one_without_a_hash_do_not_sign_in() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (_, hash) = HASHES[3];
    let disabled = json!({ "username": "ann", "password_hash": hash, "status": "disabled" });
    import(&by, &account, NDJSON, format!("{disabled}\n{{\"username\":\"bob\"}}")).await;
    for name in ["ann", "bob"] {
        let user = User::new(app.client(), &account.slug, name);
        user.try_password(PASSWORD).await.problem(401, "invalid_credentials");
    }
}
