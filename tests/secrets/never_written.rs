//! A whole story at the most verbose level: no secret in what the service prints, stores or answers in errors.

use std::fs;

use diesel::{Connection, PgConnection, RunQueryDsl, sql_query, sql_types::Text};
use secrecy::ExposeSecret;

use super::{needles::Needles, story::Story};
use crate::support::Home;

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// All that the database holds: the files of SQLite, or every row of PostgreSQL as text.
fn database(home: &Home) -> Vec<u8> {
    let Some(url) = home.database_url() else {
        let files = fs::read_dir(home.data()).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<_> = files.filter(|path| path.file_name().unwrap() != "master.key").collect();
        assert!(files.iter().any(|path| path.ends_with("latchkey.db")), "{files:?}");
        return files.iter().flat_map(|path| fs::read(path).unwrap()).collect();
    };
    let mut conn = PgConnection::establish(url.expose_secret()).unwrap();
    let tables = "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'";
    let tables: Vec<Line> = sql_query(tables).load(&mut conn).unwrap();
    let mut all = String::new();
    for Line { line: table } in tables {
        let rows: Vec<Line> = sql_query(format!("SELECT t::text AS line FROM {table} t")).load(&mut conn).unwrap();
        for Line { line: row } in rows {
            all.extend([&*table, ": ", &*row, "\n"]);
        }
    }
    all.into_bytes()
}

async fn nothing_is_written(format: &str) {
    let pepper = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let peppers = format!("k1:{pepper}");
    let home = Home::with(&[("LOG__LEVEL", "trace"), ("LOG__FORMAT", format), ("PASSWORD_HASHING__PEPPERS", &peppers)]);
    let mut process = home.serve();
    let mut story = Story::play(&home, &process).await;
    story.secrets.text("a pepper", pepper);

    let kept = database(&home);
    process.terminate();
    process.wait_for_success();
    let output = process.output();
    let printed = output.lines().count();
    assert!(printed > 50, "it was talkative: {printed} lines");

    story.secrets.assert_absent("its output", output.as_bytes());
    story.secrets.assert_absent("an error reply", story.refusals.as_bytes());
    story.secrets.assert_absent("the database", &kept);
    // After the end, when all is in one file.
    story.secrets.assert_absent("the database", &database(&home));
    Needles::assert_no_code(&story.codes, "its output", &output);
    Needles::assert_no_code(&story.codes, "an error reply", &story.refusals);

    // The search looks into what is there.
    let kept = String::from_utf8_lossy(&kept);
    assert!(
        kept.contains("misplaces") && kept.contains("$argon2id$v=19$m=19456,t=2,p=1,keyid=azE$"),
        "names and hashes"
    );
    assert!(kept.contains("login.code_rejected") && kept.contains("two_factor.recovery_code_used"), "audit events");
}

mod slow {
    use super::nothing_is_written;

    #[tokio::test]
    async fn with_lines_for_people() {
        nothing_is_written("text").await;
    }

    #[tokio::test]
    async fn with_lines_for_machines() {
        nothing_is_written("json").await;
    }
}
