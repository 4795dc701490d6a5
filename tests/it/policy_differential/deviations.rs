//! Where another server is known to decide otherwise than Amazon S3: each line says how, as a change of the question
//! that makes our answer like the server's.
//!
//! `rgw` was Ceph 16 of Debian 12. It refused policies with `${aws:username}`, so it is not asked about variables.

use brimful::domain::policy::{
    ActionMatch, Comparison, Condition, Effect, Operator, Policy, PrincipalMatch, RequestContext, ResourceMatch,
    Source, Statement, Version, evaluate,
};

/// One way in which a server decides otherwise.
#[derive(Debug)]
pub(super) struct Deviation {
    pub(super) server: &'static str,
    /// What the server does instead of what Amazon S3 does.
    pub(super) reason: &'static str,
    /// The policy or the request as the server takes them.
    pub(super) change: fn(&mut Policy, &mut RequestContext),
}

/// All of them, in the order in which they are made.
pub(super) const DEVIATIONS: &[Deviation] = &[
    Deviation {
        server: "rgw",
        reason: "does not set aws:SecureTransport without TLS",
        change: |_, request| request.keys = request.keys.without("aws:SecureTransport"),
    },
    Deviation {
        server: "rgw",
        reason: "counts the 1000 that a listing has by default as s3:max-keys",
        change: |_, request| {
            if request.action.starts_with("s3:ListBucket") && request.keys.get("s3:max-keys").is_none() {
                request.keys.set("s3:max-keys", "1000");
            }
        },
    },
    Deviation {
        server: "rgw",
        reason: "takes an empty prefix for none",
        change: |_, request| {
            if request.keys.get("s3:prefix").is_some_and(|values| values == [""]) {
                request.keys = request.keys.without("s3:prefix");
            }
        },
    },
    Deviation {
        server: "rgw",
        reason: "takes Null for absent, also where false is asked",
        change: |policy, _| {
            each_condition(policy, |condition| {
                if condition.operator.comparison == Comparison::Null {
                    condition.values = vec!["true".into()];
                }
            });
        },
    },
    Deviation {
        server: "rgw",
        reason: "never applies a statement with NotAction",
        change: |policy, _| policy.statements.retain(|one| matches!(one.action, ActionMatch::Only(_))),
    },
    Deviation {
        server: "rgw",
        reason: "takes what is absent for equal",
        change: |policy, request| {
            each_condition(policy, |condition| {
                let operator = condition.operator;
                if operator.negated && !operator.if_exists && request.keys.get(&condition.key).is_none() {
                    condition.operator = Operator::new(Comparison::Null);
                    condition.values = vec!["false".into()];
                }
            });
        },
    },
    Deviation {
        server: "rgw",
        reason: "is content when one of several values differs",
        change: |policy, request| {
            let version = policy.version;
            each_condition(policy, |condition| {
                if condition.operator.negated && condition.values.len() > 1 {
                    let one = |value: &_| Condition { values: vec![Clone::clone(value)], ..condition.clone() };
                    let found = condition.values.iter().map(one).find(|alone| holds(alone, version, request));
                    condition.values.truncate(1);
                    if let Some(found) = found {
                        *condition = found;
                    }
                }
            });
        },
    },
];

fn each_condition(policy: &mut Policy, change: impl Fn(&mut Condition)) {
    policy.statements.iter_mut().flat_map(|statement| &mut statement.conditions).for_each(change);
}

/// Whether a condition by itself holds for a request.
fn holds(condition: &Condition, version: Option<Version>, request: &RequestContext) -> bool {
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principal: PrincipalMatch::everyone(),
        action: ActionMatch::Only(vec!["*".to_owned()]),
        resource: ResourceMatch::Only(vec!["*".to_owned()]),
        conditions: vec![condition.clone()],
        source: Source::default(),
    };
    evaluate(&Policy { version, ..Policy::new(vec![statement]) }, request).is_allow()
}
