use super::*;
use crate::domain::checkup::Call;
use crate::domain::policy::{ContextKeys, Decision, RequestContext, RequestPrincipal, evaluate};
use proptest::prelude::*;
use proptest::sample::subsequence;
use test_case::test_case;

fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

fn made(features: &[Feature], scopes: &[Scope]) -> IdentityPolicy {
    identity_policy(&features.iter().copied().collect(), scopes, Partition::Aws).unwrap()
}

/// What the policy says to a request about a bucket, or about a key in it.
fn says(policy: &Policy, call: Call, bucket: &str, key: &str) -> Decision {
    let resource = match call.scope().unwrap() {
        ActionScope::Elsewhere => "*".to_owned(),
        ActionScope::Bucket => bucket_arn(Partition::Aws, bucket),
        ActionScope::Object => object_arn(Partition::Aws, bucket, key),
    };
    let mut keys = ContextKeys::new();
    if call.action().is_some_and(|action| LISTING.contains(&action)) {
        keys.set("s3:prefix", key);
    }
    let principal = RequestPrincipal::Account {
        account_id: "111122223333".to_owned(),
        arn: "arn:aws:iam::111122223333:user/mo".to_owned(),
        canonical_id: None,
    };
    evaluate(policy, &RequestContext { principal, action: call.action().unwrap().to_owned(), resource, keys })
}

/// Places, and for each a bucket and a key inside, and a bucket and a key outside.
const PLACES: [(&str, [&str; 2], [&str; 2]); 4] = [
    ("acme", ["acme", "a/b.jpg"], ["acme2", "a/b.jpg"]),
    ("acme/photos/", ["acme", "photos/b.jpg"], ["acme", "photo/b.jpg"]),
    ("acme-*", ["acme-new", "x"], ["acme", "x"]),
    ("acme/a*b$/", ["acme", "a*b$/x"], ["acme", "aXb$/x"]),
];

proptest! {
    #[test]
    fn it_allows_what_is_ticked_and_nothing_else(
        features in subsequence(Feature::ALL.to_vec(), 1..=Feature::ALL.len()),
        place in 0..PLACES.len(),
    ) {
        let (text, [bucket, key], [other, outside]) = PLACES[place];
        let made = made(&features, &[scope(text)]);
        let policy = Policy::parse_identity(&made.text).unwrap();
        let ticked = calls_of(&features.iter().copied().collect());
        let actions: BTreeSet<_> = ticked.iter().map(|call| call.action()).collect();
        for call in &ticked {
            prop_assert!(says(&policy, *call, bucket, key).is_allow(), "{call:?} in {}", made.text);
            let listing = call.action().is_some_and(|action| LISTING.contains(&action));
            let reaches = match call.scope().unwrap() {
                ActionScope::Elsewhere => true,
                // A setting is that of the whole bucket, whatever the prefix.
                ActionScope::Bucket => bucket == other && !listing,
                ActionScope::Object => false,
            };
            if !reaches {
                prop_assert_eq!(says(&policy, *call, other, outside), Decision::NoMatch, "{:?} in {}", call, made.text);
            }
        }
        for call in Feature::ALL.into_iter().flat_map(Feature::calls).filter(|call| !actions.contains(&call.action())) {
            prop_assert_eq!(says(&policy, call, bucket, key), Decision::NoMatch, "{:?} in {}", call, made.text);
        }
    }
}

