//! Texts of mails. Plain text; of what an administrator may choose, only the names of the account and the user appear
//! in it.

use kernel::Time;
use store::tables::directory::{accounts::Account, users::User};

use crate::base::activation_url::ActivationUrl;

/// The subject and the text of a mail.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: String,
}

/// The mail with an activation code.
pub(super) fn activation(
    account: &Account,
    user: &User,
    code: &str,
    expires_at: Time,
    url: Option<&ActivationUrl>,
) -> Words {
    let (name, until) = (one_line(&account.name), moment(expires_at));
    let page = url.map_or_else(String::new, |url| {
        format!("Set it here:\n\n    {}\n\nIf you are asked for a code, ", url.with(code))
    });
    let begin = if page.is_empty() { "T" } else { "t" };
    Words {
        subject: format!("Set your password for {name}"),
        text: format!(
            "You can now set a password for the account {name}.\n\n{}{page}{begin}his is your code:\n\n    {code}\n\n\
             It works once and expires at {until}. Do not share it.\n\n\
             If you did not expect this mail, ignore it: nothing happens unless somebody uses the code.\n",
            who(account, user)
        ),
    }
}

/// The reminder that the password expires.
pub(super) fn password_expires(account: &Account, user: &User, expires_at: Time, days_left: u8) -> Words {
    let name = one_line(&account.name);
    let days = if days_left == 1 { "1 day".to_owned() } else { format!("{days_left} days") };
    Words {
        subject: format!("Your password for {name} expires soon"),
        text: format!(
            "Your password for the account {name} expires within {days}, at {}.\n\n{}\
             Please sign in as usual and change it before then. This mail does not ask for your password and has no \
             link.\n\n\
             If you did not expect this mail, ignore it.\n",
            moment(expires_at),
            who(account, user)
        ),
    }
}

/// What the user must type at sign-in.
fn who(account: &Account, user: &User) -> String {
    format!("    Account:  {}\n    Username: {}\n\n", one_line(&account.slug), one_line(&user.username))
}

fn moment(at: Time) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Names contain no control characters. If one did, it must not begin a line of its own.
fn one_line(name: &str) -> String {
    name.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use kernel::{Id, OsRandom};
    use store::tables::directory::users::Status;

    use super::*;

    fn at() -> Time {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn account(name: &str) -> Account {
        Account::new(Id::generate(at(), &mut OsRandom), "acme".to_owned(), name.to_owned(), at())
    }

    fn user(username: &str) -> User {
        User {
            account_id: Id::generate(at(), &mut OsRandom),
            id: Id::generate(at(), &mut OsRandom),
            username: username.to_owned(),
            username_key: username.to_owned(),
            display_name: Some("not told".to_owned()),
            email: Some("ann@example.org".to_owned()),
            status: Status::Active,
            password_hash: None,
            password_changed_at: None,
            password_change_required: false,
            version: 1,
            created_at: at(),
        }
    }

    #[test]
    fn an_activation_says_for_what_for_whom_and_how_long() {
        let url = ActivationUrl::parse("https://app.example.org/activate#code={code}").unwrap();
        let words = activation(&account("Acme & Söhne"), &user("ann"), "lk_act_1", at(), Some(&url));
        assert_eq!(words.subject, "Set your password for Acme & Söhne");
        assert_eq!(
            words.text,
            "You can now set a password for the account Acme & Söhne.\n\n    Account:  acme\n    Username: ann\n\n\
             Set it here:\n\n    https://app.example.org/activate#code=lk_act_1\n\n\
             If you are asked for a code, this is your code:\n\n    lk_act_1\n\n\
             It works once and expires at 2027-01-15 08:00 UTC. Do not share it.\n\n\
             If you did not expect this mail, ignore it: nothing happens unless somebody uses the code.\n"
        );
    }

    #[test]
    fn without_a_page_there_is_no_link() {
        let words = activation(&account("Acme"), &user("ann"), "lk_act_1", at(), None);
        assert!(words.text.contains("\n\nThis is your code:\n\n    lk_act_1\n\n"), "{}", words.text);
        assert!(!words.text.contains("://"), "{}", words.text);
    }

    #[test]
    fn a_reminder_says_when_and_nothing_to_click_on() {
        let words = password_expires(&account("Acme"), &user("ann"), at(), 7);
        assert_eq!(words.subject, "Your password for Acme expires soon");
        assert!(words.text.starts_with(
            "Your password for the account Acme expires within 7 days, at 2027-01-15 08:00 UTC.\n\n    Account:  acme\n    \
             Username: ann\n\n"
        ));
        assert!(!words.text.contains("://"));
        assert!(password_expires(&account("Acme"), &user("ann"), at(), 1).text.contains("within 1 day, at"));
    }

    #[test]
    fn no_name_begins_a_line_of_its_own() {
        let (account, user) = (account("Acme\r\n\r\nYour bank: pay"), user("ann\nCode: other"));
        for words in [activation(&account, &user, "lk_act_1", at(), None), password_expires(&account, &user, at(), 7)] {
            assert!(!words.subject.contains(['\r', '\n']) && !words.text.contains('\r'));
            assert!(!words.text.lines().any(|line| line.starts_with("Your bank") || line.starts_with("Code:")));
        }
    }
}
