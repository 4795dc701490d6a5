use super::*;
use crate::domain::connection::{Addressing, ChecksumMode, SignIn, StoreTarget};
use crate::domain::cors::viewing_rule;
use crate::domain::lifecycle::{Expiration, When, abort_rule};
use crate::domain::policy::is_public;
use test_case::test_case;

fn amazon() -> StoreAbilities {
    StoreAbilities::of(&Target::Amazon { region: "eu-west-1".into(), sign_in: SignIn::Environment }, None)
}

fn store(preset: &str) -> StoreAbilities {
    let target = Target::Store(StoreTarget {
        preset: preset.into(),
        endpoint: "https://s3.example.com".into(),
        region: "us-east-1".into(),
        addressing: Addressing::Path,
        checksums: ChecksumMode::WhenRequired,
        sign_in: SignIn::Profile { name: "my store".into() },
        public_base_url: None,
    });
    StoreAbilities::of(&target, None)
}

fn images() -> Wanted {
    Wanted {
        visibility: Visibility::Anyone { prefix: "photos/".into() },
        acknowledged: true,
        versioning: true,
        ..Wanted::new(Purpose::PublicImages, "acme-site-images-2026", "eu-west-1")
    }
}

fn mine() -> Found {
    Found { bucket: BucketState::Mine { region: Some("eu-west-1".into()) }, ..Found::nothing() }
}

fn said(plan: &SetupPlan) -> Vec<(String, &'static str, StepState)> {
    plan.steps.iter().map(|s| (s.words.clone(), s.api, s.state)).collect()
}

fn sentences(wanted: &Wanted, store: &StoreAbilities) -> Vec<(Field, String)> {
    check(wanted, store, false).into_iter().map(|p| (p.field, p.sentence)).collect()
}

#[test]
fn the_plan_of_the_picture() {
    use StepState::{AlreadySo, ToDo};
    let plan = plan(&images(), &Found::nothing(), &amazon());
    let expected: [(&str, &str, StepState); 8] = [
        ("Create the bucket in Europe (Ireland)", "CreateBucket", ToDo),
        ("Wait until it answers", "HeadBucket", ToDo),
        ("Lift two of four public access blocks", "PutPublicAccessBlock", ToDo),
        ("Keep old versions of files", "PutBucketVersioning", ToDo),
        ("Encrypt files with SSE-S3", "PutBucketEncryption", AlreadySo),
        ("Let anyone view photos/", "PutBucketPolicy", ToDo),
        ("Clear unfinished uploads after 7 days", "PutBucketLifecycleConfiguration", ToDo),
        ("Upload an image and fetch it without sign-in", "PutObject, GET", ToDo),
    ];
    let said = said(&plan);
    assert_eq!(said.iter().map(|(w, a, s)| (w.as_str(), *a, *s)).collect::<Vec<_>>(), expected);
    assert_eq!(plan.step(StepId::Policy).unwrap().needs, [StepId::Wait, StepId::PublicAccessBlock]);
    assert_eq!(plan.step(StepId::Proof).unwrap().needs, [StepId::Wait, StepId::Policy]);
    assert!(plan.can_run() && plan.remarks.is_empty());
}

#[test]
fn only_the_two_flags_that_a_policy_needs_are_lifted() {
    let plan = plan(&images(), &Found::nothing(), &amazon());
    let action = &plan.step(StepId::PublicAccessBlock).unwrap().action;
    assert_eq!(*action, StepAction::PutPublicAccessBlock(BlockPublicAccess::FOR_PUBLIC_POLICY));
}

