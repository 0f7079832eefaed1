//! Ids in the path.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Path};
use kernel::{Id, entity};

use super::{Demands, Documented};
use crate::problem::{Code, Problem};

/// Names the path parameter that holds the id of a resource.
pub trait InPath {
    /// The parameter, as in `/v1/accounts/{account_id}`.
    const PARAMETER: &str;
}

impl InPath for entity::Account {
    const PARAMETER: &str = "account_id";
}

impl InPath for entity::User {
    const PARAMETER: &str = "user_id";
}

impl InPath for entity::Role {
    const PARAMETER: &str = "role_id";
}

impl InPath for entity::ApiKey {
    const PARAMETER: &str = "key_id";
}

impl InPath for entity::PasswordPolicy {
    const PARAMETER: &str = "policy_id";
}

impl InPath for entity::UserImport {
    const PARAMETER: &str = "import_id";
}

impl InPath for entity::BulkJob {
    const PARAMETER: &str = "job_id";
}

/// The id of a `T` in the path. Text that is not an id names nothing: 404.
#[derive(Debug)]
pub struct PathId<T>(pub Id<T>);

impl<T: InPath> PathId<T> {
    /// The id in the path of `request`.
    pub fn of(request: &HttpRequest) -> Result<Id<T>, Problem> {
        request.match_info().get(T::PARAMETER).and_then(|text| text.parse().ok()).ok_or_else(Problem::not_found)
    }
}

impl<T: InPath> FromRequest for PathId<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).map(Self))
    }
}

impl<T> Documented for PathId<T> {
    fn document(demands: &mut Demands) {
        demands.reject_with(&[Code::NotFound]);
    }
}

/// Text in the path: any is accepted, and the operation decides whether it names something.
impl Documented for Path<String> {
    fn document(_: &mut Demands) {}
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn what_is_no_id_is_not_found() {
        let read = |text: &'static str| {
            let request = TestRequest::default().param("user_id", text).to_http_request();
            PathId::<entity::User>::of(&request).map_err(|problem| problem.code())
        };
        assert!(read("01890a5d-ac96-774b-bcce-b302099a8057").is_ok());
        for bad in ["", "me", "01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce-b302099a805z"] {
            assert_eq!(read(bad), Err(Code::NotFound), "{bad}");
        }
    }
}
