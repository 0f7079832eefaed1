//! Whether mails could be sent at this moment.

use crate::service::Service;

impl Service {
    /// Looks whether the mail server can be reached and signed in to, and sends nothing; `None`: none is set.
    pub async fn check_mail(&self) -> Option<Result<(), mail::Unreachable>> {
        match &self.postman {
            Some(postman) => Some(postman.check().await),
            None => None,
        }
    }
}