#[test]
fn steps_are_in_the_order_of_the_api() {
    let mut wanted =
        Wanted { tags: vec![("a".into(), "b".into())], ..Wanted::new(Purpose::StaticWebsite, "abc", "us-east-1") };
    wanted.cors = vec![viewing_rule(&["https://a".into()])];
    wanted.versioning = true;
    for found in [Found::nothing(), mine()] {
        let plan = plan(&wanted, &found, &amazon());
        let ids: Vec<_> = plan.steps.iter().map(|s| s.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        for step in &plan.steps {
            assert!(step.needs.iter().all(|need| *need < step.id && ids.contains(need)), "{step:?}");
        }
    }
}

#[test]
fn us_east_1_is_never_named_as_location() {
    let location = |region: &str, store: &StoreAbilities| {
        let plan = plan(&Wanted::new(Purpose::Private, "abc", region), &Found::nothing(), store);
        match plan.steps[0].action.clone() {
            StepAction::CreateBucket { location, .. } => location,
            other => unreachable!("{other:?}"),
        }
    };
    assert_eq!(location("us-east-1", &amazon()), None);
    assert_eq!(location("eu-west-1", &amazon()).as_deref(), Some("eu-west-1"));
    assert_eq!(location("eu-central-1", &store("wasabi")), None);
}

#[test]
fn an_own_bucket_is_adopted_and_what_is_so_is_not_done_again() {
    let wanted =
        Wanted { cors: vec![viewing_rule(&["https://a".into()])], tags: vec![("a".into(), "1".into())], ..images() };
    let statement = public_read_statement(&wanted.name, "eu-west-1", "photos/");
    let found = Found {
        block: Setting::Is(BlockPublicAccess::FOR_PUBLIC_POLICY),
        ownership: Setting::Is(ObjectOwnership::BucketOwnerEnforced),
        versioning: Setting::Is(true),
        encryption: Setting::Is(Encryption::SseS3),
        policy: Setting::Is(Policy::new(vec![statement])),
        cors: Setting::Is(wanted.cors.clone()),
        lifecycle: Setting::Is(vec![abort_rule(7)]),
        tags: Setting::Is(vec![("a".into(), "1".into()), ("b".into(), "2".into())]),
        ..mine()
    };
    let plan = plan(&wanted, &found, &amazon());
    assert!(plan.step(StepId::Create).is_none() && plan.step(StepId::Wait).is_none());
    let to_do: Vec<_> = plan.steps.iter().filter(|s| s.state == StepState::ToDo).map(|s| s.id).collect();
    assert_eq!(to_do, [StepId::Proof]);
    assert!(plan.remarks[0].sentence.contains("yours already"));
}

/// What is found after a plan was run to its end.
fn after(found: &Found, wanted: &Wanted, plan: &SetupPlan) -> Found {
    let new = found.bucket == BucketState::Missing;
    let mut after = if new { found.as_new_on_amazon(wanted.ownership) } else { found.clone() };
    after.bucket = BucketState::Mine { region: Some(wanted.region.clone()) };
    for step in plan.steps.iter().filter(|s| s.state == StepState::ToDo) {
        match step.action.clone() {
            StepAction::CreateBucket { .. } | StepAction::WaitForBucket | StepAction::Prove { .. } => {}
            StepAction::PutPublicAccessBlock(block) => after.block = Setting::Is(block),
            StepAction::PutOwnershipControls(ownership) => after.ownership = Setting::Is(ownership),
            StepAction::EnableVersioning => after.versioning = Setting::Is(true),
            StepAction::PutEncryption(encryption) => after.encryption = Setting::Is(encryption),
            StepAction::PutPolicy(policy) => after.policy = Setting::Is(policy),
            StepAction::PutCors(rules) => after.cors = Setting::Is(rules),
            StepAction::PutLifecycle(rules) => after.lifecycle = Setting::Is(rules),
            StepAction::PutWebsite(website) => after.website = Setting::Is(website),
            StepAction::PutTags(tags) => after.tags = Setting::Is(tags),
            back => panic!("{back:?} takes something back"),
        }
    }
    after
}

#[test]
fn running_twice_does_nothing_twice() {
    for purpose in Purpose::ALL {
        for (start, versioning) in [(Found::nothing(), false), (mine(), true)] {
            let wanted = Wanted {
                versioning,
                acknowledged: true,
                cors: vec![viewing_rule(&["https://a".into()])],
                tags: vec![("a".into(), "1".into())],
                ..Wanted::new(purpose, "acme-2026", "eu-west-1")
            };
            let first = plan(&wanted, &start, &amazon());
            let second = plan(&wanted, &after(&start, &wanted, &first), &amazon());
            let to_do: Vec<_> = second.steps.iter().filter(|s| s.state != StepState::AlreadySo).map(|s| s.id).collect();
            assert_eq!(to_do, [StepId::Proof], "{purpose:?}");
        }
    }
}

#[test]
fn what_others_wrote_is_merged() {
    let theirs = Policy::parse(
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"PublicRead","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::acme-site-images-2026/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#,
    )
    .unwrap();
    let logs =
        LifecycleRule { enabled: true, expiration: Some(Expiration::At(When::Days(90))), ..LifecycleRule::default() };
    let found = Found {
        policy: Setting::Is(theirs.clone()),
        lifecycle: Setting::Is(vec![logs.clone()]),
        tags: Setting::Is(vec![("team".into(), "web".into()), ("a".into(), "0".into())]),
        ..mine()
    };
    let plan = plan(&Wanted { tags: vec![("a".into(), "1".into())], ..images() }, &found, &amazon());
    let StepAction::PutPolicy(policy) = &plan.step(StepId::Policy).unwrap().action else { unreachable!() };
    assert_eq!(policy.statements[0], theirs.statements[0]);
    let sids: Vec<_> = policy.statements.iter().map(|s| s.sid.as_deref()).collect();
    assert_eq!(sids, [Some("PublicRead"), Some("PublicRead2")]);
    let StepAction::PutLifecycle(rules) = &plan.step(StepId::Lifecycle).unwrap().action else { unreachable!() };
    assert_eq!(rules[..], [logs, abort_rule(7)]);
    let StepAction::PutTags(tags) = &plan.step(StepId::Tags).unwrap().action else { unreachable!() };
    assert_eq!(tags[..], [("team".into(), "web".into()), ("a".to_owned(), "1".to_owned())]);
}

#[test]
fn redirects_of_a_website_are_kept_and_a_bucket_that_only_leads_elsewhere_says_so() {
    use bucket_settings::{RedirectAll, RoutingRedirect, RoutingRule};
    let redirect = RoutingRedirect { host_name: Some("old.example.com".into()), ..RoutingRedirect::default() };
    let rules = vec![RoutingRule { condition: None, redirect }];
    let wanted = Wanted::new(Purpose::StaticWebsite, "abc", "us-east-1");
    let with = |website| Found { website: Setting::Is(website), ..mine() };
    let found = with(bucket_settings::Website { routing_rules: rules.clone(), ..bucket_settings::Website::default() });
    let step = plan(&wanted, &found, &amazon()).step(StepId::Website).cloned().unwrap();
    let StepAction::PutWebsite(website) = &step.action else { panic!("{step:?}") };
    assert_eq!((website.index_document.is_some(), &website.routing_rules), (true, &rules));
    assert!(step.request_text().contains("<RoutingRules>\n    <RoutingRule>\n"), "{}", step.request_text());
    let everything = RedirectAll { host_name: "www.example.com".into(), protocol: None };
    let found = with(bucket_settings::Website {
        redirect_all_requests_to: Some(everything),
        ..bucket_settings::Website::default()
    });
    let step = plan(&wanted, &found, &amazon()).step(StepId::Website).cloned().unwrap();
    let words = "Serve it as a website that starts at index.html, and no longer send every visitor to www.example.com";
    assert_eq!((step.words.as_str(), step.state), (words, StepState::ToDo));
}

#[test]
fn what_may_not_be_read_is_not_written_over() {
    let found = Found {
        policy: Setting::Unreadable,
        cors: Setting::Unreadable,
        lifecycle: Setting::Unreadable,
        tags: Setting::Unreadable,
        versioning: Setting::Unreadable,
        ..mine()
    };
    let wanted =
        Wanted { cors: vec![viewing_rule(&["https://a".into()])], tags: vec![("a".into(), "1".into())], ..images() };
    let plan = plan(&wanted, &found, &amazon());
    let held: Vec<_> = plan.steps.iter().filter(|s| s.state == StepState::Held).map(|s| s.id).collect();
    assert_eq!(held, [StepId::Policy, StepId::Cors, StepId::Lifecycle, StepId::Tags]);
    assert_eq!(plan.remarks.iter().filter(|r| r.kind == RemarkKind::Warning).count(), 4);
    assert_eq!(plan.step(StepId::Versioning).map(|s| s.state), Some(StepState::ToDo));
}

#[test]
fn the_account_may_win() {
    let with = |block| {
        let found = Found { account_block: block, ..Found::nothing() };
        plan(&images(), &found, &amazon()).remarks.first().map(|r| (r.kind, r.sentence.clone()))
    };
    assert_eq!(with(Setting::Is(BlockPublicAccess::NONE)), None);
    assert!(with(Setting::Is(BlockPublicAccess::ALL)).is_some_and(|(kind, _)| kind == RemarkKind::Warning));
    assert!(with(Setting::Unreadable).is_some_and(|(_, words)| words.contains("s3:GetAccountPublicAccessBlock")));
}

#[test_case(BucketState::Taken, "belongs to someone else"; "taken")]
#[test_case(BucketState::Unknown, "could not be found out"; "unknown")]
fn nothing_is_run_on_what_is_not_ones_own(bucket: BucketState, words: &str) {
    let plan = plan(&images(), &Found { bucket, ..Found::nothing() }, &amazon());
    assert!(!plan.can_run() && plan.steps.is_empty() && plan.remarks[0].sentence.contains(words));
}

#[test]
fn a_private_bucket_keeps_all_blocks_and_is_proved_closed() {
    let plan = plan(&Wanted::new(Purpose::Private, "acme-files", "us-east-1"), &Found::nothing(), &amazon());
    let block = plan.step(StepId::PublicAccessBlock).unwrap();
    assert_eq!((block.words.as_str(), block.state), ("Keep all four public access blocks on", StepState::AlreadySo));
    assert!(plan.step(StepId::Policy).is_none());
    let proof = plan.step(StepId::Proof).unwrap();
    assert_eq!(proof.action, StepAction::Prove { key: "brimful-test.png".into(), public: false });
}

#[test]
fn another_store_stays_open_for_uploads() {
    let plan = plan(&Wanted::new(Purpose::Private, "acme-files", "us-east-1"), &Found::nothing(), &store("ceph"));
    let block = plan.step(StepId::PublicAccessBlock).unwrap();
    assert_eq!(block.words, "Switch three of four public access blocks on");
    let expected = BlockPublicAccess { block_public_acls: false, ..BlockPublicAccess::ALL };
    assert_eq!(block.action, StepAction::PutPublicAccessBlock(expected));
}

#[test]
fn stores_are_asked_only_for_what_they_may_have() {
    let minio = plan(&images(), &Found::nothing(), &store("minio"));
    let ids: Vec<_> = minio.steps.iter().map(|s| s.id).collect();
    use StepId::{Create, Encryption, Lifecycle, Policy, Proof, Versioning, Wait};
    assert_eq!(ids, [Create, Wait, Versioning, Encryption, Policy, Lifecycle, Proof]);
    assert!(minio.steps.iter().all(|s| !s.may_lack));

    let r2 = plan(&images(), &Found::nothing(), &store("cloudflare-r2"));
    assert!(r2.remarks.iter().any(|r| r.sentence == "Bucket policies: not offered by Cloudflare R2"));
    let custom = plan(&images(), &Found::nothing(), &store("custom"));
    assert!(custom.step(StepId::Policy).unwrap().may_lack && custom.step(StepId::PublicAccessBlock).unwrap().may_lack);
}

#[test_case(|w| w.acknowledged = false, Field::Acknowledgement, "Tick that anyone on the internet may view these files"; "no tick")]
#[test_case(|w| w.encryption = Encryption::SseKms { key: None, bucket_key: true }, Field::Encryption, "Files under a KMS key cannot be opened without sign-in; choose SSE-S3, or keep the bucket private"; "kms and public")]
#[test_case(|w| w.visibility = Visibility::Anyone { prefix: "a*".into() }, Field::Visibility, "In a policy * ? and ${ stand for other characters; leave them out"; "star in the prefix")]
#[test_case(|w| w.visibility = Visibility::Anyone { prefix: "/a".into() }, Field::Visibility, "Keys do not begin with a slash"; "slash in front")]
#[test_case(|w| w.region = "atlantis".into(), Field::Region, "No region has this code; they look like eu-central-1"; "region")]
#[test_case(|w| w.name = "Acme".into(), Field::Name, "Only a–z, 0–9, dots and hyphens"; "name")]
#[test_case(|w| w.tags = vec![("aws:x".into(), String::new())], Field::Tags, "Names beginning with aws: are kept for Amazon"; "reserved tag")]
#[test_case(|w| w.tags = vec![("a".into(), "1".into()), ("a".into(), "2".into())], Field::Tags, "The tag a is there twice"; "tag twice")]
#[test_case(|w| w.tags = vec![("a".into(), "<b>".into())], Field::Tags, "Tags hold letters, digits, spaces and + - = . _ : / @"; "characters of tags")]
#[test_case(|w| w.abort_unfinished_days = Some(0), Field::Lifecycle, "At least one day"; "no days")]
#[test_case(|w| w.cors = vec![viewing_rule(&[])], Field::Cors, "The rule needs at least one origin, like https://example.com"; "cors without origin")]
#[test_case(|w| w.cors = vec![viewing_rule(&["a.com".into()])], Field::Cors, "a.com lacks https:// or http://, so it never matches"; "cors without scheme")]
#[test_case(|w| w.website = Some(Website { index: "a/index.html".into(), error: None }), Field::Website, "The start page is a name without folders, like index.html"; "index in a folder")]
fn refuses(change: fn(&mut Wanted), field: Field, sentence: &str) {
    let mut wanted = images();
    assert_eq!(check(&wanted, &amazon(), false), []);
    change(&mut wanted);
    assert_eq!(sentences(&wanted, &amazon())[0], (field, sentence.to_owned()));
}

#[test_case(Some("1234abcd-12ab-34cd-56ef-1234567890ab"), None; "key id")]
#[test_case(Some("alias/photos"), None; "alias")]
#[test_case(Some("arn:aws:kms:eu-west-1:111122223333:key/x"), None; "arn")]
#[test_case(Some("arn:aws:kms:us-east-1:111122223333:key/x"), Some("The key lies in us-east-1, but it must lie in the bucket’s region"); "elsewhere")]
#[test_case(Some("arn:aws:iam::111122223333:role/x"), Some("This ARN names no KMS key"); "another arn")]
#[test_case(Some("my key"), Some("A key ID, a key ARN, or an alias like alias/photos"); "no key")]
#[test_case(None, None; "the account's own")]
fn kms_keys(key: Option<&str>, sentence: Option<&str>) {
    let encryption = Encryption::SseKms { key: key.map(str::to_owned), bucket_key: true };
    let wanted = Wanted { encryption, ..Wanted::new(Purpose::Private, "acme-files", "eu-west-1") };
    assert_eq!(sentences(&wanted, &amazon()).first().map(|(_, s)| s.as_str()), sentence);
}

#[test]
fn every_purpose_is_sane_once_the_tick_is_set() {
    for purpose in Purpose::ALL {
        let mut wanted = Wanted::new(purpose, "acme-2026", "eu-west-1");
        let public = wanted.public_prefix().is_some();
        let fields: Vec<_> = check(&wanted, &amazon(), false).into_iter().map(|p| p.field).collect();
        assert_eq!(fields, if public { vec![Field::Acknowledgement] } else { vec![] });
        wanted.acknowledged = true;
        assert_eq!(check(&wanted, &amazon(), false), []);
        assert_eq!(acknowledgement(&wanted).is_some(), public);
        assert_eq!(Wanted::name_suggestions(purpose, "Acme", 2026, &[] as &[&str]).len(), 4);
    }
}

#[test]
fn a_store_without_policies_says_so() {
    let problems = sentences(&images(), &store("cloudflare-r2"));
    assert!(problems[0].1.starts_with("Cloudflare R2 makes files public in its own console"));
}

#[test]
fn consequences_name_the_prefix() {
    let words: Vec<_> = consequence(&images(), &amazon()).anyone.into_iter().map(|f| (f.can, f.words)).collect();
    assert_eq!(words[0], (true, "can open a file under photos/ if they know its address".into()));
    assert_eq!(words[3], (false, "cannot open files outside photos/".into()));
    assert_eq!(consequence(&images(), &amazon()).changes.len(), 2);
    assert_eq!(consequence(&images(), &store("minio")).changes, ["Bucket policy: one statement, read only"]);
    assert_eq!(
        acknowledgement(&images()).unwrap().0,
        "Anyone on the internet can view every file under photos/ in acme-site-images-2026"
    );
}

#[test]
fn the_statement_is_public_and_reads_only() {
    let policy = Policy::new(vec![public_read_statement("b", "cn-north-1", "public/")]);
    assert!(is_public(&policy).public);
    assert_eq!(
        policy.to_json().to_string(),
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"PublicRead","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws-cn:s3:::b/public/*"}]}"#
    );
}

