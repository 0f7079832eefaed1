//! Tests hashes made by other systems.

use proptest::prelude::*;

use super::*;
use crate::Password;

const ASCII: &str = "correct horse battery staple";
const UNICODE: &str = "pässwörd ٣ 👩‍🚀";

/// Made with Django 5.2, bcrypt 4.0 and passlib 1.7, and with Python's hashlib for PHC strings with named parameters;
/// at low cost, so that the test is quick.
const VECTORS: [(&str, &str); 28] = [
    (ASCII, "pbkdf2_sha256$1000$seasalt2seasalt2$zU5AZO+q3BQs8wjYk63K6MkmzA8pgpmxuE/RgiDJYnM="),
    (
        ASCII,
        "pbkdf2_sha512$500$seasalt2seasalt2$+Ej/7wKYlKhSOjzEjnSsYKDbnkR1sk2Nb1qjD0U3pxJQkYXuAb9IkgCr5GhNHfzkUNiDhu8mPCwsbw3AKhY2Ng==",
    ),
    (
        ASCII,
        "scrypt$16$seasalt2seasalt2$8$5$plRdX+mVDebXdbD1XiX9SEdZ6ZaVWHJFkTnAV9PEHQbm2ggSXRBAJp+VmxfCzQxMJHu4suBPMU9HPXB3LKnJ3A==",
    ),
    (ASCII, "argon2$argon2id$v=19$m=64,t=2,p=2$c2Vhc2FsdDJzZWFzYWx0Mg$B2uTIrcYTCKlcsNch+JIQythO/tEtY9NJP08+NNcOYM"),
    (ASCII, "$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO"),
    (ASCII, "$2a$04$f77xIxZ4t3kqPY7HLcrZv.YWWOJCcg0ZQ0wvROYaw72jtbKlyOPoO"),
    (ASCII, "bcrypt_sha256$$2b$04$f2BN/sOKjL4HW2r/CTxbUevEe7dkSngs/.OtwV0BqJQ/W9Deo4x7q"),
    (ASCII, "bcrypt$$2b$04$Bg5E.IBQ/yvFtNpsbneoFe4.8CAfCapUAqLOjweKwHcRSr2ju7OTy"),
    (ASCII, "$pbkdf2-sha256$1000$fA/BeM8Zg7DWei.l9L6Xsg$CoN930ScA0aC.ALiIuMLBmkA3usyJ10B1GgfQItL/30"),
    (
        ASCII,
        "$pbkdf2-sha512$500$2RujNAYAwJjzPodQaq2VMg$Q75dQFmFOx1p0x7dJ2DAm8olc8Fh40i0BPHhU1R7n08ATtOSVwbIE492MWumctYPXTr5ymk7v79d6fYPQ6jPHw",
    ),
    (ASCII, "$scrypt$ln=4,r=8,p=2$SMmZk3LOubeWkhIiZOz9nw$p8Wo0XDTd+nNwEv10D07gOdhGc/HDCVKkAgS58pfD3U"),
    (ASCII, "$pbkdf2-sha256$i=777,l=32$AAECAwQFBgcICQoLDA0ODw$XBSXfJYO/o4oDhgbAyVT3K9jtfvcZpbyr5ly8MuMGiQ"),
    (
        ASCII,
        "$pbkdf2-sha512$i=777,l=64$AAECAwQFBgcICQoLDA0ODw$5llnqlkSR+Chs1wihdUd7fyhyyNvpU7uBq4NoiqsWmh/gN+DUUi9TzSQKjdW68zaz2wwlbFbwyqVvnHrrDOsOA",
    ),
    (ASCII, "$scrypt$ln=5,r=4,p=3$AAECAwQFBgcICQoLDA0ODw$TB4Da51/r6lVjwJpLee7TreUOfWtIeJlh8LHSF5jC4I"),
    (UNICODE, "pbkdf2_sha256$1000$seasalt2seasalt2$63wOnOZagMh0NsVp2AylWcNLX1pFX1U1i7Ts+/s8J5M="),
    (
        UNICODE,
        "pbkdf2_sha512$500$seasalt2seasalt2$voyMTaQfUtfmQamQgXj4+BhqX/Xfb8QtSTvBy/Iv5FV/sQdFqa3Z660dNeGwB6vgkZOvIp68ybuwYp9qQBhHng==",
    ),
    (
        UNICODE,
        "scrypt$16$seasalt2seasalt2$8$5$7MngePZYT+ln/+PRr3sZ62e6x5OaOoixUD4oS/vUsiucJ4KuFF2uViuiXciMnam5ofC6aU6gyTToZnnOk8cmPQ==",
    ),
    (UNICODE, "argon2$argon2id$v=19$m=64,t=2,p=2$c2Vhc2FsdDJzZWFzYWx0Mg$ywmEbNhJIFyKFW7I2WXF7Kv3vTgD66bHkWvztLfrj8M"),
    (UNICODE, "$2b$04$OeKra235ejHeNHXiHTHgOOEx.it1BDQNd2iIhCqWVcPwlw8142JcO"),
    (UNICODE, "$2a$04$PkR7JEy1zpK58ZQt2BUSWOliU/rsnGJKMH.IWYlkRwq0savDhiBEu"),
    (UNICODE, "bcrypt_sha256$$2b$04$YC1yoSHGQKyQ0PyOwtueaeZtLiZtJ4DLgJy9hM7VQaZvtCZsWbDqS"),
    (UNICODE, "bcrypt$$2b$04$N2LpP0kxkOCf.4KUuFIhtOCJ0dNlOUoUCuE.MkluwjtuX.6lr2YqO"),
    (UNICODE, "$pbkdf2-sha256$1000$9l6r9V7r/R9D6N3bW.sdQw$yfD4ewPV80rby8EExbhpNNDte3BZtiVQ2W6873JSKGA"),
    (
        UNICODE,
        "$pbkdf2-sha512$500$Wevdu9c6Z4wxhpCylnLOuQ$v0LgY8r6m/m.GNcOjaD1efexnDBX4yQnQjkkN.2YGQP7bDliG3ggpv09OdTUQhitemcBmRv83WAd6LOPaPKUFg",
    ),
    (UNICODE, "$scrypt$ln=4,r=8,p=2$AKC0ljKmlDJGSAnhfE/JuQ$m9QlsPKBxJDYKjVAPm8scbvc7l+YtLwtecTmOF29PLU"),
    (UNICODE, "$pbkdf2-sha256$i=777,l=32$AAECAwQFBgcICQoLDA0ODw$jkAi7QOdMPg0njXx8Acyy/4UfWOz7ZSt2GC8xgDZwfs"),
    (
        UNICODE,
        "$pbkdf2-sha512$i=777,l=64$AAECAwQFBgcICQoLDA0ODw$f10av7+CAIRkw/fbxCrOCnHegm7uQytZ8N0CnoqEgosK7ZLQKmJvV1R1hV99hykMpnGbTbk1vRobPptt6NXXDQ",
    ),
    (UNICODE, "$scrypt$ln=5,r=4,p=3$AAECAwQFBgcICQoLDA0ODw$rbkuvBjjTe6RU6+0/j1iU2G0H55BE52ZBWwg0aorG6s"),
];

