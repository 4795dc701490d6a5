use super::*;
use crate::domain::policy::{Comparison, Operator, Quantifier};
use proptest::prelude::*;
use test_case::test_case;

fn policy(statements: &str) -> Policy {
    Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap()
}

fn allow_if(condition: &str) -> Policy {
    policy(&format!(
        r#"{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{condition}}}"#
    ))
}

fn user(name: &str) -> RequestPrincipal {
    account(&format!("arn:aws:iam::111122223333:user/{name}"))
}

fn account(arn: &str) -> RequestPrincipal {
    RequestPrincipal::Account {
        account_id: "111122223333".to_owned(),
        arn: arn.to_owned(),
        canonical_id: Some("c0ffee".to_owned()),
    }
}

fn request(principal: RequestPrincipal, keys: &[(&str, &str)]) -> RequestContext {
    let mut context = ContextKeys::new();
    for (key, value) in keys {
        context.add(key, *value);
    }
    RequestContext {
        principal,
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::b/k".to_owned(),
        keys: context,
    }
}

const NOW: (&str, &str) = ("aws:CurrentTime", "2026-03-14T09:41:00Z");
const TEAM: (&str, &str) = ("aws:PrincipalTag/team", "web");

#[test_case(r#"{"StringEquals":{"aws:PrincipalTag/team":"web"},"Bool":{"aws:SecureTransport":"true"}}"#, &[TEAM], false; "several operators are one and: absent")]
#[test_case(r#"{"StringEquals":{"aws:PrincipalTag/team":"web"},"Bool":{"aws:SecureTransport":"true"}}"#, &[TEAM, ("aws:SecureTransport", "true")], true; "several operators are one and: both")]
#[test_case(r#"{"StringEquals":{"aws:PrincipalTag/team":"web","aws:UserAgent":"x"}}"#, &[TEAM], false; "several keys are one and")]
#[test_case(r#"{"StringEquals":{"aws:PrincipalTag/team":["ops","web"]}}"#, &[TEAM], true; "several values are one or")]
#[test_case(r#"{"StringNotEquals":{"aws:PrincipalTag/team":["ops","web"]}}"#, &[TEAM], false; "several values negated are a nor")]
#[test_case(r#"{"StringNotEquals":{"aws:PrincipalTag/team":["ops","dev"]}}"#, &[TEAM], true; "all must differ")]
#[test_case(r#"{"StringEquals":{"aws:PrincipalTag/team":"web"}}"#, &[], false; "absent, positive")]
#[test_case(r#"{"StringNotEquals":{"aws:PrincipalTag/team":"web"}}"#, &[], true; "absent, negated string")]
#[test_case(r#"{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#, &[], true; "absent, negated address")]
#[test_case(r#"{"ArnNotLike":{"aws:SourceArn":"arn:aws:s3:::x"}}"#, &[], true; "absent, negated arn")]
#[test_case(r#"{"NumericNotEquals":{"s3:signatureAge":"1"}}"#, &[], true; "absent, negated number")]
#[test_case(r#"{"StringEqualsIfExists":{"aws:PrincipalTag/team":"web"}}"#, &[], true; "absent, if exists")]
#[test_case(r#"{"StringEqualsIfExists":{"aws:PrincipalTag/team":"ops"}}"#, &[TEAM], false; "present, if exists compares")]
#[test_case(r#"{"Null":{"aws:PrincipalTag/team":"true"}}"#, &[], true; "null true, absent")]
#[test_case(r#"{"Null":{"aws:PrincipalTag/team":"true"}}"#, &[TEAM], false; "null true, present")]
#[test_case(r#"{"Null":{"aws:PrincipalTag/team":false}}"#, &[TEAM], true; "null false, present")]
#[test_case(r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#, &[], true; "for all, absent")]
#[test_case(r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#, &[("aws:TagKeys", "a"), ("aws:TagKeys", "b")], true; "for all, all")]
#[test_case(r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#, &[("aws:TagKeys", "a"), ("aws:TagKeys", "c")], false; "for all, one other")]
#[test_case(r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}}"#, &[], false; "for any, absent")]
#[test_case(r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}}"#, &[("aws:TagKeys", "c"), ("aws:TagKeys", "b")], true; "for any, one")]
#[test_case(r#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":"a"}}"#, &[("aws:TagKeys", "a"), ("aws:TagKeys", "b")], true; "for any negated, one differs")]
#[test_case(r#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":"a"}}"#, &[], false; "for any negated, absent")]
#[test_case(r#"{"StringEquals":{"aws:PrincipalTag/team":"w*"}}"#, &[TEAM], false; "equals takes a star as a star")]
#[test_case(r#"{"StringLike":{"aws:PrincipalTag/team":"w?b*"}}"#, &[TEAM], true; "like is a glob")]
#[test_case(r#"{"StringLike":{"aws:PrincipalTag/team":"W*"}}"#, &[TEAM], false; "like minds case")]
#[test_case(r#"{"StringEqualsIgnoreCase":{"aws:PrincipalTag/team":"WEB"}}"#, &[TEAM], true; "ignore case")]
#[test_case(r#"{"StringNotEqualsIgnoreCase":{"aws:PrincipalTag/team":"WEB"}}"#, &[TEAM], false; "not ignore case")]
#[test_case(r#"{"StringNotLike":{"aws:PrincipalTag/team":"w*"}}"#, &[TEAM], false; "not like")]
#[test_case(r#"{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:1111:t*"}}"#, &[("aws:SourceArn", "arn:aws:sns:eu-west-1:1111:topic:x")], true; "arn per segment, rest keeps colons")]
#[test_case(r#"{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:topic"}}"#, &[("aws:SourceArn", "arn:aws:sns:eu-west-1:1111:topic")], false; "a star crosses no colon")]
#[test_case(r#"{"ArnLike":{"aws:SourceArn":"*"}}"#, &[("aws:SourceArn", "arn:aws:s3:::b")], false; "a bare star is no arn")]
#[test_case(r#"{"IpAddress":{"aws:SourceIp":"1.2.3.4"}}"#, &[("aws:SourceIp", "1.2.3.4")], true; "one address is a slash 32")]
#[test_case(r#"{"IpAddress":{"aws:SourceIp":"1.2.3.4"}}"#, &[("aws:SourceIp", "1.2.3.5")], false; "and no other")]
#[test_case(r#"{"IpAddress":{"aws:SourceIp":"1.2.3.4/24"}}"#, &[("aws:SourceIp", "1.2.3.200")], true; "host bits do not matter")]
#[test_case(r#"{"IpAddress":{"aws:SourceIp":"2001:DB8:1234:5678::/64"}}"#, &[("aws:SourceIp", "203.0.113.9")], false; "v6 range, v4 request")]
#[test_case(r#"{"IpAddress":{"aws:SourceIp":"2001:DB8:1234:5678::/64"}}"#, &[("aws:SourceIp", "2001:db8:1234:5678::1")], true; "v6 range, v6 request")]
#[test_case(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, &[("aws:SourceIp", "::ffff:203.0.113.9")], true; "v4 in v6 clothes")]
#[test_case(r#"{"Bool":{"aws:SecureTransport":"true"}}"#, &[("aws:SecureTransport", "true")], true; "bool as text")]
#[test_case(r#"{"Bool":{"aws:SecureTransport":true}}"#, &[("aws:SecureTransport", "true")], true; "bool as json")]
#[test_case(r#"{"Bool":{"aws:SecureTransport":"True"}}"#, &[("aws:SecureTransport", "false")], false; "bool differs")]
#[test_case(r#"{"NumericLessThan":{"s3:TlsVersion":1.2}}"#, &[("s3:TlsVersion", "1.1")], true; "less")]
#[test_case(r#"{"NumericLessThanEquals":{"s3:TlsVersion":"1.2"}}"#, &[("s3:TlsVersion", "1.2")], true; "less or equal")]
#[test_case(r#"{"NumericGreaterThan":{"s3:max-keys":"9"}}"#, &[("s3:max-keys", "10")], true; "numbers, not letters")]
#[test_case(r#"{"NumericGreaterThanEquals":{"s3:max-keys":10}}"#, &[("s3:max-keys", "9")], false; "greater or equal")]
#[test_case(r#"{"NumericEquals":{"s3:max-keys":"10.0"}}"#, &[("s3:max-keys", "10")], true; "same number")]
#[test_case(r#"{"DateLessThan":{"aws:CurrentTime":"2026-03-15"}}"#, &[NOW], true; "before a day")]
#[test_case(r#"{"DateGreaterThan":{"aws:CurrentTime":"2026-03-14T10:41:00+01:00"}}"#, &[NOW], false; "the same instant elsewhere is not after")]
#[test_case(r#"{"DateEquals":{"aws:CurrentTime":"2026-03-14T10:41:00+01:00"}}"#, &[NOW], true; "the same instant elsewhere")]
#[test_case(r#"{"DateGreaterThanEquals":{"aws:EpochTime":"2001-09-09T01:46:40Z"}}"#, &[("aws:EpochTime", "1000000000")], true; "seconds since 1970")]
#[test_case(r#"{"DateLessThanEquals":{"aws:CurrentTime":"2025"}}"#, &[NOW], false; "a year")]
#[test_case(r#"{"BinaryEquals":{"aws:x":"QmluYXJ5"}}"#, &[("aws:x", "QmluYXJ5")], true; "binary")]
#[test_case(r#"{"stringequals":{"AWS:principaltag/TEAM":"web"}}"#, &[TEAM], true; "operators and keys have no case")]
#[test_case(r#"{"StringEquals":{"aws:PrincipalTag/team":[]}}"#, &[TEAM], false; "no values match nothing")]
#[test_case("{}", &[], true; "an empty condition always holds")]
fn semantics(condition: &str, keys: &[(&str, &str)], expected: bool) {
    let decision = evaluate(&allow_if(condition), &request(user("ann"), keys));
    assert_eq!(decision.is_allow(), expected, "{decision:?}");
}

