//! Roles: named sets of permissions in an account, and who has them.

mod of_user;
mod role;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(role::list_roles)
        .service(role::create_role)
        .service(role::get_role)
        .service(role::replace_role)
        .service(role::delete_role)
        .service(of_user::get_user_roles)
        .service(of_user::replace_user_roles);
}