#[test]
fn as_aws_cli() {
    let plan = plan(&images(), &Found::nothing(), &amazon());
    let cli = |id| plan.step(id).unwrap().cli();
    assert_eq!(
        cli(StepId::Create),
        "aws s3api create-bucket --region eu-west-1 \\\n    --bucket acme-site-images-2026 --create-bucket-configuration LocationConstraint=eu-west-1 --object-ownership BucketOwnerEnforced"
    );
    assert_eq!(
        cli(StepId::PublicAccessBlock),
        "aws s3api put-public-access-block --region eu-west-1 \\\n    --bucket acme-site-images-2026 --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=false,RestrictPublicBuckets=false"
    );
    assert!(cli(StepId::Policy).contains("--policy '{\n  \"Version\": \"2012-10-17\""));
    assert!(
        cli(StepId::Proof)
            .ends_with("curl --head https://acme-site-images-2026.s3.eu-west-1.amazonaws.com/photos/brimful-test.png")
    );
    let script = cli_script(&plan);
    assert!(
        script.starts_with("#!/bin/sh\nset -eu\n\n# Create the bucket in Europe (Ireland)\naws s3api create-bucket")
    );
    assert!(!script.contains("put-bucket-encryption"), "what is already so is not in the script");
}

#[test]
fn as_aws_cli_for_another_store() {
    let mut wanted = images();
    wanted.visibility = Visibility::Anyone { prefix: "Bob's photos/".into() };
    let plan = plan(&wanted, &Found::nothing(), &store("minio"));
    assert_eq!(
        plan.step(StepId::Wait).unwrap().cli(),
        "aws s3api wait bucket-exists --region eu-west-1 --profile 'my store' --endpoint-url https://s3.example.com \\\n    --bucket acme-site-images-2026"
    );
    let proof = plan.step(StepId::Proof).unwrap().cli();
    assert!(proof.contains("--key 'Bob'\\''s photos/brimful-test.png'"), "{proof}");
    assert!(
        proof.ends_with("curl --head https://s3.example.com/acme-site-images-2026/Bob%27s%20photos/brimful-test.png"),
        "{proof}"
    );
}

