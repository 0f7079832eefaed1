//! Judges and sets new passwords. Every new password of every user passes here.

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

use super::{Measure, SignInState, breaches_unknown};
use crate::base::{
    error::{Error, FieldError, Result},
    service::{Core, Service},
    tx::Tx,
};

/// How often a new password is judged when the criteria change each time.
const TRIES: usize = 5;

/// A new password that somebody asks for.
#[derive(Clone)]
pub(crate) struct NewPassword {
    pub(crate) password: Password,
    /// The activation code in use, which cannot become the password.
    pub(crate) code: Option<String>,
    /// When the request came.
    pub(crate) asked_at: Time,
}

/// A new password that was accepted, for the state of the user at that time.
pub(crate) struct GoodPassword {
    new: NewPassword,
    hash: PasswordHash,
    judged_by: Measure,
    /// The hashes that the password is known not to match.
    compared_with: Vec<String>,
    /// What the breaches say: that it is not known there, or no answer.
    breaches: Known,
    /// The user at that time.
    earlier: User,
}

/// A user, and what a new password of this user is compared with.
pub(crate) struct Owner {
    pub(crate) state: SignInState,
    earlier: Vec<String>,
}

impl Owner {
    /// Reads the earlier passwords that the policy remembers.
    pub(crate) fn of(conn: &mut Conn, state: SignInState) -> Result<Self> {
        let (user, remember) = (&state.user, state.applied.policy.policy.remember_last());
        let earlier = password_history::newest(conn, user.account_id, user.id, remember.kept())?;
        Ok(Self { state, earlier })
    }

    /// The hashes of the current password and of the earlier ones.
    fn hashes(&self) -> impl Iterator<Item = &String> {
        self.state.user.password_hash.iter().chain(&self.earlier)
    }
}

/// What the person who sets a new password has proven.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ProvenBy {
    /// That they know the old password: so does whoever imported it.
    OldPassword,
    /// That they have a code.
    Code {
        /// Who ordered it and was shown it; `None`: the operator.
        issuer: Option<Author>,
        /// Who set the address that it was sent to; `None`: it was not mailed.
        mailed_to: Option<AddressAuthor>,
    },
}

/// The result of writing a new password.
pub(crate) enum Written<T> {
    /// It is the password now.
    Done(T),
    /// Nothing was written: the user's criteria have changed since the password was judged.
    JudgeAgain(Box<Owner>),
}

impl Service {
    /// Checks a new password against everything that the policy requires, earlier passwords and known breaches, and
    /// reports all broken rules at once. Then hashes it, and calls `write` to set it in a transaction. When the
    /// criteria have changed meanwhile, it is judged again, so that every password meets the policy of the time at
    /// which it is set.
    ///
    /// # Errors
    /// [`Error::PasswordRefused`]; [`Error::Overloaded`] when the policy changes faster than a password is judged;
    /// those of `write`.
    pub(crate) async fn set_password<T: Send + 'static>(
        &self,
        owner: Owner,
        new: NewPassword,
        write: impl Fn(&mut Tx<'_>, &GoodPassword) -> Result<Written<T>> + Clone + Send + 'static,
    ) -> Result<T> {
        let asked_at = new.asked_at;
        let mut good = Arc::new(self.judge(owner, new).await?);
        for _ in 0..TRIES {
            let (write, judged) = (write.clone(), Arc::clone(&good));
            match self.transact_at(asked_at, move |tx| write(tx, &judged)).await? {
                Written::Done(outcome) => return Ok(outcome),
                Written::JudgeAgain(owner) => good = Arc::new(self.judge_again(*owner, &good).await?),
            }
        }
        Err(Error::Overloaded)
    }

    async fn judge(&self, owner: Owner, new: NewPassword) -> Result<GoodPassword> {
        let mut failures = failures(&self.core, &owner.state, &new.password, new.code.as_deref());
        let compared_with: Vec<String> = owner.hashes().cloned().collect();
        if self.is_reused(&compared_with, &new.password).await? {
            failures.push(Failure::Reused);
        }
        // A source that does not answer knows nothing: no password is rejected for that.
        let breaches = self.breaches.know(new.password.expose()).await;
        if breaches == Known::Yes {
            failures.push(Failure::Breached);
        }
        accept(&failures)?;
        let hash = self.hashing.hash(new.password.clone()).await?;
        let (judged_by, earlier) = (Measure::of(&owner.state), owner.state.user);
        Ok(GoodPassword { new, hash, judged_by, compared_with, breaches, earlier })
    }

