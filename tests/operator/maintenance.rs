//! Periodic work of the process.

use std::time::{Duration, Instant};

use crate::support::{TestApp, process::pause};

/// How long it may take on a busy machine.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

fn until(app: &TestApp, query: &str, wanted: &str) {
    let since = Instant::now();
    while app.look_into_database(query) != [wanted] {
        assert!(since.elapsed() < LONG_ENOUGH, "{query}: {:?}", app.look_into_database(query));
        pause(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn rounds_of_it_follow_each_other() {
    let app = TestApp::with(|config| config.maintenance.every_seconds = 1).await;
    // It begins with the day.
    until(&app, "SELECT CAST(count(*) AS TEXT) FROM two_factor_days", "1");
    for _ in 0..2 {
        app.tamper_with_database(
            "INSERT INTO two_factor_days (account_id, day, users, asked, enrolled, not_enrolled, asleep, taken_at)
             SELECT account_id, 1, users, asked, enrolled, not_enrolled, asleep, taken_at FROM two_factor_days",
        );
        until(&app, "SELECT CAST(count(*) AS TEXT) FROM two_factor_days WHERE day = 1", "0");
    }
}
