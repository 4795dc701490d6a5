use super::*;
use crate::domain::lifecycle::Preset;
use serde_json::{Value, json};

/// One of everything.
fn settings() -> Settings {
    let lifecycle: Vec<_> = Preset::ALL.iter().flat_map(|preset| preset.rules()).collect();
    let json = [
        (
            SettingKind::BlockPublicAccess,
            json!({"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":false,"RestrictPublicBuckets":false}),
        ),
        (SettingKind::Ownership, json!({"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]})),
        (SettingKind::Versioning, json!({"Status":"Enabled"})),
        (
            SettingKind::Encryption,
            json!({"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"alias/a"},"BucketKeyEnabled":true}]}),
        ),
        (
            SettingKind::Cors,
            json!({"CORSRules":[{"ID":"a","AllowedHeaders":["*"],"AllowedMethods":["GET"],"AllowedOrigins":["https://a.example"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":3}]}),
        ),
        (SettingKind::Tags, json!({"TagSet":[{"Key":"it's","Value":"${web}"}]})),
        (
            SettingKind::Website,
            json!({"IndexDocument":{"Suffix":"index.html"},"RoutingRules":[{"Condition":{"KeyPrefixEquals":"old/"},"Redirect":{"ReplaceKeyPrefixWith":"new/"}}]}),
        ),
        (SettingKind::Logging, json!({"LoggingEnabled":{"TargetBucket":"logs","TargetPrefix":"a/"}})),
        (SettingKind::RequestPayment, json!({"Payer":"Requester"})),
        (SettingKind::Acceleration, json!({"Status":"Enabled"})),
        (
            SettingKind::ObjectLock,
            json!({"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"GOVERNANCE","Days":3}}}),
        ),
    ];
    let mut settings: Settings =
        json.iter().map(|(kind, json)| (*kind, SettingValue::from_json(*kind, json).unwrap())).collect();
    settings.insert(SettingKind::Lifecycle, SettingValue::Lifecycle(lifecycle));
    settings.insert(SettingKind::Policy, SettingValue::Policy(r#"{"Version":"2012-10-17","Statement":[]}"#.into()));
    settings
}

#[test]
fn the_cli_gets_a_call_for_each_setting() {
    let text = export(Notation::Cli, "acme", "eu-west-1", &settings());
    let calls: Vec<_> = text.lines().filter(|line| line.starts_with("aws s3api ")).collect();
    assert_eq!(calls.len(), settings().len());
    assert!(calls.iter().all(|call| call.contains(" --bucket acme --region eu-west-1 --")), "{text}");
    assert!(text.contains(r"it'\''s"), "{text}");
    let at = |word: &str| calls.iter().position(|call| call.contains(word)).unwrap();
    assert!(at("put-public-access-block") < at("put-bucket-policy"));
    assert!(at("put-bucket-versioning") < at("put-object-lock-configuration"));
}

#[test]
fn an_access_list_follows_object_ownership() {
    let acl =
        json!({"Owner":{"ID":"me"},"Grants":[{"Grantee":{"Type":"CanonicalUser","ID":"me"},"Permission":"READ"}]});
    let mut settings = settings();
    settings.insert(SettingKind::Acl, SettingValue::from_json(SettingKind::Acl, &acl).unwrap());
    let text = export(Notation::Cli, "acme", "", &settings);
    assert!(text.find("put-bucket-ownership-controls").unwrap() < text.find("put-bucket-acl").unwrap());
    assert!(text.contains(&format!("--access-control-policy '{acl}'")), "{text}");
    for notation in [Notation::CloudFormation, Notation::Terraform] {
        assert!(export(notation, "acme", "", &settings).contains("Access control list"), "named, not left out unsaid");
    }
}

#[test]
fn cloudformation_gets_a_template() {
    let text = export(Notation::CloudFormation, "acme", "eu-west-1", &settings());
    let template: Value = serde_json::from_str(&text).unwrap();
    let bucket = &template["Resources"]["Bucket"]["Properties"];
    assert_eq!(bucket["BucketName"], "acme");
    assert_eq!(bucket["CorsConfiguration"]["CorsRules"][0]["MaxAge"], 3);
    assert_eq!(bucket["LifecycleConfiguration"]["Rules"][2]["Transitions"][0]["TransitionInDays"], 30);
    assert_eq!(bucket["ObjectLockEnabled"], true);
    assert_eq!(template["Resources"]["Policy"]["Properties"]["PolicyDocument"]["Version"], "2012-10-17");
    assert!(template["Description"].as_str().unwrap().contains("Requester pays"), "what it has no word for is named");
}

#[test]
fn terraform_gets_resources() {
    let text = export(Notation::Terraform, "acme", "eu-west-1", &settings());
    assert_eq!(text.matches("resource \"aws_s3_bucket").count(), settings().len(), "{text}");
    assert_eq!(text.matches('{').count(), text.matches('}').count());
    assert!(text.contains("\"it's\" = \"$${web}\""), "{text}");
    assert!(text.contains("policy = \"{\\\"Version\\\":"), "{text}");
}
