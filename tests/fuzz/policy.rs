//! Arbitrary text as a policy: read, checked, tidied, explained, written and asked.
//!
//! ```sh
//! cargo fuzz run -s none --fuzz-dir tests/fuzz policy tests/fuzz/corpus/policy tests/fuzz/seeds/documents/policy -- -dict=tests/fuzz/policy.dict -max_len=8192 -max_total_time=300
//! ```
//!
//! Wrong are: a panic; a place that is none in the text; a policy that is read although its text would be refused, or
//! the other way round; one that reads otherwise after it was written or tidied; a fix that makes a sound policy
//! unreadable; one statement that denies more, or one that allows less, letting in more.

#![no_main]
#![allow(dead_code, reason = "the modules under test are larger than what one test reaches")]
#![allow(unreachable_pub, missing_docs, reason = "they are written for a library")]

mod domain;

use domain::arn::Partition;
use domain::permission::{Access, Layers, judge};
use domain::policy::{
    ContextKeys, Effect, LintContext, Policy, RequestContext, RequestPrincipal, Severity, evaluate, explain, is_public,
    lint, named_resources, tidy,
};
use domain::public_access::BlockPublicAccess;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let _ = named_resources(text);
    let policy = Policy::parse(text);
    check(text, policy.is_ok());
    if let Ok(tidied) = tidy(text) {
        assert_eq!(tidy(&tidied).as_ref(), Ok(&tidied), "tidying twice");
        // A text of the wrong beginning may be mended by it.
        if let Ok(policy) = &policy {
            assert_eq!(Policy::parse(&tidied).as_ref(), Ok(policy), "tidying changes the policy");
        }
    }
    let Ok(policy) = policy else { return };
    let written = policy.to_json_pretty();
    let again = Policy::parse(&written).unwrap_or_else(|findings| panic!("{written}\n{findings:#?}"));
    assert_eq!(again.to_json_pretty(), written, "writing twice");
    let _ = explain(&policy, "b");
    let public = is_public(&policy).public;
    assert_eq!(is_public(&again).public, public, "writing changes who is let in");
    for request in requests() {
        ask(&policy, &again, &request);
    }
});

fn check(text: &str, readable: bool) {
    let cx = LintContext::new("b", Partition::Aws);
    let findings = lint(text, &cx);
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    assert!(readable || refused, "what cannot be read is refused");
    for finding in &findings {
        assert!(text.get(finding.span.start..finding.span.end).is_some(), "{finding:?}");
        assert!(!finding.message.is_empty());
        assert_eq!(finding.severity == Severity::Error, finding.server.is_some(), "{finding:?}");
        if let Some(fix) = &finding.fix {
            let fixed = fix.apply(text);
            // Other findings may stay, but what was a policy stays one.
            assert!(!readable || Policy::parse(&fixed).is_ok(), "{}: {fixed}", fix.label);
        }
    }
}

fn requests() -> impl Iterator<Item = RequestContext> {
    let account = |arn: &str| RequestPrincipal::Account {
        account_id: "111122223333".to_owned(),
        arn: arn.to_owned(),
        canonical_id: None,
    };
    let principals = [
        RequestPrincipal::Anonymous,
        account("arn:aws:iam::111122223333:root"),
        account("arn:aws:sts::111122223333:assumed-role/R/s"),
        RequestPrincipal::Service { name: "cloudfront.amazonaws.com".to_owned() },
    ];
    principals.into_iter().flat_map(|principal| {
        [("s3:GetObject", "arn:aws:s3:::b/photos/a.jpg"), ("s3:ListBucket", "arn:aws:s3:::b")].map(|(action, on)| {
            let keys = ContextKeys::new()
                .with("aws:SourceIp", "203.0.113.9")
                .with("aws:SecureTransport", "true")
                .with("aws:CurrentTime", "2026-03-14T09:41:00Z")
                .with("s3:prefix", "photos/");
            RequestContext { principal: principal.clone(), action: action.to_owned(), resource: on.to_owned(), keys }
        })
    })
}

fn ask(policy: &Policy, again: &Policy, request: &RequestContext) {
    let allowed = evaluate(policy, request).is_allow();
    assert_eq!(evaluate(again, request).is_allow(), allowed, "writing changes the answer");
    for at in 0..policy.statements.len().min(8) {
        let mut stricter = policy.clone();
        if stricter.statements[at].effect == Effect::Allow {
            stricter.statements[at].effect = Effect::Deny;
            assert!(allowed || !evaluate(&stricter, request).is_allow(), "denying more allows more");
            stricter.statements.remove(at);
            assert!(allowed || !evaluate(&stricter, request).is_allow(), "allowing less allows more");
        }
    }
    let judged = |block| {
        let layers = Layers { policy: Some(policy), bucket_block: Some(block), ..Layers::default() };
        judge(&layers, request).access
    };
    let open = judged(BlockPublicAccess::NONE);
    assert_eq!(open == Access::Allow, allowed);
    assert!(open == Access::Allow || judged(BlockPublicAccess::ALL) == Access::Deny, "blocking allows more");
}
