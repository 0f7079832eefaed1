//! Changes of the catalogue, one after another.

use kernel::AccountId;
use permissions::PlatformAdministration;
use store::tables::directory::accounts;

use crate::{
    authority::{acting::Acting, allowed::Allowed},
    base::{
        error::{Error, Result},
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
};

impl Service {
    /// Runs `what`, which changes the catalogue. The platform's account, whose id it gets, is locked: nobody else
    /// changes the catalogue before this transaction ends.
    ///
    /// # Errors
    /// Those of the first check, if it would fail now; those of `what`.
    pub(super) async fn act_on_catalogue<T: Send + 'static>(
        &self,
        by: &Allowed<PlatformAdministration>,
        mut what: impl FnMut(Acting<'_, '_>, AccountId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let platform = self.store.read(|conn| accounts::by_slug(conn, PLATFORM_SLUG)?.ok_or(Error::NotFound)).await?.id;
        self.act_for_platform(by, Some(platform), move |acting| what(acting, platform)).await
    }
}
