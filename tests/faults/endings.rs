//! However the process ends, what it has acknowledged is there after a restart.

use rustix::process::Signal;

use crate::support::{Home, Process, Record};

/// Asked for, by a terminal that goes, by a fault of its own (a panic that cannot be caught aborts), and without any warning.
const SIGNALS: [Signal; 6] = [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT, Signal::ABORT, Signal::KILL];

/// Starts again and again, with requests under way at every end.
async fn ends_are_survived(ends: impl IntoIterator<Item = (String, impl Fn(&Process))>) {
    let mut home = Home::with(&[("SERVER__SHUTDOWN_SECONDS", "5")]);
    let mut process = home.serve();
    home.keep_address_of(&process);
    let account = process.account("acme").await;
    let mut record = Record::of(&account).await;
    for (name, end) in ends {
        let load = record.load().await;
        record.wait_for(20).await;
        end(&process);
        process.ended_under(load).await;
        process = home.serve();
        record.check(&name).await;
    }
}

#[tokio::test]
async fn acknowledged_changes_outlive_every_signal() {
    let end = |signal| (format!("{signal:?}"), move |process: &Process| process.signal(signal));
    ends_are_survived(SIGNALS.map(end)).await;
}

#[tokio::test]
async fn acknowledged_changes_outlive_a_stop_that_is_cut_short() {
    let twice = [[Signal::TERM, Signal::TERM], [Signal::TERM, Signal::KILL], [Signal::INT, Signal::ABORT]];
    let end = |signals: [Signal; 2]| {
        (format!("{signals:?}"), move |process: &Process| signals.into_iter().for_each(|signal| process.signal(signal)))
    };
    ends_are_survived(twice.map(end)).await;
}
