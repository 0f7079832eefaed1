//! Decides which policy applies to a user, and why.

use std::{cmp::Ordering, fmt};

/// How a policy applies to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via<'a> {
    /// It is assigned to the user.
    User,
    /// It is assigned to a role that the user has.
    Role(&'a str),
    /// It is assigned to a permission that the user holds.
    Permission(&'a str),
}

impl Via<'_> {
    /// The closer to the user, the smaller.
    const fn rank(self) -> u8 {
        match self {
            Self::User => 0,
            Self::Role(_) => 1,
            Self::Permission(_) => 2,
        }
    }
}

impl fmt::Display for Via<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User => f.write_str("the user"),
            Self::Role(name) => write!(f, "the role “{name}”"),
            Self::Permission(name) => write!(f, "the permission “{name}”"),
        }
    }
}

/// A policy that could apply to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment<'a, P> {
    /// The policy.
    pub policy: P,
    /// Its name.
    pub policy_name: &'a str,
    /// How it applies.
    pub via: Via<'a>,
    /// Among several roles, or several permissions, with policies, the smallest number takes precedence.
    pub priority: u16,
}

/// The policy that applies to a user. `Display` gives the reason as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied<'a, P> {
    /// An assigned one.
    Assigned {
        /// The assignment that takes precedence.
        first: Assignment<'a, P>,
        /// The next assignment with another policy, if there is one.
        second: Option<Assignment<'a, P>>,
    },
    /// The account's default, because nothing is assigned.
    Default(P),
}

impl<P: Copy> Applied<'_, P> {
    /// The policy.
    pub const fn policy(&self) -> P {
        match self {
            Self::Assigned { first, .. } => first.policy,
            Self::Default(policy) => *policy,
        }
    }
}

/// Decides: a policy that is assigned to the user takes precedence, then one by a role, then one by a permission;
/// without any it is the default. Among several roles, and among several permissions, the smaller priority takes
/// precedence. With equal priority, and among several policies that are assigned to the user, it is the policy's name
/// in code point order.
pub fn applied<'a, P: Copy + PartialEq>(assignments: &[Assignment<'a, P>], default: P) -> Applied<'a, P> {
    let Some(first) = assignments.iter().copied().min_by(order) else {
        return Applied::Default(default);
    };
    let others = assignments.iter().copied().filter(|other| other.policy != first.policy);
    Applied::Assigned { first, second: others.min_by(order) }
}

