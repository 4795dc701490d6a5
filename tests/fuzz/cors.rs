//! Arbitrary text as CORS rules, in any of the three notations: read, checked, merged and matched.
//!
//! ```sh
//! cargo fuzz run -s none --fuzz-dir tests/fuzz cors tests/fuzz/corpus/cors tests/fuzz/seeds/documents/cors -- -max_len=4096 -max_total_time=300
//! ```
//!
//! Wrong are: a panic; rules that read otherwise after they were written; a merge that loses a rule or is never done; a
//! match by a rule that is not among those asked.

#![no_main]
#![allow(dead_code, reason = "the modules under test are larger than what one test reaches")]
#![allow(unreachable_pub, missing_docs, reason = "they are written for a library")]

mod domain;

use domain::cors::{check, first_match, merge, odd_origins, parse, to_xml, viewing_rule};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(rules) = parse(text) else { return };
    let written = serde_json::to_string(&rules).unwrap();
    assert_eq!(parse(&written).unwrap(), rules, "{written}");
    // JSON holds characters that XML has no way to write.
    if text.trim_start().starts_with('<') {
        let written = to_xml(&rules);
        assert_eq!(parse(&written).unwrap(), rules, "{written}");
    }
    for problem in check(&rules) {
        assert!(!problem.kind.to_string().is_empty());
    }
    for rule in &rules {
        assert!(odd_origins(rule).len() <= rule.allowed_origins.len());
    }
    for (origin, method) in [("https://acme.example", "GET"), ("null", "PUT"), ("", "")] {
        if let Some(found) = first_match(&rules, origin, method, &["content-type", "X-Amz-Date"]) {
            assert!(rules.contains(found) && found.allowed_methods.iter().any(|allowed| allowed == method));
        }
    }
    let wanted = [viewing_rule(&["https://acme.example".to_owned()])];
    if let Some(merged) = merge(&rules, &wanted) {
        assert!(merged.len() >= rules.len());
        assert_eq!(merge(&merged, &wanted), None, "merged once is merged for good");
    }
});