const ANN: &str = "arn:aws:iam::111122223333:user/ann";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/site/web-1";

#[test_case(r#""*""#, &RequestPrincipal::Anonymous, true; "everyone is also nobody")]
#[test_case(r#"{"AWS":"*"}"#, &RequestPrincipal::Anonymous, true; "so is aws star")]
#[test_case(r#"{"AWS":"111122223333"}"#, &RequestPrincipal::Anonymous, false; "an account is not nobody")]
#[test_case(r#"{"AWS":"111122223333"}"#, &account(ANN), true; "an account is its users")]
#[test_case(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, &account(SESSION), true; "root is the whole account")]
#[test_case(r#"{"AWS":"arn:aws:iam::999988887777:root"}"#, &account(ANN), false; "another account")]
#[test_case(r#"{"AWS":"arn:aws:iam::111122223333:user/ann"}"#, &account(ANN), true; "the user")]
#[test_case(r#"{"AWS":"arn:aws:iam::111122223333:user/Ann"}"#, &account(ANN), false; "case counts")]
#[test_case(r#"{"AWS":"arn:aws:iam::111122223333:role/path/site"}"#, &account(SESSION), true; "a role is its sessions, whatever its path")]
#[test_case(r#"{"AWS":"arn:aws:iam::111122223333:role/other"}"#, &account(SESSION), false; "another role")]
#[test_case(r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/site/web-1"}"#, &account(SESSION), true; "one session")]
#[test_case(r#"{"CanonicalUser":"c0ffee"}"#, &account(ANN), true; "canonical user")]
#[test_case(r#"{"Service":"logging.s3.amazonaws.com"}"#, &RequestPrincipal::Service { name: "logging.s3.amazonaws.com".to_owned() }, true; "the service")]
#[test_case(r#"{"Service":"logging.s3.amazonaws.com"}"#, &account(ANN), false; "a user is no service")]
#[test_case(r#"{"AWS":["999988887777","111122223333"]}"#, &account(ANN), true; "one of several")]
fn principals(principal: &str, who: &RequestPrincipal, expected: bool) {
    let text = format!(
        r#"{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}"#
    );
    let decide = |text: &str| evaluate(&policy(text), &request(who.clone(), &[]));
    assert_eq!(decide(&text).is_allow(), expected);
    let negated = text.replace("\"Principal\"", "\"NotPrincipal\"");
    assert_eq!(decide(&negated).is_allow(), !expected, "NotPrincipal is the rest");
}

