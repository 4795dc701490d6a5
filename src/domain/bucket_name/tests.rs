use super::*;
use proptest::prelude::*;
use test_case::test_case;

fn rules(name: &str) -> Vec<NameRule> {
    check_for_create(name, &Namespace::Global).into_iter().map(|p| p.rule).collect()
}

#[test_case("abc"; "n1 shortest")]
#[test_case("a23456789012345678901234567890123456789012345678901234567890123"; "n1 longest")]
#[test_case("my-bucket.1"; "n2 all kinds of characters")]
#[test_case("1abc9"; "n3 digits at the ends")]
#[test_case("a.b.c"; "n4 single dots")]
#[test_case("192.168.5"; "n5 three numbers")]
#[test_case("192-168-5-4"; "n5 hyphens")]
#[test_case("1.2.3.4.5"; "n5 five numbers")]
#[test_case("xn-abc"; "n6 one hyphen")]
#[test_case("sthreeabc"; "n7 no hyphen")]
#[test_case("amzn-s3-demo"; "n8 no trailing hyphen")]
#[test_case("my-s3alias-1"; "n9 not at the end")]
#[test_case("my-ol-s3"; "n10 one hyphen")]
#[test_case("my.mrapx"; "n11 longer")]
#[test_case("my-x-s3"; "n12 one hyphen")]
#[test_case("my-table-s3"; "n13 one hyphen")]
#[test_case("my-ant"; "n14 longer")]
fn accepts(name: &str) {
    assert_eq!(rules(name), []);
}

#[test_case("ab", NameRule::Length; "n1 two")]
#[test_case("a234567890123456789012345678901234567890123456789012345678901234", NameRule::Length; "n1 sixty-four")]
#[test_case("", NameRule::Length; "n1 empty")]
#[test_case("My-bucket", NameRule::Characters; "n2 capital")]
#[test_case("my_bucket", NameRule::Characters; "n2 underscore")]
#[test_case("my bucket", NameRule::Characters; "n2 space")]
#[test_case("bücket", NameRule::Characters; "n2 umlaut")]
#[test_case("a/b", NameRule::Characters; "n2 slash")]
#[test_case("-abc", NameRule::Ends; "n3 leading hyphen")]
#[test_case("abc-", NameRule::Ends; "n3 trailing hyphen")]
#[test_case(".abc", NameRule::Ends; "n3 leading dot")]
#[test_case("abc.", NameRule::Ends; "n3 trailing dot")]
#[test_case("a..b", NameRule::AdjacentDots; "n4")]
#[test_case("192.168.5.4", NameRule::IpAddress; "n5")]
#[test_case("xn--abc", NameRule::PrefixXn; "n6")]
#[test_case("sthree-abc", NameRule::PrefixSthree; "n7")]
#[test_case("sthree-configurator-1", NameRule::PrefixSthree; "n7 configurator")]
#[test_case("amzn-s3-demo-bucket1", NameRule::PrefixDemo; "n8")]
#[test_case("my-s3alias", NameRule::SuffixAlias; "n9")]
#[test_case("my--ol-s3", NameRule::SuffixObjectLambda; "n10")]
#[test_case("my.mrap", NameRule::SuffixMultiRegion; "n11")]
#[test_case("my--x-s3", NameRule::SuffixDirectory; "n12")]
#[test_case("my--table-s3", NameRule::SuffixTable; "n13")]
#[test_case("my-an", NameRule::AccountRegional; "n14")]
#[test_case("photos-123456789012-us-east-1-an", NameRule::AccountRegional; "n14 whole suffix in the global namespace")]
fn rejects(name: &str, rule: NameRule) {
    assert_eq!(rules(name), [rule]);
}

#[test]
fn lists_every_broken_rule_with_one_mend() {
    let problems = check_for_create("-My..Bucket", &Namespace::Global);
    let rules: Vec<_> = problems.iter().map(|p| p.rule).collect();
    assert_eq!(rules, [NameRule::Characters, NameRule::Ends, NameRule::AdjacentDots]);
    assert!(problems.iter().all(|p| p.mend_label().as_deref() == Some("Use my.bucket")));
}