#[test]
fn as_requests() {
    let mut wanted = images();
    wanted.cors = vec![viewing_rule(&["https://a&b".into()])];
    let plan = plan(&wanted, &Found::nothing(), &amazon());
    let request = |id| plan.step(id).unwrap().request_text();
    assert_eq!(
        request(StepId::Create),
        "PUT / HTTP/1.1\nHost: acme-site-images-2026.s3.eu-west-1.amazonaws.com\nx-amz-object-ownership: BucketOwnerEnforced\n\n<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n  <LocationConstraint>eu-west-1</LocationConstraint>\n</CreateBucketConfiguration>"
    );
    assert!(request(StepId::Cors).contains("  <CORSRule>\n    <ID>brimful-view</ID>\n    <AllowedHeader>*</AllowedHeader>\n    <AllowedMethod>GET</AllowedMethod>\n    <AllowedMethod>HEAD</AllowedMethod>\n    <AllowedOrigin>https://a&amp;b</AllowedOrigin>"));
    assert!(request(StepId::Cors).contains("<MaxAgeSeconds>3600</MaxAgeSeconds>"));
    assert!(request(StepId::Lifecycle).contains("    <Status>Enabled</Status>\n    <Filter/>\n    <AbortIncompleteMultipartUpload>\n      <DaysAfterInitiation>7</DaysAfterInitiation>"));
    assert!(request(StepId::Policy).starts_with("PUT /?policy HTTP/1.1\n"));
}
