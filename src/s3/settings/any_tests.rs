//! What is sent for each setting is what is read where a store hands it out.
use super::*;
use crate::domain::bucket_settings::{SettingKind, SettingValue};
use crate::domain::public_access::CannedAcl;
use crate::s3::testing::{Canned, serve};
use serde_json::{Value, json};
use test_case::test_case;

#[test_case(SettingKind::BlockPublicAccess, &json!({"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":false,"RestrictPublicBuckets":false}) => "PUT /b/?publicAccessBlock"; "flags")]
#[test_case(SettingKind::Ownership, &json!({"Rules":[{"ObjectOwnership":"BucketOwnerPreferred"}]}) => "PUT /b/?ownershipControls"; "ownership")]
#[test_case(SettingKind::Versioning, &json!({"Status":"Suspended"}) => "PUT /b/?versioning"; "versions")]
#[test_case(SettingKind::Encryption, &json!({"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms:dsse","KMSMasterKeyID":"alias/a"},"BucketKeyEnabled":false,"BlockedEncryptionTypes":{"EncryptionType":["SSE-C"]}}]}) => "PUT /b/?encryption"; "encryption")]
#[test_case(SettingKind::Cors, &json!({"CORSRules":[{"ID":"a","AllowedHeaders":["*"],"AllowedMethods":["GET"],"AllowedOrigins":["*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":3}]}) => "PUT /b/?cors"; "cors")]
#[test_case(SettingKind::Lifecycle, &json!({"Rules":[{"ID":"a","Status":"Enabled","Filter":{"Prefix":"p/"},"Expiration":{"Days":365}}]}) => "PUT /b/?lifecycle"; "lifecycle")]
#[test_case(SettingKind::Tags, &json!({"TagSet":[{"Key":"team","Value":"web"}]}) => "PUT /b/?tagging"; "tags")]
#[test_case(SettingKind::Website, &json!({"IndexDocument":{"Suffix":"index.html"},"ErrorDocument":{"Key":"404.html"},"RoutingRules":[{"Condition":{"HttpErrorCodeReturnedEquals":"404","KeyPrefixEquals":"old/"},"Redirect":{"HostName":"example.com","HttpRedirectCode":"301","Protocol":"https","ReplaceKeyPrefixWith":"new/"}}]}) => "PUT /b/?website"; "website")]
#[test_case(SettingKind::Website, &json!({"RedirectAllRequestsTo":{"HostName":"example.com","Protocol":"https"}}) => "PUT /b/?website"; "website elsewhere")]
#[test_case(SettingKind::Logging, &json!({"LoggingEnabled":{"TargetBucket":"logs","TargetPrefix":"a/","TargetGrants":[{"Grantee":{"Type":"CanonicalUser","ID":"x"},"Permission":"READ"}],"TargetObjectKeyFormat":{"PartitionedPrefix":{"PartitionDateSource":"EventTime"}}}}) => "PUT /b/?logging"; "logging")]
#[test_case(SettingKind::RequestPayment, &json!({"Payer":"Requester"}) => "PUT /b/?requestPayment"; "payer")]
#[test_case(SettingKind::Acceleration, &json!({"Status":"Enabled"}) => "PUT /b/?accelerate"; "acceleration")]
#[test_case(SettingKind::ObjectLock, &json!({"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"COMPLIANCE","Years":3}}}) => "PUT /b/?object-lock"; "lock")]
#[test_case(SettingKind::Acl, &json!({"Owner":{"ID":"me"},"Grants":[{"Grantee":{"Type":"CanonicalUser","ID":"me"},"Permission":"FULL_CONTROL"},{"Grantee":{"Type":"CanonicalUser","ID":"you"},"Permission":"WRITE_ACP"},{"Grantee":{"Type":"Group","URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"}]}) => "PUT /b/?acl"; "acl")]
#[test_case(SettingKind::Acl, &json!({"Owner":{"ID":"me"},"Grants":[{"Grantee":{"Type":"CanonicalUser","ID":"me"},"Permission":"FULL_CONTROL"},{"Grantee":{"Type":"AmazonCustomerByEmail","EmailAddress":"a@b.example"},"Permission":"READ"},{"Grantee":{"Type":"Group","URI":"http://store.example/friends"},"Permission":"DANCE"}]}) => "PUT /b/?acl"; "acl of other hands")]
#[tokio::test]
async fn what_is_sent_is_what_is_read(kind: SettingKind, json: &Value) -> String {
    let value = SettingValue::from_json(kind, json).unwrap();
    let server = serve(vec![Canned::empty(200)]).await;
    write(&server.store().await, "b", kind, Some(&value)).await.unwrap();
    let seen = server.requests().pop().unwrap();
    let kept = serve(vec![Canned::xml(200, &String::from_utf8_lossy(&seen.body))]).await;
    let Readable::Is(back) = read(&kept.store().await, "b", kind).await else { panic!("{kind:?} is not read") };
    assert_eq!(back.to_json(), *json);
    format!("{} {}", seen.method, seen.path_and_query)
}

