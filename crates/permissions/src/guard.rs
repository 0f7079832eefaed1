//! Permissions as types: the signature of an operation says what guards it.

use std::marker::PhantomData;

use crate::Permission;

/// What guards an operation: a permission, or either of two.
pub trait Requires: 'static {
    /// The required permission.
    const PERMISSION: Permission;
    /// A permission that is accepted instead.
    const OR: Option<Permission> = None;
}

/// A guard that is one permission: what a change of something requires.
pub trait RequiresOne: Requires {}

macro_rules! guards {
    ($($(#[$about:meta])* $guard:ident),+ $(,)?) => {
        $(
            $(#[$about])*
            #[derive(Debug)]
            pub enum $guard {}

            impl Requires for $guard {
                const PERMISSION: Permission = Permission::$guard;
            }

            impl RequiresOne for $guard {}
        )+
    };
}

guards! {
    /// Requires `account_settings`.
    AccountSettings,
    /// Requires `password_management`.
    PasswordManagement,
    /// Requires `user_permissions`.
    UserPermissions,
    /// Requires `api_keys`.
    ApiKeys,
    /// Requires `audit_read`.
    AuditRead,
    /// Requires `platform_administration`.
    PlatformAdministration,
}

/// Requires `A` or `B`, whichever the caller holds.
#[derive(Debug)]
pub struct OneOf<A, B>(PhantomData<fn() -> (A, B)>);

impl<A: RequiresOne, B: RequiresOne> Requires for OneOf<A, B> {
    const PERMISSION: Permission = A::PERMISSION;
    const OR: Option<Permission> = Some(B::PERMISSION);
}
