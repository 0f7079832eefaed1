//! Sessions: signed-in devices.

use auth::{
    Amr,
    session::{Ended, Session},
};
use diesel::{dsl, prelude::*};
use kernel::{AccountId, SessionId, Time, TokenDigest, UserId, entity};

use crate::{
    Conn, Result, StoreError,
    schema::sessions,
    sql_types::{SqlId, SqlTime},
    tables::{base::some_rows::delete_older, inconsistent},
};

/// A session and its owner.
#[derive(Clone, Copy, Debug)]
pub struct StoredSession {
    /// The account of its user.
    pub account_id: AccountId,
    /// Its id.
    pub id: SessionId,
    /// The user who is signed in.
    pub user_id: UserId,
    /// How the user authenticated.
    pub amr: Amr,
    /// When the user last authenticated.
    pub auth_time: Time,
    /// When it began.
    pub created_at: Time,
    /// Its state.
    pub session: Session,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
struct Row {
    account_id: SqlId<entity::Account>,
    id: SqlId<entity::Session>,
    user_id: SqlId<entity::User>,
    amr: String,
    auth_time: SqlTime,
    created_at: SqlTime,
    expires_at: SqlTime,
    idle_expires_at: SqlTime,
    ended: Option<String>,
}

impl TryFrom<Row> for StoredSession {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let id = SessionId::from(row.id);
        Ok(Self {
            account_id: row.account_id.into(),
            id,
            user_id: row.user_id.into(),
            amr: Amr::from_name(&row.amr).ok_or_else(|| inconsistent("sessions", "amr", id))?,
            auth_time: row.auth_time.into(),
            created_at: row.created_at.into(),
            session: Session {
                expires_at: row.expires_at.into(),
                idle_expires_at: row.idle_expires_at.into(),
                ended: row.ended.is_some(),
            },
        })
    }
}

/// Adds a session.
pub fn insert(conn: &mut Conn, stored: &StoredSession) -> Result<()> {
    let row = Row {
        account_id: stored.account_id.into(),
        id: stored.id.into(),
        user_id: stored.user_id.into(),
        amr: stored.amr.as_str().to_owned(),
        auth_time: stored.auth_time.into(),
        created_at: stored.created_at.into(),
        expires_at: stored.session.expires_at.into(),
        idle_expires_at: stored.session.idle_expires_at.into(),
        ended: None,
    };
    diesel::insert_into(sessions::table).values(row).execute(conn)?;
    Ok(())
}

/// The session with this id in this account, ended or not.
pub fn by_id(conn: &mut Conn, account: AccountId, id: SessionId) -> Result<Option<StoredSession>> {
    let row = sessions::table
        .find((SqlId::from(account), SqlId::from(id)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(StoredSession::try_from).transpose()
}

/// The last refresh of a session.
#[derive(Clone)]
pub struct LastRefresh {
    /// The refresh token that was used.
    pub predecessor: TokenDigest,
    /// The refresh token that it was exchanged for, sealed.
    pub sealed_successor: Vec<u8>,
}

/// Records a refresh, in place of the one before, and sets the idle expiry. The caller has locked the user.
pub fn set_refreshed(
    conn: &mut Conn,
    account: AccountId,
    id: SessionId,
    idle_expires_at: Time,
    refresh: &LastRefresh,
) -> Result<()> {
    diesel::update(sessions::table.find((SqlId::from(account), SqlId::from(id))))
        .set((
            sessions::idle_expires_at.eq(SqlTime::from(idle_expires_at)),
            sessions::predecessor_digest.eq(Some(refresh.predecessor.as_bytes().to_vec())),
            sessions::sealed_successor.eq(Some(&refresh.sealed_successor)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The last refresh of this session, if there was one and the session has not been ended.
pub fn last_refresh(conn: &mut Conn, account: AccountId, id: SessionId) -> Result<Option<LastRefresh>> {
    let found = sessions::table
        .find((SqlId::from(account), SqlId::from(id)))
        .select((sessions::predecessor_digest, sessions::sealed_successor))
        .first::<(Option<Vec<u8>>, Option<Vec<u8>>)>(conn)
        .optional()?;
    let Some((Some(predecessor), Some(sealed_successor))) = found else { return Ok(None) };
    let predecessor = predecessor.try_into().map_err(|_| inconsistent("sessions", "predecessor_digest", id))?;
    Ok(Some(LastRefresh { predecessor: TokenDigest::from_bytes(predecessor), sealed_successor }))
}

/// Records that the user authenticated again.
pub fn set_auth(conn: &mut Conn, account: AccountId, id: SessionId, amr: Amr, auth_time: Time) -> Result<()> {
    diesel::update(sessions::table.find((SqlId::from(account), SqlId::from(id))))
        .set((sessions::amr.eq(amr.as_str()), sessions::auth_time.eq(SqlTime::from(auth_time))))
        .execute(conn)?;
    Ok(())
}

/// What the end of a session changes: nobody gets its tokens again.
type End = (dsl::Eq<sessions::ended, &'static str>, dsl::Eq<sessions::sealed_successor, Option<Vec<u8>>>);

fn ended(why: Ended) -> End {
    (sessions::ended.eq(why.as_str()), sessions::sealed_successor.eq(None))
}

/// Ends the session unless it has already ended; returns whether it had not.
pub fn end(conn: &mut Conn, account: AccountId, id: SessionId, why: Ended) -> Result<bool> {
    let open = sessions::table.find((SqlId::from(account), SqlId::from(id))).filter(sessions::ended.is_null());
    Ok(diesel::update(open).set(ended(why)).execute(conn)? > 0)
}

/// Ends all sessions of the user except the one to keep; returns how many. The caller has locked the user.
pub fn end_all(conn: &mut Conn, account: AccountId, user: UserId, keep: Option<SessionId>) -> Result<usize> {
    let mut open = diesel::update(
        sessions::table
            .filter(sessions::account_id.eq(SqlId::from(account)))
            .filter(sessions::user_id.eq(SqlId::from(user)))
            .filter(sessions::ended.is_null()),
    )
    .set(ended(Ended::Revoked))
    .into_boxed();
    if let Some(keep) = keep {
        open = open.filter(sessions::id.ne(SqlId::from(keep)));
    }
    Ok(open.execute(conn)?)
}

/// Ends all sessions of the account. The caller has locked the account.
pub fn end_all_of_account(conn: &mut Conn, account: AccountId) -> Result<()> {
    let open = sessions::table.filter(sessions::account_id.eq(SqlId::from(account))).filter(sessions::ended.is_null());
    diesel::update(open).set(ended(Ended::Revoked)).execute(conn)?;
    Ok(())
}

/// Deletes up to `limit` sessions that expired before `then`; returns how many. Their remaining refresh tokens are
/// deleted with them.
pub fn purge(conn: &mut Conn, then: Time, limit: i64) -> Result<usize> {
    delete_older(conn, "sessions", "expires_at", then, limit)
}
