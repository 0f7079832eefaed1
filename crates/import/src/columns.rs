//! Columns: the meaning of a record's fields.

use zeroize::Zeroizing;

use crate::{Draft, Format, Record, Refused, csv_record, fields::Fields, json_record};

/// The columns that a CSV file may have.
const KNOWN: [&str; 10] = [
    "username",
    "display_name",
    "email",
    "status",
    "permissions",
    "password_hash",
    "password_changed_at",
    "must_change_password",
    "totp_secret",
    "totp_migration",
];

/// The meaning of a record's fields: by name in NDJSON, by the header in CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns(Meaning);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    Named,
    Ordered(Vec<&'static str>),
}

/// Why a file cannot be imported at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderRefused {
    /// The header is not a valid record.
    #[error("line {line} must name the columns: {why}")]
    Malformed {
        /// The line of the header.
        line: u32,
        /// What is wrong with it.
        why: Refused,
    },
    /// An unknown column.
    #[error("column {number} has an unknown name; known names are {}", KNOWN.join(", "))]
    Unknown {
        /// Its number, from 1.
        number: usize,
    },
    /// A column occurs twice.
    #[error("the column {0} appears twice")]
    Twice(&'static str),
    /// There is no column for usernames.
    #[error("the column username is missing")]
    NoUsername,
}

impl Columns {
    /// The meaning of fields with names.
    pub const fn named() -> Self {
        Self(Meaning::Named)
    }

    /// Parses the header of a CSV file.
    pub fn of_header(record: &Record) -> Result<Self, HeaderRefused> {
        let malformed = |why| HeaderRefused::Malformed { line: record.line, why };
        let names = text_of(record).and_then(csv_record::read).map_err(malformed)?;
        let mut columns = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let known = KNOWN.into_iter().find(|known| name.trim().eq_ignore_ascii_case(known));
            let known = known.ok_or(HeaderRefused::Unknown { number: at.saturating_add(1) })?;
            if columns.contains(&known) {
                return Err(HeaderRefused::Twice(known));
            }
            columns.push(known);
        }
        if !columns.contains(&"username") {
            return Err(HeaderRefused::NoUsername);
        }
        Ok(Self(Meaning::Ordered(columns)))
    }

    /// The text to store: the names separated by commas; empty for NDJSON.
    pub fn to_text(&self) -> String {
        match &self.0 {
            Meaning::Named => String::new(),
            Meaning::Ordered(columns) => columns.join(","),
        }
    }

    /// Parses what [`Self::to_text`] has written; `None` for anything else.
    pub fn of_text(format: Format, text: &str) -> Option<Self> {
        match format {
            Format::Ndjson => text.is_empty().then_some(Self::named()),
            // A file without any record has no header either.
            Format::Csv if text.is_empty() => Some(Self(Meaning::Ordered(Vec::new()))),
            Format::Csv => {
                let known = |name| KNOWN.into_iter().find(|known| *known == name);
                let columns = text.split(',').map(known).collect::<Option<_>>()?;
                Some(Self(Meaning::Ordered(columns)))
            }
        }
    }

    /// Parses a record.
    pub fn read(&self, record: &Record) -> Result<Draft, Refused> {
        let text = text_of(record)?;
        let fields = match &self.0 {
            Meaning::Named => json_record::read(text)?,
            Meaning::Ordered(columns) => ordered(columns, csv_record::read(text)?)?,
        };
        fields.into_draft()
    }
}

fn text_of(record: &Record) -> Result<&str, Refused> {
    let bytes = record.bytes.as_ref().ok_or(Refused::TooLong)?;
    let text = std::str::from_utf8(bytes).map_err(|why| Refused::NotUtf8(why.valid_up_to().saturating_add(1)))?;
    if text.contains('\0') { Err(Refused::Nul) } else { Ok(text) }
}