#[test_case("Action", "s3:getobject", true; "case has no meaning")]
#[test_case("Action", "s3:Get*", true; "pattern")]
#[test_case("Action", "*", true; "star")]
#[test_case("Action", "s3:PutObject", false; "another")]
#[test_case("NotAction", "s3:PutObject", true; "all but another")]
#[test_case("NotAction", "s3:*", false; "all but all")]
fn actions(member: &str, pattern: &str, expected: bool) {
    let text = format!(r#"{{"Effect":"Allow","Principal":"*","{member}":"{pattern}","Resource":"arn:aws:s3:::b/*"}}"#);
    let decision = evaluate(&policy(&text), &request(user("ann"), &[]));
    assert_eq!(decision.is_allow(), expected);
}

#[test_case("Resource", "arn:aws:s3:::b/*", "b/x/y", true; "star spans slashes")]
#[test_case("Resource", "arn:aws:s3:::b/?", "b/xy", false; "one character")]
#[test_case("Resource", "arn:aws:s3:::b", "b/x", false; "the bucket is not its files")]
#[test_case("Resource", "arn:aws:s3:::b/home/${aws:username}/*", "b/home/ann/x", true; "variable")]
#[test_case("Resource", "arn:aws:s3:::b/home/${aws:username}/*", "b/home/bob/x", false; "somebody else's")]
#[test_case("Resource", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*", "b//x", false; "variable without a value matches nothing")]
#[test_case("Resource", "arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*", "b/all/x", true; "variable with a default")]
#[test_case("Resource", "arn:aws:s3:::b/${*}", "b/*", true; "a star that is a star")]
#[test_case("Resource", "arn:aws:s3:::b/${*}", "b/x", false; "and nothing else")]
#[test_case("Resource", "arn:aws:s3:::b/${open", "b/${open", true; "no closing brace is plain text")]
#[test_case("NotResource", "arn:aws:s3:::b/private/*", "b/x", true; "all but those")]
#[test_case("NotResource", "arn:aws:s3:::b/private/*", "b/private/x", false; "one of those")]
fn resources(member: &str, pattern: &str, resource: &str, expected: bool) {
    let text = format!(r#"{{"Effect":"Allow","Principal":"*","Action":"s3:*","{member}":"{pattern}"}}"#);
    let mut request = request(user("ann"), &[]);
    request.resource = format!("arn:aws:s3:::{resource}");
    assert_eq!(evaluate(&policy(&text), &request).is_allow(), expected);
}

#[test]
fn a_variables_value_brings_no_wildcards() {
    let policy = policy(
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team}/x"}"#,
    );
    let star = request(user("ann"), &[("aws:PrincipalTag/team", "*")]);
    let at = |resource: &str| RequestContext { resource: resource.to_owned(), ..star.clone() };
    assert!(!evaluate(&policy, &at("arn:aws:s3:::b/secret/x")).is_allow());
    assert!(evaluate(&policy, &at("arn:aws:s3:::b/*/x")).is_allow());
}

#[test]
fn the_language_of_2008_has_no_variables() {
    let text = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}"}}"#;
    let policy = Policy::parse(text).unwrap();
    let mut request = request(user("ann"), &[]);
    request.resource = "arn:aws:s3:::b/ann".to_owned();
    assert_eq!(evaluate(&policy, &request), Decision::NoMatch);
    request.resource = "arn:aws:s3:::b/${aws:username}".to_owned();
    assert!(evaluate(&policy, &request).is_allow());
}