/// (password, hash) from documents: RFC 7914 §11 and §12, and the test vectors of the `crypt_blowfish` library.
const FROM_DOCUMENTS: [(&str, &str); 6] = [
    (
        "passwd",
        "$pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw",
    ),
    (
        "Password",
        "$pbkdf2-sha256$i=80000,l=64$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ",
    ),
    (
        "password",
        "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA",
    ),
    ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
    ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
];

fn verify(password: &str, hash: &str) -> Verified {
    let hash = PasswordHash::parse(hash).unwrap_or_else(|why| panic!("{why}: {hash}"));
    Hasher::new(HashParams::weak_for_tests()).verify(&Password::new(password).unwrap(), &hash)
}

#[test]
fn hashes_of_other_systems_verify_and_are_outdated() {
    for (right, hash) in VECTORS {
        for candidate in [ASCII, UNICODE] {
            let expected = if candidate == right { Verified::YesButOutdated } else { Verified::No };
            assert_eq!(verify(candidate, hash), expected, "{candidate} {hash}");
        }
    }
}

#[test]
fn the_vectors_of_documents() {
    for (password, hash) in FROM_DOCUMENTS {
        assert_eq!(verify(password, hash), Verified::YesButOutdated, "{hash}");
        assert_eq!(verify(&format!("{password}x"), hash), Verified::No, "{hash}");
    }
}

