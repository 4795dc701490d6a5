//! Diagnoses of evidence that is made up: what no server here can stage, and what holds for all.

use std::time::Duration;

use jiff::Timestamp;
use test_case::test_case;

use super::*;
use crate::domain::bucket_settings::{Acl, Payer, SettingKind};
use crate::domain::connection::{self, SignIn};
use crate::domain::object::ObjectDetails;
use crate::domain::public_access::{BlockPublicAccess, CannedAcl, ObjectOwnership};

const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme/*"}]}"#;
const FOLDER: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme/images/*"}]}"#;

fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

fn asked(operation: &'static str, status: u16) -> Asked {
    Asked { operation, status: Some(status), code: None, at: now(), took: Duration::from_millis(71) }
}

fn known<T>(value: T) -> Read<T> {
    Read::Known { value, asked: asked("Get", 200) }
}

fn unreadable<T>(needs: &str) -> Read<T> {
    Read::Unreadable { needs: Some(needs.to_owned()), why: "refused".to_owned(), asked: asked("Get", 403) }
}

fn answered(status: u16, code: &str, headers: &[(&str, &str)]) -> Observed {
    let open = status < 300;
    Observed::Answered(Box::new(Answered {
        asked: asked("GET", status),
        url: String::new(),
        hops: Vec::new(),
        status,
        code: (!code.is_empty()).then(|| code.to_owned()),
        message: None,
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        head: if open { b"\xff\xd8\xff\xe0JFIF\xff\xd9".to_vec() } else { Vec::new() },
        tail: Vec::new(),
        size_bytes: open.then_some(10),
    }))
}

/// A bucket of Amazon's with a file in it, everything readable, nothing blocked, opened by this policy.
fn evidence(policy: Option<&str>, observed: Observed) -> Evidence {
    let sign_in = SignIn::Profile { name: "shop".to_owned() };
    let ground = Ground {
        target: connection::Target::Amazon { region: "eu-west-1".to_owned(), sign_in },
        practice_endpoint: None,
        region: Some("eu-west-1".to_owned()),
        signed_in: true,
    };
    let details = ObjectDetails {
        key: "image/lake.jpg".to_owned(),
        size_bytes: 10,
        etag: Some("e1".to_owned()),
        content_type: Some("image/jpeg".to_owned()),
        ..ObjectDetails::default()
    };
    let acl = Acl::of_canned(CannedAcl::Private, "owner", "owner");
    Evidence {
        bucket: known(BucketFound::There { region: Some("eu-west-1".to_owned()) }),
        object: known(ObjectFound::Present(Box::new(details))),
        folder: known(FolderCount { files: 214, more: false }),
        account_block: known(BlockPublicAccess::NONE),
        bucket_block: known(Some(BlockPublicAccess::NONE)),
        ownership: known(Some(ObjectOwnership::BucketOwnerEnforced)),
        policy: known(policy.map(str::to_owned)),
        bucket_acl: known(acl.clone()),
        object_acl: known(acl),
        payer: known(Payer::BucketOwner),
        observed,
        ..Evidence::none(now(), ground)
    }
}

fn refused() -> Observed {
    answered(403, "AccessDenied", &[])
}

fn target() -> Target {
    Target::at("acme", "image/lake.jpg", Named::Key)
}

fn titles(diagnosis: &Diagnosis) -> Vec<&str> {
    diagnosis.fixes.iter().map(|fix| fix.title.as_str()).collect()
}

#[test]
fn the_picture_of_the_page() {
    let evidence = Evidence {
        account_block: unreadable("s3:GetAccountPublicAccessBlock"),
        head: known(b"\xff\xd8\xff\xe0JFIF".to_vec()),
        ..evidence(Some(FOLDER), refused())
    };
    let diagnosis = diagnose(&target(), &evidence);
    assert_eq!((diagnosis.verdict, diagnosis.cause), (Verdict::NotVisible, Some(Layer::Policy)));
    assert_eq!(diagnosis.headline, "Nobody outside can see this");
    assert_eq!(diagnosis.sentence.to_string(), "The bucket policy opens images/, but the file is in image/");
    assert_eq!(diagnosis.agreement, Agreement::Agrees);
    let told: Vec<String> = diagnosis
        .layers
        .iter()
        .map(|it| format!("{} {}: {}", it.state.as_str(), it.layer.title(), it.sentence))
        .collect();
    assert_eq!(
        told,
        [
            "passed Address: Well formed, and the bucket is there",
            "passed File: It is there: 10 bytes",
            "unknown Account block: Could not be read: needs s3:GetAccountPublicAccessBlock",
            "passed Bucket block: Off",
            "failed Bucket policy: No statement allows this file",
            "not-applicable File permissions: Not used: ACLs are switched off in this bucket",
            "would-pass Encryption: Would be fine: by the store, or none",
            "would-pass Browser: Would be fine: image/jpeg, and the bytes are a JPEG",
        ]
    );
    assert_eq!(diagnosis.unread(), 1);
    assert_eq!(
        titles(&diagnosis),
        ["Move the file to images/", "Make a link that ends", "Open this one file", "Open image/ as well"]
    );
    assert_eq!(diagnosis.fixes[3].consequence, "Opens 214 files under image/ to anyone, and what is put there later.");
    let beside = diagnosis.layers.iter().find_map(|it| it.detail.clone()).unwrap();
    let expected = Detail::Beside { opens: "images/*".into(), key: "image/lake.jpg".into(), shared: 5, statement: 0 };
    assert_eq!(beside, expected);
    let cli = &diagnosis.fixes[0].cli;
    assert!(
        cli.starts_with("aws s3api copy-object --region eu-west-1 --profile shop --bucket acme --key images/lake.jpg"),
        "{cli}"
    );
}

/// What could not be read and is the only thing left that explains the refusal.
#[test]
fn a_layer_is_inferred_where_nothing_else_explains_the_refusal() {
    let evidence =
        Evidence { account_block: unreadable("s3:GetAccountPublicAccessBlock"), ..evidence(Some(READ), refused()) };
    let diagnosis = diagnose(&target(), &evidence);
    assert_eq!(diagnosis.cause, Some(Layer::AccountBlock), "{diagnosis:#?}");
    assert_eq!(diagnosis.predicted, Predicted::Unknown { depends_on: vec![Layer::AccountBlock] });
    assert!(diagnosis.sentence.to_string().starts_with("Could not be read, but nothing else explains the refusal"));
    assert_eq!(titles(&diagnosis), ["Make a link that ends", "Have RestrictPublicBuckets lifted"]);
    assert!(diagnosis.fixes[1].caution.is_some());
}

#[test]
fn where_several_could_be_the_cause_all_are_named() {
    let hidden = Evidence {
        policy: unreadable("s3:GetBucketPolicy"),
        bucket_block: unreadable("s3:GetBucketPublicAccessBlock"),
        ..evidence(None, refused())
    };
    let diagnosis = diagnose(&target(), &hidden);
    assert_eq!(diagnosis.cause, None, "{diagnosis:#?}");
    assert_eq!(
        diagnosis.sentence.to_string(),
        "It is refused, and what refuses could not be read: Bucket block or Bucket policy"
    );
    assert_eq!(titles(&diagnosis), ["Make a link that ends"], "what is not known to help is not offered");
}

#[test]
fn a_refusal_that_no_setting_explains_is_a_disagreement() {
    let diagnosis = diagnose(&target(), &evidence(Some(READ), refused()));
    assert_eq!((diagnosis.verdict, diagnosis.cause), (Verdict::NotVisible, None));
    assert!(matches!(&diagnosis.agreement, Agreement::Differs(why) if why.contains("organization")), "{diagnosis:#?}");
}

#[test]
fn a_store_with_rules_of_its_own_is_believed() {
    let diagnosis = diagnose(&target(), &evidence(None, answered(206, "", &[("content-type", "image/jpeg")])));
    assert_eq!((diagnosis.verdict, diagnosis.cause), (Verdict::Visible, None));
    assert!(matches!(&diagnosis.agreement, Agreement::Differs(why) if why.contains("rules of its own")));
    assert!(diagnosis.fixes.is_empty());
}

#[test]
fn the_wrong_region_is_corrected() {
    let url = "https://acme.s3.us-east-1.amazonaws.com/image/lake.jpg";
    let target = Target::parse(url, &Context::default()).unwrap();
    let moved = answered(301, "PermanentRedirect", &[("x-amz-bucket-region", "eu-west-1")]);
    let diagnosis = diagnose(&target, &evidence(Some(READ), moved));
    assert_eq!(diagnosis.cause, Some(Layer::Address), "{diagnosis:#?}");
    assert_eq!(diagnosis.sentence.to_string(), "The bucket lies in eu-west-1, and the address names us-east-1");
    assert_eq!(diagnosis.fixes[0].address.as_deref(), Some("https://acme.s3.eu-west-1.amazonaws.com/image/lake.jpg"));
}

#[test]
fn a_certificate_that_does_not_fit_needs_the_path_style_address() {
    let target = Target::parse("https://a.b.s3.eu-west-1.amazonaws.com/k.jpg", &Context::default()).unwrap();
    let silence = Observed::Unanswered { asked: asked("GET", 0), why: NoAnswer::Tls, sentence: "no".to_owned() };
    let diagnosis = diagnose(&target, &evidence(Some(READ), silence));
    assert_eq!((diagnosis.verdict, diagnosis.cause), (Verdict::NotVisible, Some(Layer::Address)));
    assert_eq!(diagnosis.fixes[0].address.as_deref(), Some("https://s3.eu-west-1.amazonaws.com/a.b/k.jpg"));
    assert_eq!(diagnosis.remarks, [Remark::DottedHost]);
}

#[test_case(503, Verdict::CannotTell; "a store that is busy")]
#[test_case(500, Verdict::CannotTell; "a store that fails")]
#[test_case(429, Verdict::CannotTell; "too many questions")]
#[test_case(304, Verdict::Visible; "not modified")]
#[test_case(410, Verdict::NotVisible; "gone")]
fn statuses_have_their_verdict(status: u16, verdict: Verdict) {
    assert_eq!(diagnose(&target(), &evidence(Some(READ), answered(status, "", &[]))).verdict, verdict);
}

#[test_case(NoAnswer::Timeout, Verdict::CannotTell; "no answer in time")]
#[test_case(NoAnswer::NothingListens, Verdict::CannotTell; "nothing listens")]
#[test_case(NoAnswer::UnknownHost, Verdict::NotVisible; "no such host, and the store is reached")]
#[test_case(NoAnswer::BadAddress, Verdict::NotVisible; "no address at all")]
fn silence_has_its_verdict(why: NoAnswer, verdict: Verdict) {
    let silence = Observed::Unanswered { asked: asked("GET", 0), why, sentence: "no".to_owned() };
    assert_eq!(diagnose(&target(), &evidence(Some(READ), silence)).verdict, verdict);
}

#[test]
fn an_older_version_in_a_cache_is_told() {
    let headers =
        [("content-type", "image/jpeg"), ("etag", "\"e0\""), ("age", "3600"), ("x-cache", "Hit from cloudfront")];
    let diagnosis = diagnose(&target(), &evidence(Some(READ), answered(206, "", &headers)));
    assert_eq!((diagnosis.verdict, diagnosis.cause), (Verdict::Hampered, Some(Layer::Cache)), "{diagnosis:#?}");
    assert_eq!(diagnosis.headline, "People see an older version");
    let fresh =
        [("content-type", "image/jpeg"), ("etag", "\"e1\""), ("age", "3600"), ("x-cache", "Hit from cloudfront")];
    assert_eq!(diagnose(&target(), &evidence(Some(READ), answered(206, "", &fresh))).verdict, Verdict::Visible);
}

#[test]
fn a_clock_that_is_off_is_told() {
    let off = answered(206, "", &[("content-type", "image/jpeg"), ("date", "Mon, 02 Mar 2026 09:30:00 GMT")]);
    assert_eq!(diagnose(&target(), &evidence(Some(READ), off)).remarks, [Remark::ClockOff(30)]);
    let right = answered(206, "", &[("content-type", "image/jpeg"), ("date", "Mon, 02 Mar 2026 09:59:00 GMT")]);
    assert!(diagnose(&target(), &evidence(Some(READ), right)).remarks.is_empty());
}

#[test]
fn a_file_encrypted_with_a_key_of_its_own_cannot_be_opened_from_here() {
    let sealed = Evidence {
        object: known(ObjectFound::CustomerKey),
        ..evidence(Some(READ), answered(400, "InvalidRequest", &[]))
    };
    let diagnosis = diagnose(&target(), &sealed);
    assert_eq!(diagnosis.cause, Some(Layer::Encryption), "T40 {diagnosis:#?}");
    assert!(diagnosis.fixes[0].caution.as_ref().unwrap().starts_with("Only who has the key"));
}

#[test]
fn tls_is_used_where_the_policy_wants_it() {
    let deny = READ.replace(
        "]}",
        r#",{"Sid":"Tls","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::acme/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#,
    );
    let plain = Target::parse("http://acme.s3.eu-west-1.amazonaws.com/image/lake.jpg", &Context::default()).unwrap();
    let diagnosis = diagnose(&plain, &evidence(Some(&deny), refused()));
    assert_eq!(diagnosis.cause, Some(Layer::Policy), "{diagnosis:#?}");
    assert_eq!(
        diagnosis.sentence.to_string(),
        "The statement Tls of the bucket policy refuses it, because the request comes over plain http"
    );
    assert_eq!(diagnosis.fixes[0].address.as_deref(), Some("https://acme.s3.eu-west-1.amazonaws.com/image/lake.jpg"));
    let served = answered(206, "", &[("content-type", "image/jpeg")]);
    let tls = Target::parse("https://acme.s3.eu-west-1.amazonaws.com/image/lake.jpg", &Context::default()).unwrap();
    let diagnosis = diagnose(&tls, &evidence(Some(&deny), served));
    assert_eq!((diagnosis.verdict, &diagnosis.agreement), (Verdict::Visible, &Agreement::Agrees), "T33");
}

#[test]
fn a_host_that_is_not_known_is_only_observed() {
    let target = Target::parse("https://cdn.example.com/lake.jpg", &Context::default()).unwrap();
    let diagnosis = diagnose(&target, &evidence(None, refused()));
    assert_eq!((diagnosis.verdict, diagnosis.cause), (Verdict::NotVisible, None));
    assert_eq!(diagnosis.agreement, Agreement::NotCompared);
    let layers: Vec<Layer> = diagnosis.layers.iter().map(|report| report.layer).collect();
    assert!(!layers.contains(&Layer::Policy) && layers.contains(&Layer::Address), "{layers:?}");
}

/// The least first, whatever stands in the way; what opens more than it says asks first.
#[test_case(Some(FOLDER), BlockPublicAccess::NONE, BlockPublicAccess::NONE; "another folder")]
#[test_case(None, BlockPublicAccess::ALL, BlockPublicAccess::NONE; "a new bucket")]
#[test_case(None, BlockPublicAccess::ALL, BlockPublicAccess::ALL; "a new bucket in a guarded account")]
#[test_case(Some(READ), BlockPublicAccess::ALL, BlockPublicAccess::NONE; "a block of the bucket")]
#[test_case(Some(READ), BlockPublicAccess::ALL, BlockPublicAccess::ALL; "both blocks")]
fn fixes_are_ranked_by_what_they_open(policy: Option<&str>, bucket: BlockPublicAccess, account: BlockPublicAccess) {
    let blocked =
        Evidence { bucket_block: known(Some(bucket)), account_block: known(account), ..evidence(policy, refused()) };
    let diagnosis = diagnose(&target(), &blocked);
    let exposures: Vec<Exposure> = diagnosis.fixes.iter().map(|fix| fix.exposure).collect();
    assert!(exposures.is_sorted() && !exposures.is_empty(), "{:?}", titles(&diagnosis));
    for fix in &diagnosis.fixes {
        let lifts_account = fix
            .writes()
            .iter()
            .any(|write| matches!(write, Write::Setting { kind: SettingKind::AccountBlockPublicAccess, .. }));
        assert_eq!(lifts_account, fix.exposure == Exposure::Account, "{}", fix.title);
        assert!(!lifts_account || fix.caution.is_some(), "{} asks first", fix.title);
        assert!(fix.consequence.ends_with('.') && !fix.title.ends_with('.'), "{fix:?}");
        assert_eq!(fix.undo == Undo::PutBack, !fix.writes().is_empty(), "{}", fix.title);
    }
}

/// Names of files are data: nothing of them becomes a pattern, or a word of a shell.
#[test]
fn odd_names_stay_names() {
    let odd = Target::at("acme", "a*?${x}'; rm -rf ~.jpg", Named::Key);
    let mut evidence = evidence(None, refused());
    if let Read::Known { value: ObjectFound::Present(details), .. } = &mut evidence.object {
        details.key = "a*?${x}'; rm -rf ~.jpg".to_owned();
    }
    let diagnosis = diagnose(&odd, &evidence);
    let file = diagnosis.fixes.iter().find(|fix| fix.kind == FixKind::AllowFile).unwrap();
    let Write::Setting { after: Some(after), .. } = &file.writes()[0] else { panic!("{file:?}") };
    let text = after.to_text();
    assert!(text.contains("arn:aws:s3:::acme/a${*}${?}${$}{x}'; rm -rf ~.jpg"), "{text}");
    assert!(file.cli.contains(r"'\''; rm -rf ~.jpg"), "{}", file.cli);
    let policy = crate::domain::policy::Policy::parse(&text).unwrap();
    let asks = |key: &str| {
        let resource = format!("arn:aws:s3:::acme/{key}");
        let stranger = crate::domain::policy::AnonymousRequest::default();
        let request = crate::domain::policy::anonymous_context("s3:GetObject", resource, &stranger);
        crate::domain::policy::evaluate(&policy, &request).is_allow()
    };
    assert!(asks("a*?${x}'; rm -rf ~.jpg") && !asks("axy${x}'; rm -rf ~.jpg"));
}

#[test]
fn every_symptom_says_what_it_means_and_what_helps() {
    for symptom in Symptom::ALL {
        let Explained { meaning, causes, check, fix } = symptom.explained();
        assert!(!causes.is_empty(), "{symptom:?}");
        for words in [meaning, check, fix].into_iter().chain(causes.iter()) {
            assert!(!words.is_empty() && !words.ends_with('.') && words.trim() == *words, "{symptom:?}: {words}");
        }
    }
    let names: std::collections::BTreeSet<&str> = Symptom::ALL.iter().map(|symptom| symptom.as_str()).collect();
    assert_eq!(names.len(), Symptom::ALL.len());
}

/// What is behind the first obstacle is not forgotten.
#[test]
fn a_fix_tells_what_stops_the_request_next() {
    let mut kms = evidence(None, refused());
    if let Read::Known { value: ObjectFound::Present(details), .. } = &mut kms.object {
        details.encryption = Some("aws:kms".to_owned());
    }
    let allow = |evidence: &Evidence| {
        let diagnosis = diagnose(&target(), evidence);
        diagnosis.fixes.into_iter().find(|fix| fix.kind == FixKind::AllowFile).unwrap()
    };
    let fix = allow(&kms);
    assert!(matches!(fix.writes(), [Write::Rewrite { .. }, Write::Setting { .. }]), "{fix:#?}");
    assert!(fix.cli.contains("--server-side-encryption AES256"), "{}", fix.cli);
    let mut archived = evidence(None, refused());
    if let Read::Known { value: ObjectFound::Present(details), .. } = &mut archived.object {
        details.storage_class = Some("GLACIER".to_owned());
    }
    assert!(allow(&archived).consequence.ends_with("What stops it then: Archive. Check again."));
    let pays = Evidence { payer: known(Payer::Requester), ..evidence(None, refused()) };
    let fix = diagnose(&target(), &pays).fixes.remove(0);
    assert!(fix.consequence.ends_with("What stops it then: Bucket policy. Check again."), "{fix:#?}");
}

/// The file is as it should be, and the page that uses it is not.
#[test_case("Refused to load the image 'U' because it violates the following Content Security Policy directive: \"img-src 'self'\".", "The page’s own Content-Security-Policy forbids it", "Change the page"; "the page's policy")]
#[test_case("Mixed Content: The page at 'https://shop.example/' was loaded over HTTPS, but requested an insecure element 'U'.", "The page comes over https and asks for the file over http", "Use the address with https://"; "mixed content")]
fn a_page_that_forbids_it_is_told(line: &str, sentence: &str, first: &str) {
    let line = line.replace('U', "http://acme.s3.eu-west-1.amazonaws.com/image/lake.jpg");
    let target = Target::parse(&line, &Context::default()).unwrap();
    let headers = [("content-type", "image/jpeg"), ("access-control-allow-origin", "*")];
    let diagnosis = diagnose(&target, &evidence(Some(READ), answered(206, "", &headers)));
    assert_eq!((diagnosis.verdict, diagnosis.cause), (Verdict::Hampered, Some(Layer::Browser)), "{diagnosis:#?}");
    assert_eq!(diagnosis.headline, "Anyone can see this, but the page may not use it");
    assert_eq!((diagnosis.sentence.to_string().as_str(), diagnosis.fixes[0].title.as_str()), (sentence, first));
}
