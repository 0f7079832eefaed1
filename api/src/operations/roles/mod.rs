//! Roles: named sets of permissions in an account, and who has them.

mod create;
mod delete;
mod draft;
mod list;
mod of_user;
mod read;
mod replace;
mod replace_of_user;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list::list_roles)
        .service(create::create_role)
        .service(read::get_role)
        .service(replace::replace_role)
        .service(delete::delete_role)
        .service(of_user::get_user_roles)
        .service(replace_of_user::replace_user_roles);
}
