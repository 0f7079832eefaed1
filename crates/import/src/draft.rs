//! A user as described by a file.

use std::fmt;

use kernel::Time;
use password_policy::PasswordHash;
use sha2::{Digest, Sha256};
use two_factor::Secret;

/// Whether the user may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The user may sign in.
    Active,
    /// The user may not sign in.
    Disabled,
}

/// A user as described by a file. The names, the email address and the permissions are unchanged.
pub struct Draft {
    /// The name to sign in with.
    pub username: String,
    /// The display name.
    pub display_name: Option<String>,
    /// The email address.
    pub email: Option<String>,
    /// Whether the user may sign in.
    pub status: Status,
    /// Names of permissions.
    pub permissions: Vec<String>,
    /// The hash of the password.
    pub password_hash: Option<PasswordHash>,
    /// When the password was set.
    pub password_changed_at: Option<Time>,
    /// Whether a new password must be chosen at the next sign-in.
    pub must_change_password: bool,
    /// The secret of the authenticator app.
    pub totp: Option<Secret>,
}

impl Draft {
    /// SHA-256 of everything that the record says; distinguishes a record that was imported before from one that has
    /// changed. The order of permissions does not matter.
    pub fn digest(&self) -> [u8; 32] {
        let mut permissions: Vec<&str> = self.permissions.iter().map(String::as_str).collect();
        permissions.sort_unstable();
        permissions.dedup();
        let status: &[u8] = match self.status {
            Status::Active => b"active",
            Status::Disabled => b"disabled",
        };
        let changed_at = self.password_changed_at.map(|at| at.timestamp_micros().to_be_bytes());
        let mut hash = Sha256::new_with_prefix(b"latchkey imported user v1\0");
        // Absent and empty differ, and the lengths keep "ab" + "c" apart from "a" + "bc".
        let mut add = |field: Option<&[u8]>| {
            hash.update([u8::from(field.is_some())]);
            let bytes = field.unwrap_or_default();
            hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(bytes);
        };
        add(Some(self.username.as_bytes()));
        add(self.display_name.as_deref().map(str::as_bytes));
        add(self.email.as_deref().map(str::as_bytes));
        add(Some(status));
        add(self.password_hash.as_ref().map(|hash| hash.as_str().as_bytes()));
        add(changed_at.as_ref().map(<[u8; 8]>::as_slice));
        add(Some(&[u8::from(self.must_change_password)]));
        add(self.totp.as_ref().map(Secret::as_bytes));
        for permission in permissions {
            add(Some(permission.as_bytes()));
        }
        hash.finalize().into()
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Draft(..)")
    }
}