#[test]
fn the_variants_2y_and_2b_of_bcrypt_are_one() {
    assert_eq!(verify(ASCII, "$2y$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"), Verified::YesButOutdated);
    assert_eq!(verify(ASCII, "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"), Verified::YesButOutdated);
}

#[test]
fn plain_bcrypt_sees_72_bytes_and_with_sha256_all() {
    let plain = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
    let hashed_first = "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuVTgWIlfVafOdCoNj73.S3YIYkZL7g7S";
    for (length, of_plain, of_hashed) in [
        (71, Verified::No, Verified::No),
        (72, Verified::YesButOutdated, Verified::No),
        (80, Verified::YesButOutdated, Verified::YesButOutdated),
        (81, Verified::YesButOutdated, Verified::No),
    ] {
        assert_eq!(verify(&"x".repeat(length), plain), of_plain, "{length}");
        assert_eq!(verify(&"x".repeat(length), hashed_first), of_hashed, "{length}");
    }
}

#[test]
fn schemes_have_names() {
    let names: Vec<_> = VECTORS.iter().map(|(_, hash)| PasswordHash::parse(hash).unwrap().scheme_name()).collect();
    assert_eq!(
        names[..14],
        [
            "pbkdf2-sha256",
            "pbkdf2-sha512",
            "scrypt",
            "argon2id",
            "bcrypt",
            "bcrypt",
            "bcrypt",
            "bcrypt",
            "pbkdf2-sha256",
            "pbkdf2-sha512",
            "scrypt",
            "pbkdf2-sha256",
            "pbkdf2-sha512",
            "scrypt",
        ]
    );
}