#[test]
fn deny_wins_and_decisions_name_their_statement() {
    let allow = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/k"}"#;
    let asked = request(user("ann"), &[]);
    let decide = |text: &str| evaluate(&policy(text), &asked);
    assert_eq!(decide(&format!("{allow},{deny}")), Decision::Deny { statement: 1 });
    assert_eq!(decide(allow), Decision::Allow { statement: 0 });
    assert_eq!(decide(&allow.replace("b/*", "b/other")), Decision::NoMatch);
}

#[test]
fn an_unsigned_request_has_the_keys_it_should() {
    let context = anonymous_context(
        "s3:GetObject",
        "arn:aws:s3:::b/k".to_owned(),
        &AnonymousRequest {
            ip: "203.0.113.9".parse().ok(),
            https: true,
            tls_version: Some("1.3".to_owned()),
            user_agent: Some("test".to_owned()),
            referer: None,
            now: "2026-03-14T09:41:00Z".parse().ok(),
        },
    );
    for (key, value) in [
        ("aws:SourceIp", Some("203.0.113.9")),
        ("aws:SecureTransport", Some("true")),
        ("aws:CurrentTime", Some("2026-03-14T09:41:00Z")),
        ("aws:EpochTime", Some("1773481260")),
        ("aws:UserAgent", Some("test")),
        ("aws:PrincipalAccount", Some("anonymous")),
        ("aws:PrincipalType", Some("Anonymous")),
        ("s3:TlsVersion", Some("1.3")),
        ("aws:Referer", None),
        ("aws:PrincipalArn", None),
        ("aws:PrincipalOrgID", None),
        ("aws:username", None),
        ("s3:authType", None),
    ] {
        let values = key_values(key, &context);
        let expected = value.map(|value| vec![value.to_owned()]);
        assert_eq!(values, expected, "{key}");
    }
}

