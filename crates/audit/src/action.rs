//! The vocabulary.

/// Writes the enum, its names and the list of all of them from one line for each.
macro_rules! actions {
    ($($variant:ident $name:literal $meaning:literal)+) => {
        /// What was done. The names are stable: scripts look for them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $meaning] $variant,)+
        }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in the API and in the database: the thing, a dot, what became of it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it means, in one sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

actions! {
    AccessDenied "access.denied" "A caller who is known lacks the permission for what was asked. Told are the first time, the second, the fourth, and so on, until an hour has passed without one."

    AccountCreated "account.created" "An account was created."
    AccountUpdated "account.updated" "The name of an account, or what its plan allows, changed."
    AccountSuspended "account.suspended" "Nobody of an account signs in until it is resumed."
    AccountResumed "account.resumed" "An account is not suspended any more."
    AccountDeletionScheduled "account.deletion_scheduled" "An account is deleted at a known moment, and nobody of it signs in until then."
    AccountDeletionUndone "account.deletion_undone" "An account is not deleted after all."
    AccountDeleted "account.deleted" "An account was deleted for good, its events with it; written down in the platform's own account."

    UserCreated "user.created" "A user was added."
    UserUpdated "user.updated" "Names or mail address of a user changed; which of them is told, mail addresses are not. Or an administrator set the same address again, and answers for it from then on."
    UserDeleted "user.deleted" "A user was deleted."
    UserDisabled "user.disabled" "A user may not sign in any more."
    UserEnabled "user.enabled" "A user may sign in again."
    UserUnlocked "user.unlocked" "What was counted of wrong guesses at a user was forgotten."
    UserSessionsRevoked "user.sessions_revoked" "An administrator ended all sessions and logins of a user."
    UserPermissionsChanged "user.permissions_changed" "What is granted to a user changed. Of a bulk job three are named here and all where it was started."
    UserRolesChanged "user.roles_changed" "The roles of a user changed. Of a bulk job three are named here and all where it was started."

    RoleCreated "role.created" "A role was created."
    RoleChanged "role.changed" "A role was renamed, described anew, or carries other permissions."
    RoleDeleted "role.deleted" "A role was deleted."

    ApiKeyCreated "api_key.created" "An API key was created; whoever did was shown its secret."
    ApiKeyChanged "api_key.changed" "An API key was renamed or described anew, or has other permissions, networks or another end."
    ApiKeyRotated "api_key.rotated" "An API key got a new secret, which was shown to whoever did it; for how long older ones work is told."
    ApiKeyRevoked "api_key.revoked" "An API key was deleted, and with it the secrets that it was shown."

    PermissionRegistered "permission.registered" "An application brought a permission along."
    PermissionUnregistered "permission.unregistered" "An application took a permission back; whoever held it does not any more."

    TwoFactorPolicyChanged "two_factor_policy.changed" "Who is asked for a second factor changed."
    TwoFactorEnrolled "two_factor.enrolled" "A user confirmed a device, and got recovery codes."
    TwoFactorReset "two_factor.reset" "An administrator took a user's device and recovery codes away."
    RecoveryCodeUsed "two_factor.recovery_code_used" "A user signed in with a recovery code, which is used up."

    PasswordPolicyCreated "password_policy.created" "A password policy was created."
    PasswordPolicyChanged "password_policy.changed" "A password policy says something else, or became the default."
    PasswordPolicyDeleted "password_policy.deleted" "A password policy was deleted."
    PasswordPolicyAssigned "password_policy.assigned" "A password policy was assigned to other users or permissions."

    PasswordChanged "password.changed" "A user has a new password."
    PasswordChangeRequired "password.change_required" "A user has to choose a new password at the next sign-in."
    BreachesUnknown "password.breaches_unknown" "What knows of breached passwords did not answer, so a password was accepted unasked: a new one, or one at a sign-in."

    ActivationIssued "activation.issued" "A code was handed out that sets a user's password."
    ActivationUsed "activation.used" "A user set a password with an activation code."
    ActivationRefused "activation.refused" "An activation code came that opens nothing, because whoever handed it out, or whoever set the mail address that it was sent to, could not grant by now what the user holds. Told are the first time, the second, the fourth, and so on, until an hour has passed without one."

    MailFailed "mail.failed" "A mail to a user was given up: it was refused, or could not be sent in time."

    LoginFailed "login.failed" "Somebody typed a wrong password, or a name of nobody who can sign in."
    LoginPasswordAccepted "login.password_accepted" "A user typed the right password; something else is asked for yet."
    LoginCodeAccepted "login.code_accepted" "A user typed the right code; something else is asked for yet."
    LoginCodeRejected "login.code_rejected" "A user typed a wrong code."
    LoginAbandoned "login.abandoned" "A user gave a login up."
    LoginThrottled "login.throttled" "So many guesses were wrong that the next one has to wait; those that come earlier are turned away and not written down."

    SessionStarted "session.started" "A user signed in."
    SessionEnded "session.ended" "A user signed out."
    SessionReauthenticated "session.reauthenticated" "A signed-in user proved again who it is."
    SessionReauthenticationFailed "session.reauthentication_failed" "Somebody who is signed in typed a wrong password or code."
    SessionRefreshReused "session.refresh_reused" "A refresh token came a second time; its session has ended."

    UsersImported "users.imported" "The operator imported some of the users of a file; of a long file there are several such events."
    UserImportStarted "user_import.started" "A file with users came and waits to be imported."
    UserImportFinished "user_import.finished" "A file with users was imported; how many were added, known and bad is told. There is no event for each of them."
    UserImportCancelled "user_import.cancelled" "An import of users was cancelled; how many were added, known and bad by then is told. Who was added stays."

    BulkJobStarted "bulk_job.started" "Something is to be done to many users; there is an event for each of them when it is done, with the id of the job."
    BulkJobCancelled "bulk_job.cancelled" "A bulk job was stopped; what it had done stays."
    BulkJobFinished "bulk_job.finished" "A bulk job came to its end, or failed; how many users it was done to is told, how many it failed for, and for how many of these because whoever ordered it may not."
    BulkActivationsTaken "bulk_job.activations_taken" "The activation codes that a bulk job had made were handed out; how many is told."
}

impl Action {
    /// The action with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_stable_in_form_unique_and_read_back() {
        let names: BTreeSet<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        for action in Action::ALL {
            let name = action.as_str();
            let (thing, done) = name.split_once('.').unwrap();
            let plain = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(plain(thing) && plain(done), "{name}");
            assert_eq!(Action::from_name(name), Some(*action));
            assert!(action.meaning().ends_with('.'), "{name}");
        }
        assert_eq!(Action::from_name("user.Created"), None);
    }
}