/// Sorts assignments so that the first one that matches a user applies.
pub fn sort_by_precedence<P>(assignments: &mut [Assignment<'_, P>]) {
    assignments.sort_by(order);
}

fn order<P>(a: &Assignment<'_, P>, b: &Assignment<'_, P>) -> Ordering {
    a.via
        .rank()
        .cmp(&b.via.rank())
        .then_with(|| if a.via == Via::User { Ordering::Equal } else { a.priority.cmp(&b.priority) })
        .then_with(|| a.policy_name.cmp(b.policy_name))
        .then_with(|| a.via.to_string().cmp(&b.via.to_string()))
}

impl<P> fmt::Display for Applied<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = match self {
            Self::Default(_) => {
                return f.write_str(
                    "This policy applies because it is the account's default and no policy is assigned to the user or \
                     to the user's roles or permissions.",
                );
            }
            Self::Assigned { first, second } => (first, second),
        };
        write!(f, "This policy applies because it is assigned to {}", first.via)?;
        let Some(second) = second else { return f.write_str(".") };
        write!(f, "; the policy “{}”, assigned to {}, ", second.policy_name, second.via)?;
        match (first.via, second.via) {
            (Via::User, Via::Role(_) | Via::Permission(_)) => {
                f.write_str("comes after it: an assignment to the user goes before roles and permissions.")
            }
            (Via::Role(_), Via::Permission(_)) => f.write_str("comes after it: a role goes before a permission."),
            (Via::User, Via::User) => f.write_str("comes after it: the order of the names decides."),
            (Via::Role(_) | Via::Permission(_), _) if first.priority != second.priority => {
                write!(f, "comes after it: priority {} goes before priority {}.", first.priority, second.priority)
            }
            (Via::Role(_) | Via::Permission(_), _) => {
                f.write_str("comes after it: with equal priority the order of the names decides.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assignment<'a>(policy: u8, policy_name: &'a str, via: Via<'a>, priority: u16) -> Assignment<'a, u8> {
        Assignment { policy, policy_name, via, priority }
    }

    #[track_caller]
    fn applies(assignments: &[Assignment<'_, u8>], policy: u8, because: &str) {
        let mut assignments = assignments.to_vec();
        for _ in 0..2 {
            let applied = applied(&assignments, 0);
            assert_eq!(applied.policy(), policy);
            assert!(applied.to_string().contains(because), "{applied}");
            assignments.reverse();
        }
    }

    #[test]
    fn nothing_assigned_means_the_default() {
        applies(&[], 0, "the account's default and no policy is assigned");
    }

    #[test]
    fn the_user_goes_before_roles_and_permissions() {
        let user = assignment(1, "Zulu", Via::User, 900);
        let role = assignment(2, "Alpha", Via::Role("Support"), 1);
        applies(
            &[role, user],
            1,
            "assigned to the user; the policy “Alpha”, assigned to the role “Support”, comes after",
        );
        applies(&[user], 1, "assigned to the user.");
    }

    #[test]
    fn a_role_goes_before_a_permission_whatever_the_priority() {
        let support = assignment(1, "Zulu", Via::Role("Support"), 900);
        let export = assignment(2, "Alpha", Via::Permission("export"), 1);
        applies(
            &[export, support],
            1,
            "assigned to the role “Support”; the policy “Alpha”, assigned to the permission “export”, comes after it: \
             a role goes before a permission.",
        );
        let both = [assignment(1, "Zulu", Via::Permission("export"), 1), support];
        applies(&both, 1, "assigned to the role “Support”.");
    }

    #[test]
    fn the_smaller_priority_goes_first_then_the_name() {
        let vias: [[Via<'_>; 3]; 2] = [
            [Via::Role("Support"), Via::Role("Sales"), Via::Role("Staff")],
            [Via::Permission("export"), Via::Permission("audit_read"), Via::Permission("import")],
        ];
        for [first, second, third] in vias {
            let early = assignment(1, "Zulu", first, 10);
            let alpha = assignment(2, "Alpha", second, 20);
            let bravo = assignment(3, "Bravo", third, 20);
            applies(&[alpha, early, bravo], 1, "comes after it: priority 10 goes before priority 20.");
            applies(&[bravo, alpha], 2, "comes after it: with equal priority the order of the names decides.");
        }
        let own = [assignment(1, "Zulu", Via::User, 1), assignment(2, "Alpha", Via::User, 900)];
        applies(&own, 2, "comes after it: the order of the names decides.");
    }

    #[test]
    fn sorted_assignments_tell_the_same() {
        let mut all = [
            assignment(1, "Zulu", Via::User, 0),
            assignment(2, "Alpha", Via::User, 900),
            assignment(3, "Zulu", Via::Permission("export"), 10),
            assignment(4, "Bravo", Via::Permission("audit_read"), 20),
            assignment(5, "Alpha", Via::Role("Support"), 20),
        ];
        sort_by_precedence(&mut all);
        assert_eq!(all.map(|one| one.policy), [2, 1, 5, 3, 4]);
        for at in 0..all.len() {
            assert_eq!(applied(&all[at..], 0).policy(), all[at].policy);
        }
    }

    #[test]
    fn one_policy_by_two_ways_has_no_rival() {
        let one = assignment(1, "Alpha", Via::Role("Support"), 10);
        let other = assignment(1, "Alpha", Via::Role("Sales"), 5);
        applies(&[one, other], 1, "assigned to the role “Sales”.");
    }
}