#[test]
fn signed_keys_follow_from_the_principal() {
    let context = request(account(SESSION), &[]);
    let role = vec!["arn:aws:iam::111122223333:role/site".to_owned()];
    assert_eq!(key_values("aws:PrincipalArn", &context), Some(role));
    assert_eq!(key_values("aws:username", &context), None);
    let kind = vec!["AssumedRole".to_owned()];
    assert_eq!(key_values("aws:PrincipalType", &context), Some(kind));
    let context = request(account("arn:aws:iam::111122223333:user/path/ann"), &[]);
    let name = vec!["ann".to_owned()];
    assert_eq!(key_values("aws:username", &context), Some(name));
}

fn statements() -> impl Strategy<Value = String> {
    let principal = prop_oneof![Just(r#""*""#), Just(r#"{"AWS":"111122223333"}"#), Just(r#"{"AWS":"999988887777"}"#)];
    let not = || prop_oneof![3 => Just(""), 1 => Just("Not")];
    let action = prop_oneof![Just("s3:*"), Just("s3:GetObject"), Just("s3:Put*")];
    let resource = prop_oneof![Just("*"), Just("k"), Just("x*"), Just("${aws:username}")];
    let condition = prop_oneof![
        Just("{}"),
        Just(r#"{"Bool":{"aws:SecureTransport":"true"}}"#),
        Just(r#"{"StringNotEquals":{"aws:UserAgent":"x"}}"#),
        Just(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#)
    ];
    let effect = prop_oneof![Just("Allow"), Just("Deny")];
    (effect, (not(), principal), (not(), action), (not(), resource), condition).prop_map(
        |(effect, (np, principal), (na, action), (nr, resource), condition)| {
            format!(
                r#"{{"Effect":"{effect}","{np}Principal":{principal},"{na}Action":"{action}","{nr}Resource":"arn:aws:s3:::b/{resource}","Condition":{condition}}}"#
            )
        },
    )
}

proptest! {
    #[test]
    fn one_more_deny_never_allows_more(
        before in proptest::collection::vec(statements(), 1..5),
        added in statements(),
        anonymous: bool,
        https: bool,
    ) {
        let added = added.replace("\"Allow\"", "\"Deny\"");
        let principal = if anonymous { RequestPrincipal::Anonymous } else { user("ann") };
        let request = request(principal, &[("aws:SecureTransport", if https { "true" } else { "false" })]);
        let first = policy(&before.join(","));
        let more = policy(&format!("{},{added}", before.join(",")));
        let (first, more) = (evaluate(&first, &request), evaluate(&more, &request));
        prop_assert!(!more.is_allow() || first.is_allow());
        prop_assert!(!first.is_deny() || more.is_deny());
    }

    #[test]
    fn writing_and_reading_keeps_every_decision(
        list in proptest::collection::vec(statements(), 1..4),
        anonymous: bool,
    ) {
        let policy = policy(&list.join(","));
        let again = Policy::parse(&policy.to_json_pretty()).unwrap();
        prop_assert_eq!(&policy, &again);
        let principal = if anonymous { RequestPrincipal::Anonymous } else { user("ann") };
        let request = request(principal, &[]);
        prop_assert_eq!(evaluate(&policy, &request), evaluate(&again, &request));
    }

    #[test]
    fn negation_is_the_opposite_when_the_key_is_there(value in "[a-c*?]{0,4}", asked in "[a-c]{0,4}") {
        let values = [expand(&value, Version::V2012, &request(user("ann"), &[])).unwrap()];
        let asked = [asked];
        for comparison in [Comparison::StringEquals, Comparison::StringLike, Comparison::ArnLike, Comparison::IpAddress] {
            let plain = condition::holds(Operator::new(comparison), &values, Some(&asked));
            let negated = condition::holds(Operator::not(comparison), &values, Some(&asked));
            prop_assert_eq!(plain, !negated);
        }
    }

    #[test]
    fn operators_read_back(quantifier in 0..3_u8, if_exists: bool, negated: bool) {
        let operator = Operator {
            quantifier: [None, Some(Quantifier::ForAllValues), Some(Quantifier::ForAnyValue)][usize::from(quantifier)],
            comparison: Comparison::StringLike,
            negated,
            if_exists,
        };
        let name = operator.to_string();
        prop_assert_eq!(Operator::parse(&name), Some(operator));
        prop_assert_eq!(Operator::parse(&name.to_uppercase()), Some(operator));
    }
}

#[test_case("NullIfExists"; "null has no if exists")]
#[test_case("StringEqual"; "no such operator")]
#[test_case("ForSomeValues:StringEquals"; "no such prefix")]
#[test_case("BoolNot"; "no such negation")]
#[test_case(""; "nothing")]
fn not_operators(name: &str) {
    assert_eq!(Operator::parse(name), None);
}
