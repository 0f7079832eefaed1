//! Checks whether the master key exists and belongs to this database.

use service::{MasterKey, examine};
use store::Store;

use super::{super::Failure, Report, database::Looked};
use crate::{
    config::Config,
    master_key::{find, place},
};

pub(super) async fn check(report: &mut Report, config: &Config, looked: Looked) -> Result<(), Failure> {
    let (sealed, store) = match looked {
        Looked::NotThere => (Some(Vec::new()), None),
        Looked::Unknown => (None, None),
        Looked::Open { store, sealed, is_ready } => (Some(sealed), Some(store).filter(|_| is_ready)),
    };
    let place = place(config);
    let key = match (find(config, sealed.as_deref().unwrap_or_default()), sealed) {
        (Err(why), _) => return Ok(report.failed("master key", why)?),
        (Ok(None), Some(_)) => {
            return Ok(report.todo("master key", format_args!("{place} will be created by the first start"))?);
        }
        (Ok(None), None) => {
            let text = format_args!("there is none at {place}; cannot tell whether the database needs one");
            return Ok(report.note("master key", text)?);
        }
        (Ok(Some(_)), None) => {
            let text = format_args!("{place} can be read; cannot tell whether it belongs to this database");
            return Ok(report.note("master key", text)?);
        }
        (Ok(Some(found)), Some(sealed)) if sealed.is_empty() => {
            report.ok("master key", format_args!("{place}; the database holds nothing sealed yet"))?;
            found.key
        }
        (Ok(Some(found)), Some(_)) => {
            report.ok("master key", format_args!("{place} belongs to this database"))?;
            found.key
        }
    };
    match store {
        Some(store) => check_service(report, &store, &key).await,
        None => Ok(()),
    }
}

async fn check_service(report: &mut Report, store: &Store, key: &MasterKey) -> Result<(), Failure> {
    let found = match examine(store, key).await {
        Ok(found) => found,
        Err(why) => return Ok(report.failed("keys", why)?),
    };
    if found.signing_keys == 0 {
        report.todo("keys", "the first start creates one to sign access tokens")?;
    } else {
        report.ok("keys", format_args!("{} to verify access tokens", found.signing_keys))?;
    }
    if found.has_platform_administrator {
        report.ok("platform administrator", "")?;
    } else {
        report.todo("platform administrator", "run latchkey init --username NAME")?;
    }
    Ok(())
}
