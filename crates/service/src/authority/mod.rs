//! Who may do what, and upon whom: checked when a request comes, and again under locks.

pub(crate) mod acted_upon;
pub(crate) mod acting;
pub(crate) mod activation_codes;
pub(crate) mod allowed;
pub(crate) mod authorize;
pub(crate) mod authors;
pub(crate) mod denied;
pub(crate) mod effective_key;
pub(crate) mod key_reach;
pub(crate) mod registered;
pub(crate) mod role_ids;
