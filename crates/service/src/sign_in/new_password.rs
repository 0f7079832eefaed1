//! Whether a new password will do, and what happens when it does. Every new password of every user passes here.

use std::sync::Arc;

use breach::Known;
use kernel::{SessionId, Time};
use password_policy::{Context, Failure, Password, PasswordHash, Rules, Shortcomings, check};
use store::{
    Conn,
    tables::{
        Author,
        directory::{
            activations,
            address_authors::AddressAuthor,
            users::{self, User},
        },
        jobs::imported_users,
        policies::password_history,
        sign_in::{
            challenges::{self, JudgedPassword},
            sessions,
        },
    },
};

use super::{Measure, Standing, breaches_unknown};
use crate::base::{
    audit::Journal,
    error::{Error, FieldError, Result},
    service::{Core, Service},
};

/// How often a new password is judged while what it is judged by changes each time.
const TRIES: usize = 5;

/// A new password that was found good, for a user who stood in a certain way when it was looked at.
pub(crate) struct GoodPassword {
    password: Password,
    hash: PasswordHash,
    code: Option<String>,
    judged_by: Measure,
    /// The hashes of which it is known that the password is none of them.
    compared_with: Vec<String>,
    /// What the breaches say of it: that it is not known, or nothing.
    breaches: Known,
    /// The user as it was then.
    earlier: User,
}

/// A user, and what a new password of this user is compared with.
pub(crate) struct Owner {
    pub(crate) standing: Standing,
    earlier: Vec<String>,
}

impl Owner {
    /// Looks for the earlier passwords that the policy remembers.
    pub(crate) fn of(conn: &mut Conn, standing: Standing) -> Result<Self> {
        let (user, remember) = (&standing.user, standing.applied.policy.policy.remember_last());
        let earlier = password_history::newest(conn, user.account_id, user.id, remember.kept())?;
        Ok(Self { standing, earlier })
    }

    /// Takes the hashes of the present password and of the earlier ones.
    fn hashes(&self) -> impl Iterator<Item = &String> {
        self.standing.user.password_hash.iter().chain(&self.earlier)
    }
}

/// What somebody proved who sets a new password.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ProvenBy {
    /// That they know the password until now: so does whoever imported it.
    OldPassword,
    /// That they have a code.
    Code {
        /// Who ordered it, and was shown it; `None`: the operator.
        issuer: Option<Author>,
        /// Who set the address that it was mailed to; `None`: it was not mailed.
        mailed_to: Option<AddressAuthor>,
    },
}

/// What came of writing a new password down.
pub(crate) enum Written<T> {
    /// It is the password now.
    Done(T),
    /// Nothing was written: what counts for the user has changed since the password was judged.
    JudgeAgain(Box<Owner>),
}

impl Service {
    /// Checks a new password against all that the policy asks, earlier passwords and known breaches, tells every rule that it
    /// breaks at once, hashes it, and lets `write` make it the password in a transaction. When what it was judged by has
    /// changed meanwhile it is judged again, so that no password gets past the policy of the moment at which it is set.
    /// `code`: the activation code at hand, which cannot become the password.
    ///
    /// # Errors
    /// [`Error::PasswordRefused`]; [`Error::Overloaded`] when the policy changes faster than a password is judged; those of
    /// `write`.
    pub(crate) async fn set_password<T: Send + 'static>(
        &self,
        owner: Owner,
        password: Password,
        code: Option<String>,
        write: impl Fn(&mut Conn, &mut Journal, &GoodPassword) -> Result<Written<T>> + Clone + Send + 'static,
    ) -> Result<T> {
        let mut good = Arc::new(self.judge(owner, password, code).await?);
        for _ in 0..TRIES {
            let (write, judged) = (write.clone(), Arc::clone(&good));
            match self.write(move |conn, audit| write(conn, audit, &judged)).await? {
                Written::Done(outcome) => return Ok(outcome),
                Written::JudgeAgain(owner) => good = Arc::new(self.judge_again(*owner, &good).await?),
            }
        }
        Err(Error::Overloaded)
    }

    async fn judge(&self, owner: Owner, password: Password, code: Option<String>) -> Result<GoodPassword> {
        let mut failures = failures(&self.core, &owner.standing, &password, code.as_deref());
        let compared_with: Vec<String> = owner.hashes().cloned().collect();
        if self.is_reused(&compared_with, &password).await? {
            failures.push(Failure::Reused);
        }
        // Who cannot be asked knows nothing: a password is not refused for that.
        let breaches = self.breaches.know(password.expose()).await;
        if breaches == Known::Yes {
            failures.push(Failure::Breached);
        }
        accept(&failures)?;
        let hash = self.hashing.hash(password.clone()).await?;
        let (judged_by, earlier) = (Measure::of(&owner.standing), owner.standing.user);
        Ok(GoodPassword { password, hash, code, judged_by, compared_with, breaches, earlier })
    }

    /// The same for a password that was good a moment ago. What cannot have changed, its hash and the breaches, stays.
    async fn judge_again(&self, owner: Owner, good: &GoodPassword) -> Result<GoodPassword> {
        let GoodPassword { password, hash, code, compared_with, breaches, .. } = good;
        let mut failures = failures(&self.core, &owner.standing, password, code.as_deref());
        let new: Vec<String> = owner.hashes().filter(|hash| !compared_with.contains(hash)).cloned().collect();
        if self.is_reused(&new, password).await? {
            failures.push(Failure::Reused);
        }
        accept(&failures)?;
        Ok(GoodPassword {
            password: password.clone(),
            hash: hash.clone(),
            code: code.clone(),
            judged_by: Measure::of(&owner.standing),
            compared_with: compared_with.iter().cloned().chain(new).collect(),
            breaches: *breaches,
            earlier: owner.standing.user,
        })
    }

    async fn is_reused(&self, hashes: &[String], password: &Password) -> Result<bool> {
        let hashes: std::result::Result<Vec<_>, _> = hashes.iter().map(|text| PasswordHash::parse(text)).collect();
        let hashes = hashes.map_err(|why| Error::Internal(format!("a password hash: {why}")))?;
        if hashes.is_empty() { Ok(false) } else { self.hashing.is_reused(password.clone(), hashes).await }
    }
}

