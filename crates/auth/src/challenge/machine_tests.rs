//! Tests of the guarantees of a challenge, over all sequences of events.

use chrono::{DateTime, TimeDelta};
use kernel::Time;
use proptest::prelude::*;

use super::{Answer, Challenge, Demands, Ended, Event, MAX_WRONG_CODES, Next, Proof, Refused, SecondFactorDemand};
use crate::Amr;

fn start() -> Time {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn fresh() -> Challenge {
    Challenge::begin(start() + TimeDelta::minutes(10))
}

fn demands(second_factor: SecondFactorDemand, password_change: bool) -> Demands {
    Demands { second_factor, password_change }
}

fn any_event() -> impl Strategy<Value = Event> {
    let right = any::<bool>();
    prop_oneof![
        right.prop_map(|right| Event::EnrollmentCode { right }),
        right.prop_map(|right| Event::TotpCode { right }),
        right.prop_map(|right| Event::RecoveryCode { right }),
        Just(Event::PasswordChanged),
        Just(Event::SessionAsked),
        Just(Event::Abandoned),
    ]
}

fn any_demands() -> impl Strategy<Value = Demands> {
    let second_factor = prop_oneof![
        Just(SecondFactorDemand::Nothing),
        Just(SecondFactorDemand::Enrollment),
        Just(SecondFactorDemand::Code),
    ];
    (second_factor, any::<bool>()).prop_map(|(second_factor, change)| demands(second_factor, change))
}

#[test]
fn the_order_is_second_factor_then_password_then_session() {
    let both = demands(SecondFactorDemand::Code, true);
    let challenge = fresh();
    assert_eq!(challenge.apply(Event::PasswordChanged, both, start()), Err(Refused::WrongStep(Next::Totp)));
    let coded = challenge.apply(Event::TotpCode { right: true }, both, start()).unwrap();
    assert_eq!(coded.answer, Answer::Next(Next::PasswordChange));
    let again = coded.challenge.apply(Event::TotpCode { right: true }, both, start());
    assert_eq!(again, Err(Refused::WrongStep(Next::PasswordChange)));
    let done = coded.challenge.apply(Event::PasswordChanged, both, start()).unwrap();
    assert_eq!((done.answer, done.challenge.ended), (Answer::Next(Next::Session), Some(Ended::Completed)));
    assert_eq!(done.challenge.apply(Event::SessionAsked, both, start()), Err(Refused::Over));
}

#[test]
fn who_is_not_enrolled_cannot_answer_with_a_code_and_the_other_way_round() {
    for (demand, event, stands_at) in [
        (SecondFactorDemand::Enrollment, Event::TotpCode { right: true }, Next::TotpEnrollment),
        (SecondFactorDemand::Enrollment, Event::RecoveryCode { right: true }, Next::TotpEnrollment),
        (SecondFactorDemand::Code, Event::EnrollmentCode { right: true }, Next::Totp),
    ] {
        let outcome = fresh().apply(event, demands(demand, false), start());
        assert_eq!(outcome, Err(Refused::WrongStep(stands_at)), "{event:?}");
    }
}

#[test]
fn five_wrong_codes_end_it_whatever_their_kind() {
    let demand = demands(SecondFactorDemand::Code, false);
    let mut challenge = fresh();
    for left in (0..MAX_WRONG_CODES).rev() {
        let event = if left % 2 == 0 { Event::TotpCode { right: false } } else { Event::RecoveryCode { right: false } };
        let outcome = challenge.apply(event, demand, start()).unwrap();
        assert_eq!(outcome.answer, Answer::WrongCode { attempts_left: left });
        challenge = outcome.challenge;
    }
    assert_eq!(challenge.ended, Some(Ended::TooManyWrongCodes));
    assert_eq!(challenge.apply(Event::TotpCode { right: true }, demand, start()), Err(Refused::Over));
}

#[test]
fn it_expires_on_the_second() {
    let demand = demands(SecondFactorDemand::Code, false);
    let event = Event::TotpCode { right: true };
    assert!(fresh().apply(event, demand, start() + TimeDelta::seconds(599)).is_ok());
    assert_eq!(fresh().apply(event, demand, start() + TimeDelta::seconds(600)), Err(Refused::Over));
}

#[test]
fn a_switch_in_mid_login_counts_in_both_directions() {
    let code = demands(SecondFactorDemand::Code, false);
    // Switched off before the code is typed: nothing is left to do.
    let off = demands(SecondFactorDemand::Nothing, false);
    let outcome = fresh().apply(Event::TotpCode { right: false }, off, start()).unwrap();
    assert_eq!((outcome.answer, outcome.challenge.amr().values()), (Answer::Next(Next::Session), &["pwd"][..]));
    // Switched on while the user is at the password change: the code comes first.
    let outcome = fresh().apply(Event::PasswordChanged, demands(SecondFactorDemand::Code, true), start());
    assert_eq!(outcome, Err(Refused::WrongStep(Next::Totp)));
    // The device was reset after the code was typed: the proof is void.
    let mut proven = fresh();
    proven.proof = Some(Proof::Totp);
    assert_eq!(proven.next(code), Next::Session);
    assert_eq!(proven.next(demands(SecondFactorDemand::Enrollment, false)), Next::TotpEnrollment);
}

#[test]
fn who_gives_up_ends_it_at_any_step() {
    for second_factor in [SecondFactorDemand::Nothing, SecondFactorDemand::Enrollment, SecondFactorDemand::Code] {
        for password_change in [false, true] {
            let demand = demands(second_factor, password_change);
            let outcome = fresh().apply(Event::Abandoned, demand, start()).unwrap();
            assert_eq!((outcome.answer, outcome.challenge.ended), (Answer::Abandoned, Some(Ended::Abandoned)));
            assert_eq!(outcome.challenge.apply(Event::Abandoned, demand, start()), Err(Refused::Over), "{demand:?}");
        }
    }
}

#[test]
fn the_code_that_confirms_a_device_proves_it_too() {
    let event = Event::EnrollmentCode { right: true };
    for (password_change, next) in [(false, Next::Session), (true, Next::PasswordChange)] {
        let demand = demands(SecondFactorDemand::Enrollment, password_change);
        let outcome = fresh().apply(event, demand, start()).unwrap();
        assert_eq!((outcome.answer, outcome.challenge.proof), (Answer::Next(next), Some(Proof::Totp)));
    }
}

#[test]
fn the_session_reports_what_was_proven() {
    let code = demands(SecondFactorDemand::Code, false);
    let nothing = demands(SecondFactorDemand::Nothing, false);
    for (event, demand, amr) in [
        (Event::SessionAsked, nothing, Amr::Password),
        (Event::TotpCode { right: true }, code, Amr::PasswordAndTotp),
        (Event::RecoveryCode { right: true }, code, Amr::PasswordAndRecoveryCode),
    ] {
        assert_eq!(fresh().apply(event, demand, start()).unwrap().challenge.amr(), amr, "{event:?}");
    }
}

#[test]
fn the_names_of_the_database_and_of_the_api_stay() {
    for (ended, name) in [
        (Ended::Completed, "completed"),
        (Ended::Abandoned, "abandoned"),
        (Ended::TooManyWrongCodes, "too_many_wrong_codes"),
        (Ended::Revoked, "revoked"),
    ] {
        assert_eq!((ended.as_str(), Ended::from_name(name)), (name, Some(ended)));
    }
    assert_eq!(Ended::from_name("Completed"), None);
    let steps = [Next::TotpEnrollment, Next::Totp, Next::PasswordChange, Next::Session];
    assert_eq!(steps.map(Next::as_str), ["totp_enrollment", "totp", "password_change", "session"]);
}

proptest! {
    /// Whatever happens, in any order, under policies that change at every step: a session begins only when everything
    /// that is demanded at that time has been proven.
    #[test]
    fn no_session_without_every_step_that_is_demanded_at_that_moment(
        story in prop::collection::vec((any_event(), any_demands(), 0_i64..200), 1..40),
    ) {
        let mut challenge = fresh();
        let mut now = start();
        let mut proven = false;
        let mut wrong = 0;
        for (event, demand, seconds) in story {
            now += TimeDelta::seconds(seconds);
            let before = challenge;
            let Ok(outcome) = challenge.apply(event, demand, now) else { continue };
            prop_assert!(before.ended.is_none() && now < before.expires_at, "an ended challenge moved");
            prop_assert_eq!(outcome.challenge.expires_at, before.expires_at);
            challenge = outcome.challenge;
            match (event, outcome.answer) {
                (_, Answer::WrongCode { attempts_left }) => {
                    wrong += 1;
                    prop_assert_eq!(attempts_left + wrong, MAX_WRONG_CODES);
                    let of_a_code = match event {
                        Event::EnrollmentCode { right } | Event::TotpCode { right } | Event::RecoveryCode { right } => !right,
                        Event::PasswordChanged | Event::SessionAsked | Event::Abandoned => false,
                    };
                    prop_assert!(of_a_code);
                }
                (Event::EnrollmentCode { right: true }, _) if demand.second_factor == SecondFactorDemand::Enrollment => {
                    proven = true;
                }
                (Event::TotpCode { right: true } | Event::RecoveryCode { right: true }, _)
                    if demand.second_factor == SecondFactorDemand::Code => proven = true,
                _ => {}
            }
            if outcome.answer == Answer::Next(Next::Session) {
                prop_assert_eq!(challenge.ended, Some(Ended::Completed));
                prop_assert!(demand.second_factor == SecondFactorDemand::Nothing || proven);
                prop_assert!(!demand.password_change || event == Event::PasswordChanged);
            }
            prop_assert!(wrong < MAX_WRONG_CODES || challenge.ended.is_some());
        }
    }
}
