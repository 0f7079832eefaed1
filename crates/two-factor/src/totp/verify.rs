//! Verifies codes, each at most once.

use kernel::Time;
use subtle::{Choice, ConditionallySelectable};
use totp_lite::{Sha1, totp_custom};

use super::{Code, DIGITS, Secret, Step, WINDOW_STEPS};

/// The code that an authenticator app shows during `step`.
pub fn code_at(secret: &Secret, step: Step) -> Code {
    // A period of 1 second, so that the counter is passed as it is. RFC 4226 §5.1 has it as eight bytes, which a step
    // before 1970 fills with its two's complement.
    Code::computed(totp_custom::<Sha1>(1, u32::from(DIGITS), secret.as_bytes(), step.get().cast_unsigned()))
}

/// The step that `code` belongs to, if it is within [`WINDOW_STEPS`] of `now` and later than `last_accepted`. The
/// caller must store it and pass it as `last_accepted` from then on: an accepted code is never accepted again (RFC 6238
/// §5.2).
///
/// All steps of the window are computed and compared in constant time, whatever the outcome.
pub fn verify(secret: &Secret, code: &Code, now: Time, last_accepted: Option<Step>) -> Option<Step> {
    let now = Step::at(now).get();
    let mut found = Choice::from(0);
    let mut accepted = 0;
    // From the earliest to the latest: when two steps share one code the later wins, or the same digits would be
    // accepted a second time for the later step.
    for offset in -WINDOW_STEPS..=WINDOW_STEPS {
        let step = Step::new(now.saturating_add(offset));
        let unused = Choice::from(u8::from(last_accepted.is_none_or(|last| step > last)));
        let matches = code.same_as(&code_at(secret, step)) & unused;
        accepted.conditional_assign(&step.get(), matches);
        found |= matches;
    }
    bool::from(found).then_some(Step::new(accepted))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn rfc_secret() -> Secret {
        Secret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn time(seconds: i64) -> Time {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn start_of(step: i64) -> Time {
        time(step * 30)
    }

    fn in_window_of(secret: &Secret, step: i64, code: &Code) -> bool {
        (-1..=1).any(|offset| code_at(secret, Step::new(step + offset)).expose() == code.expose())
    }

    #[test]
    fn rfc_6238_appendix_b() {
        // The RFC prints eight digits. Fewer digits are the same number modulo a smaller power of ten (RFC 4226 §5.3),
        // that is, its last six.
        for (seconds, eight_digits) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let now = time(seconds);
            let code: Code = eight_digits[2..].parse().unwrap();
            assert_eq!(code_at(&rfc_secret(), Step::at(now)).expose(), code.expose(), "{seconds} s");
            assert_eq!(verify(&rfc_secret(), &code, now, None), Some(Step::at(now)), "{seconds} s");
        }
    }

    #[test]
    fn rfc_4226_appendix_d() {
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (step, code) in (0..).zip(expected) {
            assert_eq!(code_at(&rfc_secret(), Step::new(step)).expose(), code, "counter {step}");
        }
    }

    #[test]
    fn the_window_ends_on_the_second() {
        let code = code_at(&rfc_secret(), Step::new(1_000));
        for (seconds, accepted) in [(29_969, false), (29_970, true), (30_000, true), (30_059, true), (30_060, false)] {
            assert_eq!(verify(&rfc_secret(), &code, time(seconds), None).is_some(), accepted, "{seconds} s");
        }
    }

    #[test]
    fn an_earlier_code_is_refused_after_a_later_one() {
        let now = start_of(1_000);
        let earlier = code_at(&rfc_secret(), Step::new(999));
        assert_eq!(verify(&rfc_secret(), &earlier, now, Some(Step::new(998))), Some(Step::new(999)));
        assert_eq!(verify(&rfc_secret(), &earlier, now, Some(Step::new(999))), None);
        assert_eq!(verify(&rfc_secret(), &earlier, now, Some(Step::new(1_000))), None);
    }

    #[test]
    fn the_first_step_and_the_ends_of_time_do_not_overflow() {
        for now in [time(0), time(29), time(-1), time(-100), Time::MIN_UTC, Time::MAX_UTC] {
            let code = code_at(&rfc_secret(), Step::at(now));
            assert_eq!(verify(&rfc_secret(), &code, now, None), Some(Step::at(now)), "{now}");
            assert_eq!(verify(&rfc_secret(), &code, now, Some(Step::new(i64::MAX))), None, "{now}");
            assert!(verify(&rfc_secret(), &code, now, Some(Step::new(i64::MIN))).is_some(), "{now}");
        }
        for number in [i64::MIN, -1, 0, i64::MAX] {
            assert_eq!(code_at(&rfc_secret(), Step::new(number)).expose().len(), 6);
        }
    }

    proptest! {
        #[test]
        fn a_code_is_accepted_within_the_window_and_never_again(
            key in any::<[u8; 20]>(), step in -10_i64..200_000_000, second in 0_i64..30, offset in -1_i64..=1, later in 0_i64..300,
        ) {
            let secret = Secret::from_bytes(&key).unwrap();
            let now = step * 30 + second;
            let code = code_at(&secret, Step::new(step + offset));
            let accepted = verify(&secret, &code, time(now), None);
            prop_assert!(accepted >= Some(Step::new(step + offset)));
            prop_assert_eq!(verify(&secret, &code, time(now), accepted), None);
            // Later, too: unless the same digits come up again by chance, as those of a new step.
            if let Some(again) = verify(&secret, &code, time(now + later), accepted) {
                prop_assert!(Some(again) > accepted);
                let its_own = code_at(&secret, again);
                prop_assert_eq!(its_own.expose(), code.expose());
            }
        }

        #[test]
        fn a_code_from_outside_the_window_is_refused(
            key in any::<[u8; 20]>(), step in 0_i64..200_000_000, distance in 2_i64..10_000, before in any::<bool>(),
        ) {
            let secret = Secret::from_bytes(&key).unwrap();
            let code = code_at(&secret, Step::new(if before { step - distance } else { step + distance }));
            let by_chance = in_window_of(&secret, step, &code);
            prop_assert_eq!(verify(&secret, &code, start_of(step), None).is_some(), by_chance);
        }

        #[test]
        fn a_guess_is_right_only_when_it_is_a_code_of_the_window(
            key in any::<[u8; 20]>(), step in 0_i64..200_000_000, guess in 0_u32..1_000_000,
        ) {
            let secret = Secret::from_bytes(&key).unwrap();
            let code: Code = format!("{guess:06}").parse().unwrap();
            prop_assert_eq!(verify(&secret, &code, start_of(step), None).is_some(), in_window_of(&secret, step, &code));
        }
    }
}
