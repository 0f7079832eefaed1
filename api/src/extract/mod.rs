//! Extracts typed values from requests. Everything that can be rejected without knowing the operation is rejected here.
//!
//! A handler's signature says what it needs. If several things are wrong, the order is fixed: the credential (401), the
//! resource in the path (404), the permission (403), and only then query and body.

mod authenticated;
mod bearer;
mod body;
mod caller;
mod challenge_token;
mod documented;
mod etag;
mod guarded;
mod idempotency;
mod moment;
mod negotiation;
mod page;
mod path;
mod query;
mod source;
mod then;

use self::bearer::bearer_token;
pub use self::{
    authenticated::{Authenticated, Person},
    body::{Body, BodyDeadline, FormOrJson, OptionalBody, Upload},
    caller::{Caller, Who},
    challenge_token::ChallengeToken,
    documented::{Accepts, Demands, Documented},
    etag::{ETag, IfMatch},
    guarded::{Admitted, AnyAge, Fresh, Freshness, Guarded, Platform, operation},
    idempotency::IdempotencyKey,
    moment::Moment,
    negotiation::preferred,
    page::{Cursor, Limit, Paging, next_link},
    path::PathId,
    query::{NoQuery, Query},
    source::{ClientSource, client_address, is_trusted},
    then::Then,
};
pub use permissions::{AccountSettings, ApiKeys, AuditRead, OneOf, PasswordManagement, UserPermissions};