#[test]
fn what_is_malformed_or_too_costly_is_refused_with_a_reason() {
    let (salt, output) = ("AAECAwQFBgcICQoLDA0ODw", "XBSXfJYO/o4oDhgbAyVT3K9jtfvcZpbyr5ly8MuMGiQ");
    let bcrypt_rest = "abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG";
    for (text, part) in [
        ("$1$salt$hash".into(), "no known scheme"),
        ("$6$salt$hash".into(), "no known scheme"),
        ("{SSHA}abcdef".into(), "no known scheme"),
        ("md5$salt$hash".into(), "no known scheme"),
        ("pbkdf2_sha1$1000$salt$hash".into(), "no known scheme"),
        ("5f4dcc3b5aa765d61d8327deb882cf99".into(), "no known scheme"),
        ("$".into(), "no known scheme"),
        ("bcrypt$hunter22".into(), "no known scheme"),
        (format!("$2x$04${bcrypt_rest}"), "faulty"),
        (format!("$2b$03${bcrypt_rest}"), "at least 4"),
        (format!("$2b$15${bcrypt_rest}"), "too much"),
        (format!("$2b$31${bcrypt_rest}"), "too much"),
        (format!("$2b$4${bcrypt_rest}"), "not a bcrypt hash"),
        (format!("$2b$04${bcrypt_rest}x"), "not a bcrypt hash"),
        ("$2b$04$".into(), "not a bcrypt hash"),
        ("$2b$04$é".repeat(9), "printable ASCII"),
        (format!("pbkdf2_sha256$1$a\0b${output}="), "printable ASCII"),
        (format!("$pbkdf2-sha256$i=2000001${salt}${output}"), "too much"),
        (format!("$pbkdf2-sha256$4294967295${salt}${output}"), "too much"),
        (format!("$pbkdf2-sha256$i=0${salt}${output}"), "at least 1"),
        (format!("$pbkdf2-sha256$i=-1${salt}${output}"), "number"),
        (format!("$pbkdf2-sha256$i=+1${salt}${output}"), "number"),
        (format!("$pbkdf2-sha256$i=99999999999${salt}${output}"), "number"),
        (format!("$pbkdf2-sha256$i=1,l=31${salt}${output}"), "length of the hash"),
        (format!("$pbkdf2-sha256$x=1${salt}${output}"), "wrong parameters"),
        (format!("$pbkdf2-sha256$i=1${salt}"), "fields"),
        (format!("$pbkdf2-sha256$i=1${salt}${output}$"), "fields"),
        (format!("$pbkdf2-sha256$i=1$${output}"), "1 to 64"),
        (format!("$pbkdf2-sha256$i=1$?${output}"), "salt is not base64"),
        (format!("$pbkdf2-sha256$i=1${salt}$AAAA"), "16 to 64"),
        (format!("$pbkdf2-sha256$i=1${salt}${output}="), "hash is not base64"),
        (format!("pbkdf2_sha256$1${salt}${output}"), "hash is not base64"),
        (format!("$scrypt$ln=0,r=8,p=1${salt}${output}"), "at least 1"),
        (format!("$scrypt$ln=14,r=8,p=0${salt}${output}"), "at least 1"),
        (format!("$scrypt$ln=14,r=0,p=1${salt}${output}"), "at least 1"),
        (format!("$scrypt$ln=14,r=8${salt}${output}"), "wrong parameters"),
        (format!("$scrypt$r=8,ln=14,p=1${salt}${output}"), "wrong parameters"),
        (format!("$scrypt$ln=19,r=8,p=1${salt}${output}"), "too much"),
        (format!("$scrypt$ln=18,r=8,p=5${salt}${output}"), "too much"),
        (format!("$scrypt$ln=1,r=8,p=65${salt}${output}"), "too much"),
        (format!("$scrypt$ln=1,r=33,p=1${salt}${output}"), "too much"),
        (format!("$scrypt$ln=17,r=8,p=3${salt}${output}"), "too much"),
        (format!("$scrypt$ln=63,r=4294967295,p=1${salt}${output}"), "too much"),
        (format!("$scrypt$ln=300,r=8,p=1${salt}${output}"), "too much"),
        (format!("scrypt$3${salt}$8$1${output}="), "power of two"),
        (format!("scrypt$1${salt}$8$1${output}="), "power of two"),
    ] {
        let why = PasswordHash::parse(&text).err().map(|why| why.to_string()).unwrap_or_default();
        assert!(why.contains(part), "{text}: {why}");
        assert!(!why.contains(output), "the reason shows the hash: {why}");
    }
}

#[test]
fn the_lowest_and_the_highest_costs_are_accepted() {
    let (salt, output) = ("AAECAwQFBgcICQoLDA0ODw", "XBSXfJYO/o4oDhgbAyVT3K9jtfvcZpbyr5ly8MuMGiQ");
    for text in [
        format!("pbkdf2_sha256$1${salt}${output}="),
        format!("scrypt$2${salt}$1$1${output}="),
        format!("$scrypt$ln=1,r=1,p=1${salt}${output}"),
        format!("$scrypt$ln=4,r=32,p=64${salt}${output}"),
        format!("$scrypt$ln=17,r=8,p=2${salt}${output}"),
    ] {
        assert!(PasswordHash::parse(&text).is_ok(), "{text}");
    }
}

