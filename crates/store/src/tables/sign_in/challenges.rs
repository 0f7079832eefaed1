//! Login challenges: attempts between the correct password and the session.

use auth::challenge::{Challenge, Ended, Proof};
use diesel::prelude::*;
use kernel::{AccountId, ChallengeId, Time, TokenDigest, UserId, entity};
use password_policy::Shortcomings;

use crate::{
    Conn, Result, StoreError,
    schema::challenges,
    sql_types::{SqlId, SqlTime},
    tables::{base::some_rows::delete_older, digest, inconsistent},
};

/// What is known of a password that is no longer at hand.
#[derive(Clone, Default)]
pub struct JudgedPassword {
    /// What was wrong with it, whether or not it must be changed for that.
    pub shortcomings: Shortcomings,
    /// Digest of everything it was checked against; `None`: not checked.
    pub by: Option<[u8; 32]>,
}

/// A challenge and what belongs to it.
#[derive(Clone)]
pub struct StoredChallenge {
    /// The account of its user.
    pub account_id: AccountId,
    /// Its id.
    pub id: ChallengeId,
    /// The user who is signing in.
    pub user_id: UserId,
    /// Digest of the token that answers it.
    pub token_digest: TokenDigest,
    /// Its state.
    pub challenge: Challenge,
    /// The secret of the device that it is about to enroll, sealed; the same until the challenge ends.
    pub sealed_secret: Option<Vec<u8>>,
    /// Digest of the network that it came from.
    pub source_digest: [u8; 32],
    /// What was checked while the password was at hand.
    pub judged: JudgedPassword,
    /// When it began.
    pub created_at: Time,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = challenges)]
struct Row {
    account_id: SqlId<entity::Account>,
    id: SqlId<entity::Challenge>,
    user_id: SqlId<entity::User>,
    token_digest: Vec<u8>,
    proof: Option<String>,
    wrong_codes: i32,
    sealed_secret: Option<Vec<u8>>,
    source_digest: Vec<u8>,
    ended: Option<String>,
    created_at: SqlTime,
    expires_at: SqlTime,
    password_failures: Option<String>,
    password_judged_by: Option<Vec<u8>>,
}

const fn proof_name(proof: Proof) -> &'static str {
    match proof {
        Proof::Totp => "totp",
        Proof::RecoveryCode => "recovery_code",
    }
}

fn parse_proof(name: &str) -> Option<Proof> {
    [Proof::Totp, Proof::RecoveryCode].into_iter().find(|proof| proof_name(*proof) == name)
}

impl TryFrom<Row> for StoredChallenge {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let id = ChallengeId::from(row.id);
        let bad = |column| inconsistent("challenges", column, id);
        let proof = row.proof.map(|name| parse_proof(&name).ok_or_else(|| bad("proof"))).transpose()?;
        let failures =
            row.password_failures.as_deref().map(|text| Shortcomings::from_text(text).ok_or(text)).transpose();
        let ended = row.ended.map(|name| Ended::from_name(&name).ok_or_else(|| bad("ended"))).transpose()?;
        Ok(Self {
            account_id: row.account_id.into(),
            id,
            user_id: row.user_id.into(),
            token_digest: TokenDigest::from_bytes(digest(&row.token_digest, "challenges")?),
            challenge: Challenge {
                proof,
                wrong_codes: u8::try_from(row.wrong_codes).map_err(|_| bad("wrong_codes"))?,
                expires_at: row.expires_at.into(),
                ended,
            },
            sealed_secret: row.sealed_secret,
            source_digest: digest(&row.source_digest, "challenges")?,
            judged: JudgedPassword {
                shortcomings: failures.map_err(|_| bad("password_failures"))?.unwrap_or_default(),
                by: row.password_judged_by.map(|bytes| digest(&bytes, "challenges")).transpose()?,
            },
            created_at: row.created_at.into(),
        })
    }
}

/// Adds a challenge.
pub fn insert(conn: &mut Conn, stored: &StoredChallenge) -> Result<()> {
    let row = Row {
        account_id: stored.account_id.into(),
        id: stored.id.into(),
        user_id: stored.user_id.into(),
        token_digest: stored.token_digest.as_bytes().to_vec(),
        proof: stored.challenge.proof.map(|proof| proof_name(proof).to_owned()),
        wrong_codes: stored.challenge.wrong_codes.into(),
        sealed_secret: stored.sealed_secret.clone(),
        source_digest: stored.source_digest.to_vec(),
        ended: stored.challenge.ended.map(|ended| ended.as_str().to_owned()),
        created_at: stored.created_at.into(),
        expires_at: stored.challenge.expires_at.into(),
        password_failures: stored.judged.shortcomings.to_text(),
        password_judged_by: stored.judged.by.map(Vec::from),
    };
    diesel::insert_into(challenges::table).values(row).execute(conn)?;
    Ok(())
}

/// The challenge that this token answers, ended or not.
pub fn by_token(conn: &mut Conn, token: TokenDigest) -> Result<Option<StoredChallenge>> {
    let row = challenges::table
        .filter(challenges::token_digest.eq(token.as_bytes().to_vec()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(StoredChallenge::try_from).transpose()
}

/// Saves the state of the challenge. An ended challenge keeps neither a secret nor what was wrong with the password.
/// The caller has locked its user.
pub fn save(conn: &mut Conn, stored: &StoredChallenge) -> Result<()> {
    let sealed_secret = stored.sealed_secret.as_ref().filter(|_| stored.challenge.ended.is_none());
    let failures = stored.judged.shortcomings.to_text().filter(|_| stored.challenge.ended.is_none());
    diesel::update(challenges::table.find((SqlId::from(stored.account_id), SqlId::from(stored.id))))
        .set((
            challenges::proof.eq(stored.challenge.proof.map(proof_name)),
            challenges::wrong_codes.eq(i32::from(stored.challenge.wrong_codes)),
            challenges::sealed_secret.eq(sealed_secret),
            challenges::ended.eq(stored.challenge.ended.map(Ended::as_str)),
            challenges::password_failures.eq(failures),
            challenges::password_judged_by.eq(stored.judged.by.map(Vec::from)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends all open challenges of the user; returns how many. The caller has locked the user.
pub fn revoke_open(conn: &mut Conn, account: AccountId, user: UserId) -> Result<usize> {
    let revoked = diesel::update(
        challenges::table
            .filter(challenges::account_id.eq(SqlId::from(account)))
            .filter(challenges::user_id.eq(SqlId::from(user)))
            .filter(challenges::ended.is_null()),
    )
    .set((
        challenges::ended.eq(Ended::Revoked.as_str()),
        challenges::sealed_secret.eq(None::<Vec<u8>>),
        challenges::password_failures.eq(None::<String>),
    ))
    .execute(conn)?;
    Ok(revoked)
}

/// Ends all open challenges of the account.
pub fn revoke_open_of_account(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::update(
        challenges::table.filter(challenges::account_id.eq(SqlId::from(account))).filter(challenges::ended.is_null()),
    )
    .set((challenges::ended.eq(Ended::Revoked.as_str()), challenges::sealed_secret.eq(None::<Vec<u8>>)))
    .execute(conn)?;
    Ok(())
}

/// Deletes up to `limit` challenges that expired before `then`; returns how many.
pub fn purge(conn: &mut Conn, then: Time, limit: i64) -> Result<usize> {
    delete_older(conn, "challenges", "expires_at", then, limit)
}
