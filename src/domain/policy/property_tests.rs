//! What holds for every policy, however it was put together.

use super::*;
use crate::domain::arn::Partition;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

fn one_or_some(pool: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![
        select(pool).prop_map(Value::from),
        proptest::collection::vec(select(pool), 1..4).prop_map(|list| json!(list)),
    ]
}

const IDENTITIES: &[&str] = &[
    "*",
    "111122223333",
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::111122223333:user/ann",
    "arn:aws:sts::999988887777:assumed-role/R/s",
];
const ACTIONS: &[&str] =
    &["s3:GetObject", "s3:*", "*", "s3:Put*", "s3:ListBucket", "s3:?etObject", "S3:getobject", "x:y"];
const RESOURCES: &[&str] = &[
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/photos/*",
    "arn:aws:s3:::b/${aws:username}/?",
    "arn:aws:s3:::b/${aws:Referer, 'k'}",
    "arn:aws:s3:::b/${",
    "*",
];
const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLikeIfExists",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "ForAllValues:StringLike",
    "ForAnyValue:StringNotEquals",
    "NumericLessThan",
    "NumericNotEquals",
    "DateGreaterThan",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnLike",
    "ArnNotEquals",
    "Null",
];
const KEYS: &[&str] =
    &["aws:Referer", "aws:SourceIp", "aws:SecureTransport", "s3:prefix", "AWS:tagkeys", "aws:PrincipalArn"];
const VALUES: &[&str] =
    &["", "*", "a", "a*", "true", "false", "10", "203.0.113.0/24", "203.0.113.9", "2030-01-01", "${aws:username}", "é"];

fn principals() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("*")),
        one_or_some(IDENTITIES).prop_map(|who| json!({"AWS": who})),
        Just(json!({"AWS": ["111122223333"], "Service": "cloudfront.amazonaws.com"})),
        Just(json!({"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"})),
    ]
}

fn conditions() -> impl Strategy<Value = Value> {
    let values = prop_oneof![
        one_or_some(VALUES),
        Just(json!([])),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        Just(json!(1.5)),
    ];
    let one = (select(OPERATORS), select(KEYS), values);
    proptest::collection::vec(one, 0..4).prop_map(|list| {
        let mut out = json!({});
        for (operator, key, values) in list {
            out[operator][key] = values;
        }
        out
    })
}

fn statements() -> impl Strategy<Value = Value> {
    let negated = (proptest::bool::weighted(0.15), proptest::bool::weighted(0.15), proptest::bool::weighted(0.15));
    let parts = (principals(), one_or_some(ACTIONS), one_or_some(RESOURCES), conditions());
    (proptest::bool::weighted(0.6), negated, parts, proptest::option::of("[a-zA-Z0-9 -]{0,6}")).prop_map(
        |(allow, (not_who, not_what, not_which), (who, what, which, when), sid)| {
            let mut out = json!({"Effect": if allow { "Allow" } else { "Deny" }});
            out[if not_who { "NotPrincipal" } else { "Principal" }] = who;
            out[if not_what { "NotAction" } else { "Action" }] = what;
            out[if not_which { "NotResource" } else { "Resource" }] = which;
            if when != json!({}) {
                out["Condition"] = when;
            }
            if let Some(sid) = sid {
                out["Sid"] = sid.into();
            }
            out
        },
    )
}

fn policies() -> impl Strategy<Value = Policy> {
    let version = prop_oneof![Just(None), Just(Some("2012-10-17")), Just(Some("2008-10-17"))];
    (version, proptest::collection::vec(statements(), 1..5)).prop_map(|(version, statements)| {
        let mut out = json!({"Statement": statements});
        if let Some(version) = version {
            out["Version"] = version.into();
        }
        let text = out.to_string();
        Policy::parse(&text).unwrap_or_else(|findings| panic!("{text}\n{findings:#?}"))
    })
}

fn requests() -> impl Strategy<Value = RequestContext> {
    let who = |arn: &str| RequestPrincipal::Account {
        account_id: arn.split(':').nth(4).unwrap_or_default().to_owned(),
        arn: arn.to_owned(),
        canonical_id: None,
    };
    let principals = prop_oneof![
        Just(RequestPrincipal::Anonymous),
        Just(who("arn:aws:iam::111122223333:user/ann")),
        Just(who("arn:aws:iam::111122223333:root")),
        Just(who("arn:aws:sts::999988887777:assumed-role/R/s")),
        Just(RequestPrincipal::Service { name: "cloudfront.amazonaws.com".to_owned() }),
    ];
    let actions = select(&["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetBucketPolicy"][..]);
    let resources =
        select(&["arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:s3:::b/photos/a", "arn:aws:s3:::b/ann/x"][..]);
    let keys = proptest::collection::vec((select(KEYS), select(VALUES)), 0..5);
    (principals, actions, resources, keys).prop_map(|(principal, action, resource, given)| {
        let mut keys = ContextKeys::new();
        for (key, value) in given {
            keys.add(key, value);
        }
        RequestContext { principal, action: action.to_owned(), resource: resource.to_owned(), keys }
    })
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same(policy in policies()) {
        let text = policy.to_json_pretty();
        let again = Policy::parse(&text);
        prop_assert_eq!(again.as_ref(), Ok(&policy));
        prop_assert_eq!(again.map(|again| again.to_json_pretty()), Ok(text.clone()));
        prop_assert_eq!(tidy(&text).map(|tidy| Policy::parse(&tidy)), Ok(Ok(policy)));
    }

    #[test]
    fn nothing_panics(policy in policies(), request in requests()) {
        let _ = evaluate(&policy, &request);
        let _ = is_public(&policy);
        let _ = explain(&policy, "b");
        let text = policy.to_json_pretty();
        let cx = LintContext { block_public_policy: Some(true), ..LintContext::new("b", Partition::Aws) };
        for finding in lint(&text, &cx) {
            prop_assert!(text.get(finding.span.start..finding.span.end).is_some());
            if let Some(fix) = finding.fix {
                prop_assert!(Policy::parse(&fix.apply(&text)).is_ok(), "{}", fix.label);
            }
        }
    }

    #[test]
    fn one_more_deny_never_allows_more(policy in policies(), more in policies(), request in requests()) {
        let mut stricter = policy.clone();
        stricter.statements.extend(more.statements.into_iter().filter(|one| one.effect == Effect::Deny));
        if !evaluate(&policy, &request).is_allow() {
            prop_assert!(!evaluate(&stricter, &request).is_allow());
        }
    }

    #[test]
    fn one_allow_less_never_allows_more(policy in policies(), request in requests(), index in 0..4usize) {
        let mut stricter = policy.clone();
        if stricter.statements.get(index).is_some_and(|one| one.effect == Effect::Allow) {
            stricter.statements.remove(index);
        }
        if !evaluate(&policy, &request).is_allow() {
            prop_assert!(!evaluate(&stricter, &request).is_allow());
        }
        if is_public(&stricter).public {
            prop_assert!(is_public(&policy).public);
        }
    }

    #[test]
    fn the_order_of_statements_decides_nothing(policy in policies(), request in requests()) {
        let mut turned = policy.clone();
        turned.statements.reverse();
        let (one, other) = (evaluate(&policy, &request), evaluate(&turned, &request));
        prop_assert_eq!((one.is_allow(), one.is_deny()), (other.is_allow(), other.is_deny()));
        prop_assert_eq!(is_public(&policy).public, is_public(&turned).public);
    }
}
