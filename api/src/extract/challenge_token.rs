//! Extracts the credential of one login attempt.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use kernel::{PlainToken, TokenKind};

use super::{Accepts, Demands, Documented, bearer_token};
use crate::problem::{Code, Problem, Result};

/// A bearer token that may be a challenge token; the operation decides whether it is.
#[derive(Debug)]
pub struct ChallengeToken(pub PlainToken);

impl FromRequest for ChallengeToken {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(bearer_token(request.headers()).map_err(as_challenge).and_then(|text| {
            let token = PlainToken::parse(TokenKind::Challenge, text);
            token.map(Self).map_err(|_| service::Error::ChallengeInvalid.into())
        }))
    }
}

impl Documented for ChallengeToken {
    fn document(demands: &mut Demands) {
        demands.accept(Accepts::Challenge);
        // Malformed: two different headers `Authorization`.
        demands.reject_with(&[Code::ChallengeInvalid, Code::MalformedRequest]);
    }
}

/// Errors of operations on a challenge speak of challenges even if there is no token at all.
fn as_challenge(problem: Problem) -> Problem {
    match problem.code() {
        Code::InvalidToken => Problem::no_challenge(),
        _ => problem,
    }
}