#[test]
fn what_a_check_takes_is_told_from_the_parameters_and_is_bounded() {
    let (salt, output) = ("AAECAwQFBgcICQoLDA0ODw", "XBSXfJYO/o4oDhgbAyVT3K9jtfvcZpbyr5ly8MuMGiQ");
    let long = "5llnqlkSR+Chs1wihdUd7fyhyyNvpU7uBq4NoiqsWmh/gN+DUUi9TzSQKjdW68zaz2wwlbFbwyqVvnHrrDOsOA";
    let bcrypt_rest = "abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG";
    for (text, expected) in [
        (format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${output}"), 38),
        (format!("$argon2id$v=19$m=262144,t=4,p=1${salt}${output}"), 1_024),
        (format!("$2b$04${bcrypt_rest}"), 0),
        (format!("$2b$10${bcrypt_rest}"), 62),
        (format!("$2b$12${bcrypt_rest}"), 250),
        (format!("$2y$14${bcrypt_rest}"), 1_000),
        (format!("$pbkdf2-sha256$i=600000,l=32${salt}${output}"), 300),
        (format!("$pbkdf2-sha256$i=600000,l=64${salt}${long}"), 600),
        (format!("$pbkdf2-sha512$i=600000,l=64${salt}${long}"), 300),
        (format!("pbkdf2_sha256$2000000${salt}${output}="), 1_000),
        (format!("$scrypt$ln=14,r=8,p=1${salt}${output}"), 62),
        (format!("$scrypt$ln=18,r=8,p=1${salt}${output}"), 1_000),
    ] {
        assert_eq!(PasswordHash::parse(&text).unwrap().check_milliseconds(), expected, "{text}");
    }
}

/// It takes as long as the hashes, and depends on the machine, so it is a test of an optimized build alone:
/// `cargo test --release -p password-policy estimates -- --nocapture`. There no line may report more than the estimate.
#[cfg_attr(not(debug_assertions), test)]
#[cfg_attr(debug_assertions, expect(dead_code, reason = "a test of an optimized build"))]
fn the_estimates_are_no_shorter_than_what_checks_take_here() {
    let (salt, output) = ("AAECAwQFBgcICQoLDA0ODw", "XBSXfJYO/o4oDhgbAyVT3K9jtfvcZpbyr5ly8MuMGiQ");
    let long = "5llnqlkSR+Chs1wihdUd7fyhyyNvpU7uBq4NoiqsWmh/gN+DUUi9TzSQKjdW68zaz2wwlbFbwyqVvnHrrDOsOA";
    let bcrypt_rest = "abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG";
    for text in [
        format!("$argon2id$v=19$m=262144,t=4,p=1${salt}${output}"),
        format!("$2b$14${bcrypt_rest}"),
        format!("$pbkdf2-sha256$i=2000000,l=32${salt}${output}"),
        format!("$pbkdf2-sha512$i=2000000,l=64${salt}${long}"),
        format!("$scrypt$ln=18,r=8,p=1${salt}${output}"),
    ] {
        let hash = PasswordHash::parse(&text).unwrap();
        let began = std::time::Instant::now();
        assert_eq!(verify("another password", &text), Verified::No);
        let (took, told) = (began.elapsed().as_millis(), hash.check_milliseconds());
        println!("{}: {took} ms, told {told} ms", hash.scheme_name());
        assert!(took <= u128::from(told) * 2, "{text}: {took} ms");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}|[$a-z0-9_=,./+-]{0,120}") {
        if let Ok(hash) = PasswordHash::parse(&text) {
            prop_assert_eq!(hash.as_str(), text);
        }
    }

    #[test]
    fn any_change_to_a_vector_is_read_or_refused(index in 0..VECTORS.len(), at in 0_usize..120, byte in 32_u8..127) {
        let mut text = VECTORS[index].1.as_bytes().to_vec();
        if let Some(place) = text.get_mut(at) {
            *place = byte;
        }
        // The point is that it does not panic; what is parsed could be verified in bounded time.
        let _ = PasswordHash::parse(std::str::from_utf8(&text).unwrap());
    }
}