#[test_case("Acme Images", Some("acme-images"); "capitals and space")]
#[test_case("ab", Some("ab-files"); "too short")]
#[test_case("192.168.5.4", Some("192-168-5-4"); "ip address")]
#[test_case("xn--abc", Some("xn-abc"); "reserved start")]
#[test_case("日本", None; "nothing to build on")]
#[test_case("", None; "nothing typed")]
fn mends(name: &str, mended: Option<&str>) {
    assert_eq!(check_for_create(name, &Namespace::Global)[0].mend.as_deref(), mended);
}

const ACCOUNT: Namespace<'static> = Namespace::AccountRegional { account: "123456789012", region: "us-east-1" };

#[test_case("photos-123456789012-us-east-1-an", true; "own account and region")]
#[test_case("photos", false; "no suffix")]
#[test_case("photos-999999999999-us-east-1-an", false; "another account")]
#[test_case("photos-123456789012-eu-west-1-an", false; "another region")]
#[test_case("-123456789012-us-east-1-an", false; "no prefix")]
#[test_case("a234567890123456789012345678901234567-123456789012-us-east-1-an", true; "prefix of 37")]
#[test_case("a2345678901234567890123456789012345678-123456789012-us-east-1-an", false; "prefix of 38")]
fn account_regional_names(name: &str, allowed: bool) {
    assert_eq!(check_for_create(name, &ACCOUNT).is_empty(), allowed);
}

#[test]
fn account_regional_mend_adds_the_suffix() {
    let problems = check_for_create("Photos", &ACCOUNT);
    assert_eq!(problems[0].mend.as_deref(), Some("photos-123456789012-us-east-1-an"));
}

#[test_case("a.b", &[NameAdvice::DotsBreakHttps, NameAdvice::DotsRefuseAcceleration, NameAdvice::DotsForOwnDomain]; "a1 a2 a3 dots")]
#[test_case("logs-123456789012", &[NameAdvice::HoldsSomethingPrivate]; "a4 account number")]
#[test_case("akiaiosfodnn7example-x", &[NameAdvice::HoldsSomethingPrivate]; "a4 access key")]
#[test_case("images", &[NameAdvice::ProbablyTaken]; "a5 a short word")]
#[test_case("acme-images", &[]; "nothing to say")]
fn advises(name: &str, expected: &[NameAdvice]) {
    assert_eq!(advice(name), expected);
    assert!(expected.iter().all(|a| !a.sentence().ends_with('.')));
}

#[test]
fn suggests_what_is_free() {
    assert_eq!(
        suggest("Acme Ltd", "site images", 2026, &["acme-ltd-site-images"]),
        [
            "acme-ltd-site-images-2026",
            "acme-ltd-site-images-web",
            "acme-ltd-site-images-2026-web",
            "acme-ltd-site-images-store"
        ]
    );
    assert_eq!(suggest("", "", 2026, &[] as &[&str])[0], "my-bucket");
}

#[test_case("abc", false, true; "plain")]
#[test_case("a.bc", false, false; "dots over tls")]
#[test_case("a.bc", true, true; "dots over plain http")]
#[test_case("aa", false, false; "too short")]
#[test_case("BucketName", false, false; "capitals")]
#[test_case("99_ab", false, false; "underscore")]
fn virtual_hosting(name: &str, dots: bool, can: bool) {
    assert_eq!(is_virtual_hostable(name, dots), can);
}

proptest! {
    #[test]
    fn cleaned_names_are_legal(text in "\\PC{0,80}") {
        prop_assert_eq!(rules(&clean(&text)), []);
    }

    #[test]
    fn names_near_reserved_ones_become_legal(text in "(xn--|sthree-|amzn-s3-demo-){0,3}[a-z.-]{0,60}(-an|-s3alias|--ol-s3|\\.mrap|--x-s3|--table-s3){0,4}") {
        prop_assert_eq!(rules(&clean(&text)), []);
    }

    #[test]
    fn suggested_names_are_legal_and_free(project in "\\PC{0,70}", purpose in "[a-z -]{0,70}", year in 1990i16..2100) {
        let first = suggest(&project, &purpose, year, &[] as &[&str]);
        prop_assert!(!first.is_empty());
        let second = suggest(&project, &purpose, year, &first);
        prop_assert!(!second.is_empty());
        for name in first.iter().chain(&second) {
            prop_assert_eq!(rules(name), []);
        }
        prop_assert!(second.iter().all(|name| !first.contains(name)));
    }
}