    /// The same for a password that was just accepted. What cannot have changed, its hash and the breaches, is kept.
    async fn judge_again(&self, owner: Owner, good: &GoodPassword) -> Result<GoodPassword> {
        let GoodPassword { new, hash, compared_with, breaches, .. } = good;
        let mut failures = failures(&self.core, &owner.state, &new.password, new.code.as_deref());
        let others: Vec<String> = owner.hashes().filter(|hash| !compared_with.contains(hash)).cloned().collect();
        if self.is_reused(&others, &new.password).await? {
            failures.push(Failure::Reused);
        }
        accept(&failures)?;
        Ok(GoodPassword {
            new: new.clone(),
            hash: hash.clone(),
            judged_by: Measure::of(&owner.state),
            compared_with: compared_with.iter().cloned().chain(others).collect(),
            breaches: *breaches,
            earlier: owner.state.user,
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
    pub(crate) fn follows(&self, state: &SignInState) -> bool {
        state.user.has_password_of(&self.earlier)
    }

    /// Whether the criteria that it was judged by are still the same.
    pub(crate) fn is_judged_for(&self, state: &SignInState) -> bool {
        Measure::of(state) == self.judged_by
    }

    /// For a login that continues with it.
    pub(crate) fn judged(&self) -> JudgedPassword {
        JudgedPassword { shortcomings: Shortcomings::NONE, by: Some(self.judged_by.digest()) }
    }

    /// Makes this the user's password. The user must be locked, and the password [judged](Self::is_judged_for). The old
    /// one becomes an earlier one, and all logins, activation codes and sessions of the user end, except `keep`. The
    /// caller records who did it.
    pub(crate) fn set(
        &self,
        tx: &mut Tx<'_>,
        state: &SignInState,
        proven_by: ProvenBy,
        keep: Option<SessionId>,
    ) -> Result<()> {
        if !self.is_judged_for(state) {
            return Err(Error::Internal("a password was to be set that was judged by another policy".to_owned()));
        }
        let (account, user) = (state.account.id, &state.user);
        if let Some(hash) = &user.password_hash {
            password_history::add(tx.conn, account, user.id, hash, user.password_changed_at)?;
            let kept = state.applied.policy.policy.remember_last().kept();
            password_history::trim(tx.conn, account, user.id, kept)?;
        }
        users::set_password(tx.conn, account, user.id, self.hash.as_str(), tx.now)?;
        match known_to(tx.conn, user, proven_by)? {
            None => imported_users::set_own_password(tx.conn, account, user.id)?,
            Some(somebody) => imported_users::set_known_password(tx.conn, account, user.id, somebody)?,
        }
        activations::delete_of_user(tx.conn, account, user.id)?;
        sessions::end_all(tx.conn, account, user.id, keep)?;
        challenges::revoke_open(tx.conn, account, user.id)?;
        if self.breaches == Known::Unanswered {
            tx.record(account, breaches_unknown(user));
        }
        Ok(())
    }
}

/// Who may know the new password of an imported user: whoever imported the old one, if they could have set this one
/// too. They could with the old one; with a code that they ordered, themselves or by a key that they are responsible
/// for; and with a code that was mailed to an address that they set, or whose author is unknown. `None`: only the user.
///
/// A user who was imported without a password is like any other new user: the address matters only where it would keep
/// a known password known.
///
/// If a person's key did the import and the person orders the code themselves, the person knows it, not the program.
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

/// The rules that a password of this user breaks, apart from those that need hashes or the network.
pub(crate) fn failures(core: &Core, state: &SignInState, password: &Password, code: Option<&str>) -> Vec<Failure> {
    let context = state.applied.context(core, &state.account, &state.user, code);
    check(password, state.applied.rules(state.sign_in()), &context)
}

/// What a new password of this user is compared with, apart from hashes.
pub(crate) fn rules_and_context(core: &Core, state: &SignInState) -> (Rules, Context) {
    let context = state.applied.context(core, &state.account, &state.user, None);
    (state.applied.rules(state.sign_in()), context)
}

/// Rejects a password that breaks rules, and reports all of them.
fn accept(failures: &[Failure]) -> Result<()> {
    let error = |failure: &Failure| FieldError {
        pointer: "/new_password".to_owned(),
        code: failure.code(),
        message: failure.to_string(),
    };
    if failures.is_empty() { Ok(()) } else { Err(Error::PasswordRefused(failures.iter().map(error).collect())) }
}