impl GoodPassword {
    /// Whether the user still has the password that this one was compared with.
    pub(crate) fn follows(&self, standing: &Standing) -> bool {
        standing.user.has_password_of(&self.earlier)
    }

    /// Whether all that it was judged by still stands.
    pub(crate) fn is_judged_for(&self, standing: &Standing) -> bool {
        Measure::of(standing) == self.judged_by
    }

    /// For a login that goes on with it.
    pub(crate) fn judged(&self) -> JudgedPassword {
        JudgedPassword { shortcomings: Shortcomings::NONE, by: Some(self.judged_by.digest()) }
    }

    /// Makes this the password of the user, who is locked, and for whom it [is judged](Self::is_judged_for): the one until
    /// now becomes an earlier one, and all logins, activation codes and sessions of the user end but `keep`. The caller
    /// records whose doing that is.
    pub(crate) fn set(
        &self,
        conn: &mut Conn,
        audit: &mut Journal,
        standing: &Standing,
        proven_by: ProvenBy,
        keep: Option<SessionId>,
        now: Time,
    ) -> Result<()> {
        if !self.is_judged_for(standing) {
            return Err(Error::Internal("a password was to be set that was judged by another policy".to_owned()));
        }
        let (account, user) = (standing.account.id, &standing.user);
        if let Some(hash) = &user.password_hash {
            password_history::add(conn, account, user.id, hash, user.password_changed_at)?;
            let kept = standing.applied.policy.policy.remember_last().kept();
            password_history::trim(conn, account, user.id, kept)?;
        }
        users::set_password(conn, account, user.id, self.hash.as_str(), now)?;
        match known_to(conn, user, proven_by)? {
            None => imported_users::set_own_password(conn, account, user.id)?,
            Some(somebody) => imported_users::set_known_password(conn, account, user.id, somebody)?,
        }
        activations::delete_of_user(conn, account, user.id)?;
        sessions::end_all(conn, account, user.id, keep)?;
        challenges::revoke_open(conn, account, user.id)?;
        if self.breaches == Known::Unanswered {
            audit.record(account, breaches_unknown(user));
        }
        Ok(())
    }
}

/// Who may know the new password of somebody who was imported: whoever imported the one until now, if they could have set this one
/// too. With the one until now they could; with a code that they ordered, themselves or by a key for which they answer; and with
/// one that was mailed to an address of theirs, or of nobody knows whom. `None`: nobody but the user.
///
/// Somebody who was imported without a password is like anybody else who was created: an address is asked about only where it would
/// keep a known password known.
///
/// Of a person whose key has imported and who orders a code in person, the person knows it, not the program.
fn known_to(conn: &mut Conn, user: &User, proven_by: ProvenBy) -> Result<Option<Author>> {
    let Some(importer) = imported_users::knows_password(conn, user.account_id, user.id)? else { return Ok(None) };
    let (issuer, mailed_to) = match proven_by {
        ProvenBy::OldPassword => return Ok(Some(importer)),
        ProvenBy::Code { issuer, mailed_to } => (issuer, mailed_to),
    };
    let is_mailed_to_importer = match mailed_to {
        Some(AddressAuthor::Somebody(author)) => author.user == importer.user,
        Some(AddressAuthor::Unknown) => true,
        Some(AddressAuthor::Operator) | None => false,
    };
    if is_mailed_to_importer && user.password_hash.is_some() {
        return Ok(Some(importer));
    }
    let by_importer = issuer.filter(|issuer| issuer.user == importer.user);
    Ok(by_importer.map(|issuer| if issuer.api_key.is_none() { issuer } else { importer }))
}

/// The rules that a password of this user breaks, as far as they need neither hashes nor the network.
pub(crate) fn failures(core: &Core, standing: &Standing, password: &Password, code: Option<&str>) -> Vec<Failure> {
    let context = standing.applied.context(core, &standing.account, &standing.user, code);
    check(password, standing.applied.rules(standing.sign_in()), &context)
}

/// What a new password of this user is measured against, but for hashes.
pub(crate) fn rules_and_context(core: &Core, standing: &Standing) -> (Rules, Context) {
    let context = standing.applied.context(core, &standing.account, &standing.user, None);
    (standing.applied.rules(standing.sign_in()), context)
}

/// Refuses a password that breaks rules, and tells every one.
fn accept(failures: &[Failure]) -> Result<()> {
    let error = |failure: &Failure| FieldError {
        pointer: "/new_password".to_owned(),
        code: failure.code(),
        message: failure.to_string(),
    };
    if failures.is_empty() { Ok(()) } else { Err(Error::PasswordRefused(failures.iter().map(error).collect())) }
}