fn ordered(columns: &[&'static str], values: Vec<Zeroizing<String>>) -> Result<Fields, Refused> {
    if values.len() != columns.len() {
        let why = format!("the number of fields is {}, but the header names {}", values.len(), columns.len());
        return Err(Refused::Malformed(why));
    }
    let mut fields = Fields::default();
    for (column, value) in columns.iter().zip(values).filter(|(_, value)| !value.is_empty()) {
        let plain = || value.to_string();
        match *column {
            "username" => fields.username = Some(plain()),
            "display_name" => fields.display_name = Some(plain()),
            "email" => fields.email = Some(plain()),
            "status" => fields.status = Some(plain()),
            "permissions" => {
                let names = value.split([' ', ';', ',']).filter(|name| !name.is_empty());
                fields.permissions = names.map(str::to_owned).collect();
            }
            "password_hash" => fields.password_hash = Some(value),
            "password_changed_at" => fields.password_changed_at = Some(plain()),
            "must_change_password" => fields.must_change_password = Some(yes_or_no(&value)?),
            "totp_secret" => fields.totp_secret = Some(value),
            "totp_migration" => fields.totp_migration = Some(value),
            _ => {}
        }
    }
    Ok(fields)
}

fn yes_or_no(text: &str) -> Result<bool, Refused> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Refused::Invalid { field: "must_change_password", why: "must be true or false" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BCRYPT: &str = "$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO";

    fn record(text: &[u8]) -> Record {
        Record { line: 1, bytes: Some(Zeroizing::new(text.to_vec())) }
    }

    fn json(text: &str) -> Result<Draft, Refused> {
        Columns::named().read(&record(text.as_bytes()))
    }

    fn csv(header: &str, line: &str) -> Result<Draft, Refused> {
        Columns::of_header(&record(header.as_bytes())).unwrap().read(&record(line.as_bytes()))
    }

    #[test]
    fn one_user_in_both_formats_is_one_draft() {
        let from_json = json(&format!(
            r#"{{"username":"ann","display_name":"Ann, the first","email":"ann@example.org","status":"disabled",
                "permissions":["account_settings","user_permissions"],"password_hash":"{BCRYPT}",
                "password_changed_at":"2024-02-29T12:00:00+01:00","must_change_password":true,
                "totp_secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","totp_migration":null}}"#
        ))
        .unwrap();
        let from_csv = csv(
            "Email,username,permissions,display_name,status,password_hash,password_changed_at,must_change_password,totp_migration",
            &format!(
                "ann@example.org,ann,user_permissions;account_settings,\"Ann, the first\",disabled,\"{BCRYPT}\",\
                 2024-02-29T11:00:00Z,TRUE,otpauth://totp/x?secret=gezdgnbvgy3tqojqgezdgnbvgy3tqojq"
            ),
        )
        .unwrap();
        assert_eq!(from_json.digest(), from_csv.digest());
        assert_eq!(from_csv.display_name.as_deref(), Some("Ann, the first"));
        assert_eq!(from_csv.status, crate::Status::Disabled);
        assert!(from_csv.must_change_password && from_csv.totp.is_some());
        assert_eq!(format!("{from_csv:?}"), "Draft(..)");
    }

    #[test]
    fn a_secret_and_yes_or_no_are_read_from_csv() {
        let header = "username,totp_secret,must_change_password";
        for (word, expected) in [("true", true), ("1", true), ("False", false), (" 0 ", false), ("", false)] {
            let line = format!("ann,GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ,{word}");
            let draft = csv(header, &line).unwrap();
            assert_eq!(draft.must_change_password, expected, "{word}");
            assert_eq!(draft.totp.unwrap().as_bytes(), b"12345678901234567890");
        }
    }

    #[test]
    fn a_user_has_up_to_a_hundred_permissions() {
        let with = |count: usize| csv("username,permissions", &format!("ann,{}", "x ".repeat(count)));
        assert_eq!(with(100).unwrap().permissions.len(), 100);
        assert_eq!(with(101).unwrap_err().to_string(), "permissions: must have at most 100 permissions");
    }

    #[test]
    fn every_field_counts_in_the_digest() {
        let lines = [
            r#"{"username":"ann"}"#,
            r#"{"username":"Ann"}"#,
            r#"{"username":"ann","display_name":"x"}"#,
            r#"{"username":"ann","email":"x"}"#,
            r#"{"username":"ann","status":"disabled"}"#,
            r#"{"username":"ann","permissions":["x"]}"#,
            r#"{"username":"ann","permissions":["x","y"]}"#,
            r#"{"username":"ann","permissions":["xy"]}"#,
            r#"{"username":"ann","must_change_password":true}"#,
            r#"{"username":"ann","totp_secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}"#,
            r#"{"username":"ann","password_hash":"$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO"}"#,
        ];
        let digests: std::collections::HashSet<_> = lines.iter().map(|line| json(line).unwrap().digest()).collect();
        assert_eq!(digests.len(), lines.len());
        assert_eq!(json(lines[0]).unwrap().digest(), csv("username,email", "ann,").unwrap().digest());
    }

    #[test]
    fn what_is_wrong_is_said_without_repeating_it() {
        for (line, code, message) in [
            ("", "malformed", "the JSON ends too early (column 0)"),
            ("{", "malformed", "the JSON ends too early (column 1)"),
            ("hunter2", "malformed", "this is not JSON: expected value (column 1)"),
            (" [\"hunter2\"]", "malformed", "a line must be a JSON object"),
            ("\"hunter2\"", "malformed", "a value has the wrong type (column 9): expected a JSON object"),
            ("{}", "required", "username is required"),
            (r#"{"username":""}"#, "required", "username is required"),
            (
                r#"{"username":"a","password":"hunter2"}"#,
                "malformed",
                "there is an unknown key (column 26); known keys are `username`, `display_name`, `email`, `status`, \
                 `permissions`, `password_hash`, `password_changed_at`, `must_change_password`, `totp_secret`, \
                 `totp_migration`",
            ),
            (r#"{"username":"a","username":"b"}"#, "malformed", "there is a duplicate key `username` (column 26)"),
            (
                r#"{"username":"a","must_change_password":"hunter2"}"#,
                "malformed",
                "a value has the wrong type (column 48): expected a boolean",
            ),
            (r#"{"username":"a","status":"hunter2"}"#, "invalid", "status: must be active or disabled"),
            (
                r#"{"username":"a","password_hash":"hunter2"}"#,
                "invalid_password_hash",
                "the password hash has no known scheme (Argon2, bcrypt, scrypt, PBKDF2-SHA256, PBKDF2-SHA512)",
            ),
            (
                r#"{"username":"a","totp_secret":"hunter2!"}"#,
                "invalid_totp",
                "totp_secret: the secret is not base32 (letters and the digits 2 to 7)",
            ),
            (
                r#"{"username":"a","totp_migration":"hunter2"}"#,
                "invalid_totp",
                "totp_migration: this is neither an otpauth://totp/ nor an otpauth-migration:// URI",
            ),
            (
                r#"{"username":"a","totp_secret":"A","totp_migration":"A"}"#,
                "invalid",
                "totp_migration: cannot be combined with totp_secret",
            ),
            (
                r#"{"username":"a","password_changed_at":"2024-01-01T00:00:00Z"}"#,
                "invalid",
                "password_changed_at: cannot be given without password_hash",
            ),
        ] {
            let refused = json(line).unwrap_err();
            assert_eq!((refused.code(), refused.to_string().as_str()), (code, message), "{line}");
        }
        let date = |text: &str| {
            json(&format!(r#"{{"username":"a","password_hash":"{BCRYPT}","password_changed_at":"{text}"}}"#)).is_ok()
        };
        assert!(date("2024-01-01T00:00:00.123456789Z"));
        assert!(!date("yesterday") && !date("1969-12-31T23:59:59Z") && !date("2024-01-01"));
    }

    #[test]
    fn bytes_that_are_no_text_are_told_by_their_place() {
        let refusal = |bytes: &[u8]| Columns::named().read(&record(bytes)).unwrap_err();
        assert_eq!(refusal(b"{\"username\":\"\xff\"}"), Refused::NotUtf8(14));
        assert_eq!(refusal(b"{\"username\":\"a\0\"}"), Refused::Nul);
        assert_eq!(Columns::named().read(&Record { line: 3, bytes: None }).unwrap_err(), Refused::TooLong);
    }

    #[test]
    fn a_record_has_as_many_fields_as_the_header() {
        let refused = csv("username,email", "a").unwrap_err();
        assert_eq!(refused.to_string(), "the number of fields is 1, but the header names 2");
        assert!(csv("username,email", "a,b,c").is_err());
        assert!(csv("username,must_change_password", "a,perhaps").is_err());
    }

    #[test]
    fn a_header_that_means_nothing_is_refused() {
        let header = |text: &[u8]| Columns::of_header(&record(text));
        assert_eq!(header(b"username,passwort"), Err(HeaderRefused::Unknown { number: 2 }));
        assert_eq!(header(b"username,Username"), Err(HeaderRefused::Twice("username")));
        assert_eq!(header(b"email"), Err(HeaderRefused::NoUsername));
        assert!(matches!(header(b"\xff"), Err(HeaderRefused::Malformed { line: 1, .. })));
        let good = header(b" Username ,\"email\"").unwrap();
        assert_eq!(good.to_text(), "username,email");
        assert_eq!(Columns::of_text(Format::Csv, &good.to_text()), Some(good));
        assert_eq!(Columns::of_text(Format::Ndjson, ""), Some(Columns::named()));
        assert_eq!(Columns::of_text(Format::Ndjson, "username"), None);
        let none = Columns::of_text(Format::Csv, "").unwrap();
        assert_eq!((none.to_text().as_str(), none == Columns::named()), ("", false));
        assert_eq!(Columns::of_text(Format::Csv, "username,hunter2"), None);
    }
}
