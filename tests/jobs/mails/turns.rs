//! Accounts take turns at sending mails.

mod slow {
    use serde_json::json;

    use super::super::{PAUSE, all_over, invited, with_mail};
    use crate::{
        jobs::bulk_jobs::run,
        support::{MailServer, Mood},
    };

    #[tokio::test]
    async fn the_many_mails_of_one_account_do_not_keep_another_waiting() {
        let server = MailServer::start();
        let app = with_mail(&server).await;
        let (large, small) = (app.account("large").await, app.account("small").await);
        let admin = large.admin(&["user_permissions"]).await;
        for number in 0..100 {
            let (username, email) = (format!("user-{number}"), format!("user-{number}@large.example"));
            large.invited(json!({ "username": username, "email": email })).await;
        }
        server.becomes(Mood::Answers("MAIL", "421 not yet"));
        let order = json!({ "action": "send_activation", "filter": { "q": "user-" }, "send_mail": true });
        assert_eq!(run(&admin, &large, order).await["succeeded"], 100);
        for name in ["ann", "bob", "cyd"] {
            invited(&small, name).await;
        }
        server.becomes(Mood::Takes);
        app.wait(PAUSE);
        server.wait_for(103).await;
        all_over(&app).await;
        let letters = server.letters();
        let last = letters.iter().rposition(|letter| letter.to.ends_with("@example.com")).unwrap();
        assert!(last < 40, "the last of the small account is number {last} of {}", letters.len());
    }
}
