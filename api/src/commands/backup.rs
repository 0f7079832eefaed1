//! `latchkey backup`

use std::{fs, thread};

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

use super::{Failure, arguments, print};
use crate::config::Config;

/// Copies the SQLite database; prints where the copy is and what it lacks. When stopped, it leaves nothing behind.
pub async fn run(config: &Config, options: &arguments::Backup) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let backup = store::Backup::begin(&config.store(), &options.file)?;
    let stopper = backup.stopper();
    let (done, mut outcome) = oneshot::channel();
    // A thread that the end of the process does not wait for.
    thread::Builder::new().name("backup".to_owned()).spawn(move || done.send(backup.run()))?;
    let told_to_stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
    };
    tokio::select! {
        biased;
        copied = &mut outcome => copied??,
        () = told_to_stop => {
            if stopper.stop() {
                return Err("stopped before the backup was complete; no backup was written".into());
            }
            outcome.await??;
        }
    }
    let bytes = fs::metadata(&options.file)?.len();
    print(format_args!(
        "{} holds the database ({bytes} bytes). It is useless without the master key, which it does not contain: keep \
         a copy of the key elsewhere.",
        options.file.display()
    ))?;
    Ok(())
}
