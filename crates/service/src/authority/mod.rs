//! Who may do what, and upon whom: checked when a request comes, and again under locks.

pub(crate) mod acting;
pub(crate) mod activation_codes;
pub(crate) mod counting;
pub(crate) mod denied;
pub(crate) mod key_reach;
pub(crate) mod registered;
pub(crate) mod role_ids;
