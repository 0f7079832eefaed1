//! Says what extractors mean for the document: which credential they read, what they ask of the caller, and the codes
//! with which they reject a request.

use std::collections::BTreeSet;

use permissions::Permission;

use crate::problem::Code;

/// An extractor that says what it means for the document. Each extractor does, beside its `FromRequest`.
pub trait Documented {
    /// Adds what this extractor asks for.
    fn document(demands: &mut Demands);
}

/// Which credential an operation accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// An access token or an API key.
    AnyCaller,
    /// An access token. API keys are rejected.
    Person,
    /// The challenge token of a login.
    Challenge,
}

/// What the extractors of an operation ask for together.
#[derive(Clone, Debug, Default)]
pub struct Demands {
    accepts: Option<Accepts>,
    permissions: Vec<Permission>,
    is_recent: bool,
    codes: BTreeSet<Code>,
}

impl Demands {
    /// What `A` asks for.
    pub fn of<A: Documented>() -> Self {
        let mut demands = Self::default();
        A::document(&mut demands);
        demands
    }

    /// Adds codes of rejections.
    pub fn reject_with(&mut self, codes: &[Code]) {
        self.codes.extend(codes);
    }

    /// Adds that the request must have this credential.
    pub const fn accept(&mut self, accepts: Accepts) {
        self.accepts = Some(accepts);
    }

    /// Adds that the caller must hold this permission, or one of those that were added before.
    pub fn permit(&mut self, permission: Permission) {
        self.permissions.push(permission);
    }

    /// Adds that the caller must have signed in recently.
    pub const fn ask_for_recent_sign_in(&mut self) {
        self.is_recent = true;
    }

    /// The credential, if the operation needs one.
    pub const fn accepts(&self) -> Option<Accepts> {
        self.accepts
    }

    /// The codes of all rejections.
    pub const fn codes(&self) -> &BTreeSet<Code> {
        &self.codes
    }

    /// What the caller must have besides a credential, as a sentence.
    pub fn sentence(&self) -> Option<String> {
        let permissions: Vec<_> = self.permissions.iter().map(|permission| format!("`{permission}`")).collect();
        let recent = self.is_recent.then_some("a recent sign-in");
        let asked = match (permissions.as_slice(), recent) {
            ([], None) => return None,
            ([], Some(recent)) => recent.to_owned(),
            (several, None) => several.join(" or "),
            ([one], Some(recent)) => format!("{one} and {recent}"),
            (several, Some(recent)) => format!("{}, and {recent}", several.join(" or ")),
        };
        Some(format!("Requires {asked}."))
    }
}

/// A handler that takes nothing from the request.
impl Documented for () {
    fn document(_: &mut Demands) {}
}

/// Documents handlers that take several things.
macro_rules! document_tuples {
    ($(($($part:ident),+))+) => {
        $(impl<$($part: Documented),+> Documented for ($($part,)+) {
            fn document(demands: &mut Demands) {
                $($part::document(demands);)+
            }
        })+
    };
}

document_tuples! { (A, B) (A, B, C) (A, B, C, D) }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{
        AccountSettings, Authenticated, Body, ChallengeToken, Fresh, Guarded, OneOf, PasswordManagement, Person,
        Platform, Then, UserPermissions,
    };

    type Either = OneOf<AccountSettings, PasswordManagement>;

    #[test]
    fn the_sentence_names_the_permission_and_the_recent_sign_in() {
        for (demands, expected) in [
            (Demands::of::<()>(), None),
            (Demands::of::<Authenticated>(), None),
            (Demands::of::<Person>(), None),
            (Demands::of::<ChallengeToken>(), None),
            (Demands::of::<Guarded<UserPermissions>>(), Some("Requires `user_permissions`.")),
            (
                Demands::of::<Guarded<UserPermissions, Fresh>>(),
                Some("Requires `user_permissions` and a recent sign-in."),
            ),
            (Demands::of::<Guarded<Either>>(), Some("Requires `account_settings` or `password_management`.")),
            (
                Demands::of::<Guarded<Either, Fresh>>(),
                Some("Requires `account_settings` or `password_management`, and a recent sign-in."),
            ),
            (Demands::of::<Platform>(), Some("Requires `platform_administration`.")),
            (Demands::of::<Platform<Fresh>>(), Some("Requires `platform_administration` and a recent sign-in.")),
        ] {
            assert_eq!(demands.sentence().as_deref(), expected);
        }
    }

    #[test]
    fn extractors_that_run_one_after_another_ask_for_what_each_asks_for() {
        type Both = Then<Guarded<UserPermissions, Fresh>, (Body<Nothing>, ())>;
        let demands = Demands::of::<Both>();
        assert_eq!(demands.accepts(), Some(Accepts::AnyCaller));
        for code in [Code::InvalidToken, Code::ReauthenticationRequired, Code::ValidationFailed] {
            assert!(demands.codes().contains(&code), "{code:?}");
        }
        assert!(!demands.codes().contains(&Code::SessionRequired));
    }

    #[derive(serde::Deserialize, validator::Validate)]
    struct Nothing {}
}
