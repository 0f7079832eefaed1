//! Authentication methods of a session.

/// The authentication methods of a session, reported in the `amr` claim (RFC 8176).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amr {
    /// The password alone.
    Password,
    /// The password and a code of the authenticator app.
    PasswordAndTotp,
    /// The password and a recovery code.
    PasswordAndRecoveryCode,
}

impl Amr {
    /// The values of RFC 8176 §2. It has none for recovery codes; they are one-time passwords too.
    pub const fn values(self) -> &'static [&'static str] {
        match self {
            Self::Password => &["pwd"],
            Self::PasswordAndTotp | Self::PasswordAndRecoveryCode => &["pwd", "otp", "mfa"],
        }
    }

    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordAndTotp => "totp",
            Self::PasswordAndRecoveryCode => "recovery_code",
        }
    }

    /// The methods with this name in the database.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Password, Self::PasswordAndTotp, Self::PasswordAndRecoveryCode]
            .into_iter()
            .find(|amr| amr.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_and_read_back() {
        for (amr, name) in [
            (Amr::Password, "password"),
            (Amr::PasswordAndTotp, "totp"),
            (Amr::PasswordAndRecoveryCode, "recovery_code"),
        ] {
            assert_eq!((amr.as_str(), Amr::from_name(name)), (name, Some(amr)));
            assert_eq!(amr.values().contains(&"mfa"), amr != Amr::Password);
        }
        assert_eq!(Amr::from_name("pwd"), None);
    }
}
