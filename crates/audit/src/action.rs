//! The vocabulary of actions.

/// Generates the enum, its names and the list of all actions from one line each.
macro_rules! actions {
    ($($variant:ident $name:literal $meaning:literal)+) => {
        /// What was done. The names are stable: scripts search for them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $meaning] $variant,)+
        }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in the API and in the database: the object, a dot, what was done to it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it means, in a sentence or two.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

actions! {
    AccessDenied "access.denied" "An authenticated caller lacked the permission for a request. Recorded the first, second, fourth time and so on; counting restarts after an hour without one."

    AccountCreated "account.created" "An account was created."
    AccountUpdated "account.updated" "The name or the plan limits of an account changed."
    AccountSuspended "account.suspended" "An account was suspended: nobody can sign in to it until it is resumed."
    AccountResumed "account.resumed" "A suspended account was resumed."
    AccountDeletionScheduled "account.deletion_scheduled" "An account was scheduled for permanent deletion; nobody can sign in to it any more."
    AccountDeletionUndone "account.deletion_undone" "The scheduled deletion of an account was undone."
    AccountDeleted "account.deleted" "An account was permanently deleted, together with its events; recorded in the platform's own account."

    UserCreated "user.created" "A user was created."
    UserUpdated "user.updated" "The username, display name or email address of a user changed; the event says which, without display names and email addresses. Also recorded when an administrator sets the same email address again, and so becomes responsible for it."
    UserDeleted "user.deleted" "A user was deleted."
    UserDisabled "user.disabled" "A user was disabled and cannot sign in any more."
    UserEnabled "user.enabled" "A user was enabled and can sign in again."
    UserUnlocked "user.unlocked" "The count of a user's wrong passwords and codes was cleared."
    UserSessionsRevoked "user.sessions_revoked" "An administrator ended all sessions and logins of a user."
    UserPermissionsChanged "user.permissions_changed" "The permissions granted to a user changed. For a bulk job, this event names up to three; `bulk_job.started` names all."
    UserRolesChanged "user.roles_changed" "The roles of a user changed. For a bulk job, this event names up to three; `bulk_job.started` names all."

    RoleCreated "role.created" "A role was created."
    RoleChanged "role.changed" "The name, description or permissions of a role changed."
    RoleDeleted "role.deleted" "A role was deleted."

    ApiKeyCreated "api_key.created" "An API key was created; its secret was shown to the actor."
    ApiKeyChanged "api_key.changed" "The name, description, permissions, networks or expiry of an API key changed."
    ApiKeyRotated "api_key.rotated" "An API key got a new secret, which was shown to the actor; the event says how long older secrets keep working."
    ApiKeyRevoked "api_key.revoked" "An API key was revoked, together with the secrets that were shown to it."

    PermissionRegistered "permission.registered" "A permission of an application was registered."
    PermissionUnregistered "permission.unregistered" "A permission of an application was deleted; nobody holds it any more."

    TwoFactorPolicyChanged "two_factor_policy.changed" "The two-factor policy changed."
    TwoFactorEnrolled "two_factor.enrolled" "A user confirmed a device and received recovery codes."
    TwoFactorReset "two_factor.reset" "An administrator removed a user's device and recovery codes."
    RecoveryCodesReplaced "two_factor.recovery_codes_replaced" "A user received new recovery codes; the earlier ones no longer work."
    RecoveryCodesAcknowledged "two_factor.recovery_codes_acknowledged" "A user confirmed that they have kept their recovery codes."
    RecoveryCodeUsed "two_factor.recovery_code_used" "A user signed in with a recovery code, which is now used up."

    PasswordPolicyCreated "password_policy.created" "A password policy was created."
    PasswordPolicyChanged "password_policy.changed" "A password policy was changed or became the default."
    PasswordPolicyDeleted "password_policy.deleted" "A password policy was deleted."
    PasswordPolicyAssigned "password_policy.assigned" "The users, roles or permissions that a password policy is assigned to changed."

    PasswordChanged "password.changed" "A user has a new password."
    PasswordChangeRequired "password.change_required" "A user must choose a new password at the next sign-in."
    BreachesUnknown "password.breaches_unknown" "The breached-password source did not respond; a new password, or one at a sign-in, was accepted without that check."

    ActivationIssued "activation.issued" "An activation code, which sets a user's password, was issued."
    ActivationUsed "activation.used" "A user set a password with an activation code."
    ActivationRefused "activation.refused" "An activation code was rejected because whoever issued it, or whoever set the email address that it was sent to, cannot grant what the user now holds. Recorded the first, second, fourth time and so on; counting restarts after an hour without one."

    MailFailed "mail.failed" "An email to a user could not be delivered: it was rejected, or could not be sent in time."

    LoginFailed "login.failed" "Somebody entered a wrong password, or a name with which nobody can sign in."
    LoginPasswordAccepted "login.password_accepted" "A user entered the right password; the login needs another step."
    LoginCodeAccepted "login.code_accepted" "A user entered the right code; the login needs another step."
    LoginCodeRejected "login.code_rejected" "A user entered a wrong code."
    LoginAbandoned "login.abandoned" "A user abandoned a login."
    LoginThrottled "login.throttled" "After too many wrong guesses, the next guess must wait. Guesses before the end of the wait are rejected and not recorded."

    SessionStarted "session.started" "A user signed in."
    SessionEnded "session.ended" "A user signed out."
    SessionReauthenticated "session.reauthenticated" "A signed-in user confirmed their identity again."
    SessionReauthenticationFailed "session.reauthentication_failed" "Somebody in a session entered a wrong password or code."
    SessionRefreshReused "session.refresh_reused" "A refresh token was used a second time; its session has ended."

    UsersImported "users.imported" "The operator imported some of the users of a file; a long file has several such events."
    UserImportStarted "user_import.started" "A file with users was uploaded and waits to be imported."
    UserImportFinished "user_import.finished" "An import of users finished or failed; the event says how many users were imported, how many were unchanged, and how many lines failed. There is no event for each user."
    UserImportCancelled "user_import.cancelled" "An import of users was cancelled; the event says how many users had been imported, how many were unchanged, and how many lines had failed. Imported users remain."

    BulkJobStarted "bulk_job.started" "A bulk job was started. When it acts on a user, there is an event for that user with the id of the job."
    BulkJobCancelled "bulk_job.cancelled" "A bulk job was cancelled; what it had done remains."
    BulkJobFinished "bulk_job.finished" "A bulk job finished or failed; the event says for how many users it succeeded and for how many it failed. It also says how many of the failures were due to a missing permission of whoever started the job."
    BulkActivationsTaken "bulk_job.activations_taken" "Activation codes that a bulk job created were taken; the event says how many."
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