#[test_case("private" => 0; "private")]
#[test_case("public-read" => 0; "public read")]
#[test_case("public-read-write" => 0; "public read write")]
#[test_case("authenticated-read" => 0; "authenticated read")]
#[test_case("log-delivery-write" => 0; "log delivery")]
#[tokio::test]
async fn a_list_that_has_a_name_goes_by_it(name: &str) -> usize {
    let canned = CannedAcl::parse(name).unwrap();
    let server = serve(vec![Canned::empty(200)]).await;
    put_bucket_acl(&server.store().await, "b", &Acl::of_canned(canned, "me", "me")).await.unwrap();
    let seen = server.requests().pop().unwrap();
    assert_eq!(seen.header("x-amz-acl"), Some(name));
    seen.body.len()
}

#[test_case(SettingKind::BlockPublicAccess => "DELETE /b/?publicAccessBlock"; "flags")]
#[test_case(SettingKind::Ownership => "DELETE /b/?ownershipControls"; "ownership")]
#[test_case(SettingKind::Versioning => "PUT /b/?versioning Suspended"; "versions can only be suspended")]
#[test_case(SettingKind::Encryption => "DELETE /b/?encryption"; "encryption")]
#[test_case(SettingKind::Cors => "DELETE /b/?cors"; "cors")]
#[test_case(SettingKind::Website => "DELETE /b/?website"; "website")]
#[test_case(SettingKind::Logging => "PUT /b/?logging"; "logging")]
#[test_case(SettingKind::RequestPayment => "PUT /b/?requestPayment BucketOwner"; "payer")]
#[test_case(SettingKind::Acceleration => "PUT /b/?accelerate Suspended"; "acceleration")]
#[tokio::test]
async fn taking_a_setting_away(kind: SettingKind) -> String {
    let server = serve(vec![Canned::empty(200)]).await;
    write(&server.store().await, "b", kind, None).await.unwrap();
    let seen = server.requests().pop().unwrap();
    let body = String::from_utf8_lossy(&seen.body).into_owned();
    let word = ["Suspended", "BucketOwner"].into_iter().find(|word| body.contains(word));
    format!("{} {} {}", seen.method, seen.path_and_query, word.unwrap_or_default()).trim().to_owned()
}

#[test_case(SettingKind::Versioning, "<VersioningConfiguration/>"; "versions")]
#[test_case(SettingKind::Logging, "<BucketLoggingStatus/>"; "logging")]
#[test_case(SettingKind::Acceleration, "<AccelerateConfiguration/>"; "acceleration")]
#[test_case(SettingKind::Notification, "<NotificationConfiguration/>"; "notifications")]
#[tokio::test]
async fn an_empty_answer_is_not_set(kind: SettingKind, body: &'static str) {
    let server = serve(vec![Canned::xml(200, body)]).await;
    let answer = read(&server.store().await, "b", kind).await;
    assert!(matches!(answer, Readable::NotSet), "{answer:?}");
}

#[tokio::test]
async fn notifications_and_replication_are_shown_whole() {
    let told = "<NotificationConfiguration><QueueConfiguration><Id>q</Id><Queue>arn:aws:sqs:eu-west-1:1:q</Queue>\
        <Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name><Value>in/</Value></FilterRule>\
        </S3Key></Filter></QueueConfiguration><EventBridgeConfiguration/></NotificationConfiguration>";
    let server = serve(vec![Canned::xml(200, told)]).await;
    let Readable::Is(found) = get_bucket_notification_configuration(&server.store().await, "b").await else {
        panic!("not read")
    };
    assert_eq!(
        found,
        json!({"QueueConfigurations":[{"Id":"q","QueueArn":"arn:aws:sqs:eu-west-1:1:q","Events":["s3:ObjectCreated:*"],
            "Filter":{"Key":{"FilterRules":[{"Name":"prefix","Value":"in/"}]}}}],"EventBridgeConfiguration":{}})
    );
    let copied = "<ReplicationConfiguration><Role>arn:aws:iam::1:role/r</Role><Rule><ID>a</ID><Priority>1</Priority>\
        <Filter><Prefix>x/</Prefix></Filter><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::there</Bucket>\
        </Destination><DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication></Rule>\
        </ReplicationConfiguration>";
    let server = serve(vec![Canned::xml(200, copied)]).await;
    let Readable::Is(found) = get_bucket_replication(&server.store().await, "b").await else { panic!("not read") };
    assert_eq!(
        found,
        json!({"Role":"arn:aws:iam::1:role/r","Rules":[{"ID":"a","Priority":1,"Filter":{"Prefix":"x/"},
            "Status":"Enabled","Destination":{"Bucket":"arn:aws:s3:::there"},"DeleteMarkerReplication":{"Status":"Disabled"}}]})
    );
}
