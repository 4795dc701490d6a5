//! Which web pages may use a bucket's files: CORS rules, checked before they are sent and matched as S3 does.
//!
//! Rules as in the Amazon S3 User Guide, "Elements of a CORS configuration".

mod notation;

pub use notation::{CorsParseError, parse, parse_json, to_xml};

use serde::{Deserialize, Serialize};

/// Most rules in one configuration.
pub const MAX_RULES: usize = 100;

/// One rule. Serialised as the AWS CLI and the console write it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CorsRule {
    /// Its name.
    #[serde(rename = "ID", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Headers that a page may send; one `*` each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_headers: Vec<String>,
    /// `GET`, `PUT`, `POST`, `DELETE`, `HEAD`.
    #[serde(default)]
    pub allowed_methods: Vec<String>,
    /// `https://example.com`; one `*` each.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// Headers of the answer that a page's script may read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expose_headers: Vec<String>,
    /// How long a browser may remember the answer to its first question, in seconds.
    #[serde(rename = "MaxAgeSeconds", default, skip_serializing_if = "Option::is_none")]
    pub max_age_secs: Option<i32>,
}

/// What S3 would refuse, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsProblem {
    /// Index of the rule; `None` for the configuration as a whole.
    pub rule: Option<usize>,
    /// What.
    pub kind: CorsProblemKind,
}

/// What S3 would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CorsProblemKind {
    /// None, or more than a hundred.
    #[error("There must be 1 to 100 rules")]
    Count,
    /// Without origins nothing matches.
    #[error("The rule needs at least one origin, like https://example.com")]
    NoOrigin,
    /// Without methods nothing matches.
    #[error("The rule needs at least one method")]
    NoMethod,
    /// Anything but the five, in capitals.
    #[error("“{0}” is not among GET, PUT, POST, DELETE and HEAD")]
    Method(String),
    /// Two stars.
    #[error("The origin {0} has more than one *")]
    OriginWildcards(String),
    /// Two stars.
    #[error("The header {0} has more than one *")]
    HeaderWildcards(String),
    /// A star at all.
    #[error("The exposed header {0} must be written out, without *")]
    ExposedWildcard(String),
    /// More than 255 characters.
    #[error("The rule’s name is longer than 255 characters")]
    LongId,
    /// Below zero.
    #[error("The time to remember must not be negative")]
    NegativeAge,
}

/// Everything that S3 would refuse; empty when it may be sent.
#[must_use]
pub fn check(rules: &[CorsRule]) -> Vec<CorsProblem> {
    use CorsProblemKind as Kind;
    let mut problems = Vec::new();
    if rules.is_empty() || rules.len() > MAX_RULES {
        problems.push(CorsProblem { rule: None, kind: Kind::Count });
    }
    let stars = |text: &String| text.matches('*').count();
    for (index, rule) in rules.iter().enumerate() {
        let mut say = |kind| problems.push(CorsProblem { rule: Some(index), kind });
        if rule.allowed_origins.is_empty() {
            say(Kind::NoOrigin);
        }
        if rule.allowed_methods.is_empty() {
            say(Kind::NoMethod);
        }
        for method in rule.allowed_methods.iter().filter(|m| !METHODS.contains(&m.as_str())) {
            say(Kind::Method(method.clone()));
        }
        for origin in rule.allowed_origins.iter().filter(|o| stars(o) > 1) {
            say(Kind::OriginWildcards(origin.clone()));
        }
        for header in rule.allowed_headers.iter().filter(|h| stars(h) > 1) {
            say(Kind::HeaderWildcards(header.clone()));
        }
        for header in rule.expose_headers.iter().filter(|h| stars(h) > 0) {
            say(Kind::ExposedWildcard(header.clone()));
        }
        if rule.id.as_ref().is_some_and(|id| id.chars().count() > 255) {
            say(Kind::LongId);
        }
        if rule.max_age_secs.is_some_and(|age| age < 0) {
            say(Kind::NegativeAge);
        }
    }
    problems
}

/// What may be sent but never does what it seems to: origins that no browser names so.
#[must_use]
pub fn odd_origins(rule: &CorsRule) -> Vec<String> {
    let odd = |origin: &String| match origin.split_once("://") {
        None if origin == "*" => None,
        None => Some(format!("{origin} lacks https:// or http://, so it never matches")),
        Some((_, rest)) if rest.contains('/') => Some(format!("{origin} has a path, so it never matches")),
        Some(_) => None,
    };
    rule.allowed_origins.iter().filter_map(odd).collect()
}