#[test]
fn buckets_files_and_the_account_stand_apart() {
    let made = made(&[Feature::List, Feature::View, Feature::Check], &[scope("acme")]);
    let json: serde_json::Value = serde_json::from_str(&made.text).unwrap();
    let told: Vec<(&str, &str)> = json["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["Sid"].as_str().unwrap(), it["Resource"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("Account", "*"), ("Buckets", "arn:aws:s3:::acme"), ("Files", "arn:aws:s3:::acme/*")]);
    assert!(!made.text.contains("Principal"), "{}", made.text);
    assert_eq!(json["Version"], "2012-10-17");
}

#[test]
fn the_list_of_all_buckets_is_given_only_where_it_is_ticked() {
    assert!(!made(&[Feature::View], &[scope("acme")]).text.contains("ListAllMyBuckets"));
    assert!(made(&[Feature::List], &[scope("acme")]).text.contains("ListAllMyBuckets"));
    assert_eq!(identity_policy(&BTreeSet::new(), &[scope("acme")], Partition::Aws), None);
}

#[test]
fn a_folder_beside_a_whole_bucket_is_listed_by_its_prefix() {
    let made = made(&[Feature::View], &[scope("acme/photos/"), scope("other")]);
    let list = Call::of("ListObjectsV2");
    for (bucket, prefix, allowed) in
        [("acme", "photos/", true), ("acme", "photos/2026/", true), ("acme", "", false), ("other", "", true)]
    {
        assert_eq!(says(&made.policy, list, bucket, prefix).is_allow(), allowed, "{bucket}/{prefix}");
    }
}

#[test]
fn other_partitions_have_other_names() {
    let features = BTreeSet::from([Feature::View]);
    let made = identity_policy(&features, &[], Partition::AwsCn).unwrap();
    assert!(made.text.contains(r#""arn:aws-cn:s3:::*""#) && made.text.contains(r#""arn:aws-cn:s3:::*/*""#));
}

fn with_key(named: &str) -> Scope {
    let key = KmsKey { named: named.to_owned(), region: "eu-west-1".to_owned(), account: None };
    Scope { key: Some(key), ..Scope::bucket("acme") }
}

#[test_case("arn:aws:kms:eu-west-1:1:key/k", r#""Resource": "arn:aws:kms:eu-west-1:1:key/k""#; "an arn")]
#[test_case("k-1", r#""Resource": "arn:aws:kms:eu-west-1:*:key/k-1""#; "an id")]
#[test_case("alias/photos", r#""kms:ResourceAliases": "alias/photos""#; "an alias")]
#[test_case("arn:aws:kms:eu-west-1:1:alias/photos", r#""kms:ResourceAliases": "alias/photos""#; "the arn of an alias")]
fn keys_are_given_for_buckets_that_use_them(named: &str, holds: &str) {
    let view = made(&[Feature::View], &[with_key(named)]);
    assert!(view.text.contains(holds), "{}", view.text);
    assert!(view.text.contains("kms:Decrypt") && !view.text.contains("kms:GenerateDataKey"));
    assert!(made(&[Feature::Upload], &[with_key(named)]).text.contains("kms:GenerateDataKey"));
    assert!(!made(&[Feature::Delete], &[with_key(named)]).text.contains("kms:"));
}

#[test]
fn its_length_is_counted_as_iam_counts() {
    let many: Vec<Scope> = (0..100).map(|n| scope(&format!("a-bucket-with-a-long-name-{n}"))).collect();
    let made = made(&Feature::ALL, &many);
    assert!(!made.fits() && made.characters < made.text.chars().count());
    assert!(super::identity_policy(&Feature::ALL.into(), &many[..2], Partition::Aws).unwrap().fits());
}

#[test_case("s3://acme-images/photos/" => Ok(("acme-images".to_owned(), "photos/".to_owned())); "a folder")]
#[test_case(" acme-* " => Ok(("acme-*".to_owned(), String::new())); "a pattern")]
#[test_case("" => Err(ScopeProblem::NoBucket); "nothing")]
#[test_case("s3:///x" => Err(ScopeProblem::NoBucket); "no bucket")]
#[test_case("a b" => Err(ScopeProblem::BadName("a b".to_owned())); "a blank")]
fn places(text: &str) -> Result<(String, String), ScopeProblem> {
    Scope::parse(text).map(|scope| (scope.bucket, scope.prefix))
}
