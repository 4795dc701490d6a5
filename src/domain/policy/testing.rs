//! Policies made at random, for properties.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{
    ActionMatch, Condition, ConditionValue, Effect, Operator, Policy, Principal, PrincipalMatch, ResourceMatch, Source,
    Statement, Version,
};

const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:*",
    "*",
    "s3:Get*",
    "s3:List*",
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "s3:GetBucketLocation",
    "s3:Nothing",
];

const RESOURCES: &[&str] = &[
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/photos/*",
    "arn:aws:s3:::b/photos/2026/*",
    "arn:aws:s3:::b/*.jpg",
    "arn:aws:s3:::b/a.txt",
    "arn:aws:s3:::b/p?otos/*",
    "arn:aws:s3:::b/home/${aws:username}/*",
    "arn:aws:s3:::other/*",
    "arn:aws:s3:::b*",
    "nonsense",
];

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLikeIfExists",
    "Bool",
    "Null",
    "IpAddress",
    "NotIpAddress",
    "NumericLessThan",
    "DateGreaterThan",
    "ArnLike",
    "ForAllValues:StringEquals",
    "ForAnyValue:StringLike",
];

const KEYS: &[&str] = &[
    "aws:SecureTransport",
    "aws:SourceIp",
    "aws:Referer",
    "aws:PrincipalOrgID",
    "aws:SourceArn",
    "s3:prefix",
    "s3:TlsVersion",
    "aws:CurrentTime",
    "aws:PrincipalTag/team",
    "odd key",
];

const VALUES: &[&str] = &[
    "true",
    "false",
    "203.0.113.0/24",
    "10.0.0.0/8",
    "o-x",
    "photos/*",
    "1.2",
    "2026-11-25T00:00:00Z",
    "",
    "${aws:username}",
];

fn principals() -> impl Strategy<Value = Vec<Principal>> {
    let all = vec![
        Principal::Aws("*".to_owned()),
        Principal::Aws("111122223333".to_owned()),
        Principal::Aws("arn:aws:iam::111122223333:role/up".to_owned()),
        Principal::Aws("arn:aws:iam::999988887777:user/ann".to_owned()),
        Principal::Service("cloudfront.amazonaws.com".to_owned()),
        Principal::Federated("graph.facebook.com".to_owned()),
        Principal::CanonicalUser("79a59df9".to_owned()),
    ];
    prop_oneof![Just(vec![Principal::Everyone]), subsequence(all, 1..3)]
}

fn texts(from: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    subsequence(from.to_vec(), 1..3).prop_map(|list| list.into_iter().map(str::to_owned).collect())
}

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let one =
        (select(OPERATORS), select(KEYS), subsequence(VALUES.to_vec(), 1..3)).prop_map(|(operator, key, values)| {
            Condition {
                operator: Operator::parse(operator).unwrap(),
                key: key.to_owned(),
                values: values.into_iter().map(ConditionValue::from).collect(),
            }
        });
    // One key of one operator can stand only once.
    proptest::collection::vec(one, 0..3).prop_map(|mut list| {
        list.sort_by_key(|condition| (condition.operator.to_string(), condition.key.clone()));
        list.dedup_by_key(|condition| (condition.operator.to_string(), condition.key.clone()));
        list
    })
}

/// One statement.
pub(super) fn statements() -> impl Strategy<Value = Statement> {
    let sid = prop_oneof![Just(None), "[A-Z][a-z]{0,3}".prop_map(Some)];
    let nots = (prop::bool::weighted(0.15), prop::bool::weighted(0.15), prop::bool::weighted(0.15));
    (sid, prop::bool::weighted(0.65), principals(), texts(ACTIONS), texts(RESOURCES), conditions(), nots).prop_map(
        |(sid, allow, people, actions, resources, conditions, nots)| Statement {
            sid,
            effect: if allow { Effect::Allow } else { Effect::Deny },
            principal: if nots.0 { PrincipalMatch::Except(people) } else { PrincipalMatch::Only(people) },
            action: if nots.1 { ActionMatch::Except(actions) } else { ActionMatch::Only(actions) },
            resource: if nots.2 { ResourceMatch::Except(resources) } else { ResourceMatch::Only(resources) },
            conditions,
            source: Source::default(),
        },
    )
}

/// A policy of one to three statements.
pub(super) fn policies() -> impl Strategy<Value = Policy> {
    let version = prop_oneof![Just(None), Just(Some(Version::V2008)), Just(Some(Version::V2012))];
    (version, proptest::collection::vec(statements(), 1..4)).prop_map(|(version, statements)| Policy {
        version,
        id: None,
        statements,
    })
}