/// The rule for showing files on pages of these origins.
#[must_use]
pub fn viewing_rule(origins: &[String]) -> CorsRule {
    CorsRule {
        id: Some("brimful-view".into()),
        allowed_headers: vec!["*".into()],
        allowed_methods: vec!["GET".into(), "HEAD".into()],
        allowed_origins: origins.to_vec(),
        expose_headers: vec!["ETag".into(), "Content-Length".into()],
        max_age_secs: Some(3600),
    }
}

/// The rules that are there with `wanted` added: a rule of the same name is replaced, one that says the same is left.
/// `None` when nothing would change.
#[must_use]
pub fn merge(existing: &[CorsRule], wanted: &[CorsRule]) -> Option<Vec<CorsRule>> {
    let mut merged = existing.to_vec();
    for rule in wanted {
        let same = |other: &CorsRule| CorsRule { id: None, ..other.clone() } == CorsRule { id: None, ..rule.clone() };
        if merged.iter().any(same) {
            continue;
        }
        match merged.iter_mut().find(|other| rule.id.is_some() && other.id == rule.id) {
            Some(other) => *other = rule.clone(),
            None => merged.push(rule.clone()),
        }
    }
    (merged != existing).then_some(merged)
}

/// The first rule that covers a request: origin (case counts), method and every requested header (case does not).
#[must_use]
pub fn first_match<'a>(rules: &'a [CorsRule], origin: &str, method: &str, headers: &[&str]) -> Option<&'a CorsRule> {
    rules.iter().find(|rule| {
        rule.allowed_origins.iter().any(|pattern| one_star(pattern, origin))
            && rule.allowed_methods.iter().any(|m| m == method)
            && headers.iter().map(|h| h.trim().to_ascii_lowercase()).all(|header| {
                rule.allowed_headers.iter().any(|pattern| one_star(&pattern.to_ascii_lowercase(), &header))
            })
    })
}

/// What a browser asks before a request from another site.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Where the page is.
    pub origin: &'a str,
    /// What its script wants to do.
    pub method: &'a str,
    /// Headers that it wants to send.
    pub headers: &'a [String],
}

/// Why no rule covers a request: what the rule that comes closest lacks. Rules are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Miss {
    /// There are none.
    NoRules,
    /// No rule names the origin.
    Origin,
    /// This rule names the origin, but not the method.
    Method(usize),
    /// This rule names origin and method, but not this header.
    Header(usize, String),
}

/// The rule that covers a request, or why none does.
///
/// # Errors
/// What the rule that comes closest lacks.
pub fn judge<'a>(rules: &'a [CorsRule], question: Question<'_>) -> Result<&'a CorsRule, Miss> {
    let headers: Vec<&str> = question.headers.iter().map(String::as_str).collect();
    if let Some(rule) = first_match(rules, question.origin, question.method, &headers) {
        return Ok(rule);
    }
    let alone = |rule: &CorsRule, headers: &[&str], method: &str| {
        first_match(std::slice::from_ref(rule), question.origin, method, headers).is_some()
    };
    let mut miss = if rules.is_empty() { Miss::NoRules } else { Miss::Origin };
    for (at, rule) in rules.iter().enumerate() {
        if alone(rule, &[], question.method) {
            let header = headers.iter().find(|header| !alone(rule, &[**header], question.method));
            return Err(Miss::Header(at + 1, header.map(|header| (*header).to_owned()).unwrap_or_default()));
        }
        let names_origin = rule.allowed_methods.iter().any(|method| alone(rule, &[], method));
        if names_origin && miss == Miss::Origin {
            miss = Miss::Method(at + 1);
        }
    }
    Err(miss)
}

/// The rules with one that covers the request: the rule that comes closest gets what it lacks, or a new one is added.
#[must_use]
pub fn with_rule_for(rules: &[CorsRule], question: Question<'_>) -> Vec<CorsRule> {
    let mut out = rules.to_vec();
    match judge(rules, question) {
        Ok(_) => {}
        Err(Miss::Method(at)) => {
            if let Some(rule) = out.get_mut(at - 1) {
                rule.allowed_methods.push(question.method.to_owned());
            }
        }
        Err(Miss::Header(at, _)) => {
            if let Some(rule) = out.get_mut(at - 1) {
                for header in question.headers {
                    let known = rule.allowed_headers.iter().any(|it| it.eq_ignore_ascii_case(header));
                    if !known {
                        rule.allowed_headers.push(header.clone());
                    }
                }
            }
        }
        Err(Miss::NoRules | Miss::Origin) => {
            let mut methods: Vec<String> = vec!["GET".to_owned(), "HEAD".to_owned()];
            if !methods.iter().any(|method| method == question.method) {
                methods.push(question.method.to_owned());
            }
            out.push(CorsRule {
                allowed_headers: vec!["*".to_owned()],
                allowed_methods: methods,
                allowed_origins: vec![question.origin.to_owned()],
                expose_headers: vec!["ETag".to_owned()],
                max_age_secs: Some(3600),
                id: None,
            });
        }
    }
    out
}

