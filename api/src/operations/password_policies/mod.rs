//! Password policies of an account.

mod assignments;
mod check;
mod create;
mod delete;
mod draft;
mod list;
mod presets;
mod preview;
mod read;
mod read_assignments;
mod replace;
mod replace_assignments;
mod view;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(presets::list_password_policy_presets)
        .service(list::list_password_policies)
        .service(create::create_password_policy)
        .service(read::get_password_policy)
        .service(replace::replace_password_policy)
        .service(delete::delete_password_policy)
        .service(read_assignments::get_password_policy_assignments)
        .service(replace_assignments::replace_password_policy_assignments)
        .service(preview::preview_password_policy)
        .service(check::check_password);
}