/// The origin of a site or of one of its pages, as a browser names it: scheme, host, and a port that is not the scheme's
/// own (Fetch Standard, "serializing a request origin").
///
/// # Errors
/// In plain words, where no scheme or no host is named.
pub fn origin_of(address: &str) -> Result<String, String> {
    let address = address.trim().to_ascii_lowercase();
    let parts = address.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
    let host = parts.and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    let host = host.filter(|host| !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || c == '*'));
    let Some(((scheme, _), host)) = parts.zip(host) else {
        return Err("Write the site with its beginning, such as https://www.example.com".to_owned());
    };
    let own_port = if scheme == "http" { ":80" } else { ":443" };
    Ok(format!("{scheme}://{}", host.strip_suffix(own_port).unwrap_or(host)))
}

/// Why no browser would name this origin, e.g. that it has a path.
#[must_use]
pub fn origin_problem(origin: &str) -> Option<String> {
    if origin == "*" {
        return Some("Name one page’s origin; * stands in rules only".to_owned());
    }
    let rule = CorsRule { allowed_origins: vec![origin.to_owned()], ..CorsRule::default() };
    odd_origins(&rule).into_iter().next()
}

const METHODS: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "HEAD"];

fn one_star(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn rule() -> CorsRule {
        CorsRule {
            allowed_methods: vec!["GET".into(), "PUT".into()],
            allowed_origins: vec!["https://localhost:4200".into()],
            ..CorsRule::default()
        }
    }

    #[test_case("https://shop.example", Some("https://shop.example"); "a site")]
    #[test_case(" HTTPS://Shop.example/cart?a=b#c ", Some("https://shop.example"); "one of its pages")]
    #[test_case("http://localhost:4200/", Some("http://localhost:4200"); "a port")]
    #[test_case("https://shop.example:443", Some("https://shop.example"); "the port of the scheme")]
    #[test_case("http://shop.example:443", Some("http://shop.example:443"); "the port of another scheme")]
    #[test_case("shop.example", None; "no scheme")]
    #[test_case("https://", None; "no host")]
    #[test_case("https://*.example", None; "a pattern")]
    #[test_case("ftp://shop.example", None; "another scheme")]
    fn origins(address: &str, origin: Option<&str>) {
        assert_eq!(origin_of(address).ok().as_deref(), origin);
    }

    fn kinds(rules: &[CorsRule]) -> Vec<String> {
        check(rules).into_iter().map(|p| p.kind.to_string()).collect()
    }

    #[test_case(&[], &["There must be 1 to 100 rules"]; "c1 none")]
    #[test_case(&vec![rule(); 101], &["There must be 1 to 100 rules"]; "c1 too many")]
    #[test_case(&vec![rule(); 100], &[]; "c1 hundred")]
    #[test_case(&[CorsRule::default()], &["The rule needs at least one origin, like https://example.com", "The rule needs at least one method"]; "c2 nothing in it")]
    #[test_case(&[CorsRule { allowed_methods: vec!["OPTIONS".into(), "get".into()], ..rule() }], &["“OPTIONS” is not among GET, PUT, POST, DELETE and HEAD", "“get” is not among GET, PUT, POST, DELETE and HEAD"]; "c3 methods")]
    #[test_case(&[CorsRule { allowed_origins: vec!["*".into(), "https://*.ex.com".into(), "http://localhost:*".into(), String::new()], ..rule() }], &[]; "c4 one star each")]
    #[test_case(&[CorsRule { allowed_origins: vec!["https://*.*.com".into()], ..rule() }], &["The origin https://*.*.com has more than one *"]; "c4 two stars")]
    #[test_case(&[CorsRule { allowed_headers: vec!["*".into(), "x-amz-*".into(), "x-*-*".into()], ..rule() }], &["The header x-*-* has more than one *"]; "c5 headers")]
    #[test_case(&[CorsRule { expose_headers: vec!["ETag".into(), "x-amz-*".into()], ..rule() }], &["The exposed header x-amz-* must be written out, without *"]; "c6 exposed")]
    #[test_case(&[CorsRule { id: Some("a".repeat(256)), ..rule() }], &["The rule’s name is longer than 255 characters"]; "c7 name")]
    #[test_case(&[CorsRule { max_age_secs: Some(0), ..rule() }], &[]; "c8 zero")]
    #[test_case(&[CorsRule { max_age_secs: Some(-1), ..rule() }], &["The time to remember must not be negative"]; "c8 negative")]
    fn checks(rules: &[CorsRule], expected: &[&str]) {
        assert_eq!(kinds(rules), expected);
    }

    #[test_case("https://localhost:4200", "PUT", &[], true; "m5 as written")]
    #[test_case("http://localhost:4200", "PUT", &[], false; "m6 other scheme")]
    #[test_case("https://localhost:4200", "DELETE", &[], false; "m10 other method")]
    #[test_case("https://localhost:4200", "GET", &["x-amz-request-payer"], false; "m14 no headers allowed")]
    fn matches_plain(origin: &str, method: &str, headers: &[&str], found: bool) {
        assert_eq!(first_match(&[rule()], origin, method, headers).is_some(), found);
    }

    #[test_case("*", &["*"], "https://x", &["a", " b"], true; "m7 m11 stars")]
    #[test_case("http://*.origin.com", &[], "http://test.origin.com", &[], true; "m8 star inside")]
    #[test_case("http://*.origin.com", &[], "http://test.origin.com/", &[], false; "m9 trailing slash")]
    #[test_case("*", &["x-AMZ-server-SIDE-encryption"], "https://x", &["x-amz-server-side-encryption"], true; "m13 case of headers")]
    #[test_case("*", &["content-type"], "https://x", &["x-amz-request-payer"], false; "m12 other header")]
    #[test_case("https://a*a", &[], "https://a", &[], false; "both ends need their own letters")]
    fn matches_stars(pattern: &str, allowed: &[&str], origin: &str, headers: &[&str], found: bool) {
        let rule = CorsRule {
            allowed_origins: vec![pattern.into()],
            allowed_headers: allowed.iter().map(|h| (*h).into()).collect(),
            ..rule()
        };
        assert_eq!(first_match(&[rule], origin, "GET", headers).is_some(), found);
    }

    fn question<'a>(origin: &'a str, method: &'a str, headers: &'a [String]) -> Question<'a> {
        Question { origin, method, headers }
    }

    #[test]
    fn a_refusal_names_what_is_missing_and_can_be_mended() {
        let headers = ["x-amz-acl".to_owned()];
        let here = "https://localhost:4200";
        let asked = [
            (question("https://other", "GET", &[]), Miss::Origin),
            (question(here, "DELETE", &[]), Miss::Method(1)),
            (question(here, "PUT", &headers), Miss::Header(1, "x-amz-acl".to_owned())),
        ];
        for (question, miss) in asked {
            let rules = [rule()];
            assert_eq!(judge(&rules, question), Err(miss));
            let mended = with_rule_for(&rules, question);
            assert!(judge(&mended, question).is_ok(), "{mended:?}");
            assert_eq!(check(&mended), []);
            assert!(judge(&mended, self::question(here, "GET", &[])).is_ok(), "what was allowed stays");
        }
        assert_eq!(judge(&[], question(here, "GET", &[])), Err(Miss::NoRules));
        assert_eq!(judge(&[rule()], question(here, "GET", &[])), Ok(&rule()));
    }

    #[test]
    fn reads_both_spellings_and_writes_the_consoles() {
        let bare = r#"[{"AllowedHeaders":["*"],"AllowedMethods":["GET"],"AllowedOrigins":["https://a"],"MaxAgeSeconds":3000}]"#;
        let rules = parse_json(bare).unwrap();
        assert_eq!(parse_json(&format!("{{\"CORSRules\":{bare}}}")).unwrap(), rules);
        assert_eq!(serde_json::to_string(&rules).unwrap(), bare);
        assert!(parse_json(r#"[{"AllowedOrigin":["x"]}]"#).is_err());
    }

    #[test]
    fn merging_keeps_what_is_there() {
        let ours = viewing_rule(&["https://a".into()]);
        assert_eq!(merge(&[rule()], std::slice::from_ref(&ours)), Some(vec![rule(), ours.clone()]));
        assert_eq!(merge(&[rule(), ours.clone()], std::slice::from_ref(&ours)), None);
        let newer = viewing_rule(&["https://b".into()]);
        assert_eq!(merge(&[ours, rule()], std::slice::from_ref(&newer)), Some(vec![newer, rule()]));
        assert!(check(&[viewing_rule(&["https://a".into()])]).is_empty());
    }

    #[test]
    fn origins_that_never_match() {
        let odd = |origin: &str| odd_origins(&CorsRule { allowed_origins: vec![origin.into()], ..rule() }).len();
        assert_eq!((odd("*"), odd("https://a"), odd("a.com"), odd("https://a/")), (0, 0, 1, 1));
    }
}
