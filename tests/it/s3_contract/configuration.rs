//! Configuration documents of buckets: read before they are set, checked, kept, replaced, deleted.

use md5::{Digest as _, Md5};
use test_case::test_case;

use super::raw::Answer;
use super::{Server, everywhere};

/// Puts a document at `/BUCKET?PART`, signed and with its digest.
pub(super) async fn put_document(server: &Server, bucket: &str, part: &str, document: &str) -> Answer {
    let digest: [u8; 16] = Md5::digest(document.as_bytes()).into();
    let digest = base64_simd::STANDARD.encode_to_string(digest);
    let ask = server.ask("PUT", &format!("/{bucket}?{part}")).header("content-md5", &digest);
    ask.body(document).sign().send().await
}

async fn get(server: &Server, bucket: &str, part: &str) -> Answer {
    server.ask("GET", &format!("/{bucket}?{part}")).sign().send().await
}

#[test_case("cors", 404, "NoSuchCORSConfiguration"; "cors")]
#[test_case("lifecycle", 404, "NoSuchLifecycleConfiguration"; "lifecycle")]
#[test_case("tagging", 404, "NoSuchTagSet"; "tags")]
#[test_case("website", 404, "NoSuchWebsiteConfiguration"; "website")]
#[test_case("replication", 404, "ReplicationConfigurationNotFoundError"; "replication")]
#[test_case("policy", 404, "NoSuchBucketPolicy"; "policy")]
#[test_case("object-lock", 404, "ObjectLockConfigurationNotFoundError"; "object lock")]
#[test_case("analytics&id=x", 404, "NoSuchConfiguration"; "analytics by id")]
#[test_case("inventory&id=x", 404, "NoSuchConfiguration"; "inventory by id")]
#[test_case("metrics&id=x", 404, "NoSuchConfiguration"; "metrics by id")]
#[test_case("intelligent-tiering&id=x", 404, "NoSuchConfiguration"; "tiering by id")]
#[test_case("analytics", 200, ""; "analytics listed")]
#[test_case("inventory", 200, ""; "inventory listed")]
#[test_case("metrics", 200, ""; "metrics listed")]
#[test_case("intelligent-tiering", 200, ""; "tiering listed")]
#[test_case("logging", 200, ""; "logging")]
#[test_case("versioning", 200, ""; "versioning")]
#[test_case("accelerate", 200, ""; "acceleration")]
#[test_case("notification", 200, ""; "notifications")]
#[test_case("requestPayment", 200, ""; "who pays")]
#[test_case("encryption", 200, ""; "encryption")]
fn a_new_bucket_tells_that_nothing_is_set(part: &str, status: u16, code: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let answer = get(server, &bucket, part).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.text);
    });
}

#[test]
fn a_new_bucket_is_encrypted_and_its_owner_pays() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        assert_eq!(get(server, &bucket, "encryption").await.element("SSEAlgorithm"), "AES256");
        assert_eq!(get(server, &bucket, "requestPayment").await.element("Payer"), "BucketOwner");
        assert_eq!(get(server, &bucket, "logging").await.element("TargetBucket"), "");
        assert_eq!(get(server, &bucket, "accelerate").await.element("Status"), "");
    });
}

const SITE: &str =
    "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>";
const ELSEWHERE: &str = "<WebsiteConfiguration><RedirectAllRequestsTo><HostName>example.com</HostName></RedirectAllRequestsTo></WebsiteConfiguration>";

#[test_case("website", SITE, "Suffix", "index.html"; "website")]
#[test_case("website", ELSEWHERE, "HostName", "example.com"; "website elsewhere")]
#[test_case("requestPayment", "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>", "Payer", "Requester"; "who pays")]
#[test_case("accelerate", "<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>", "Status", "Enabled"; "acceleration")]
#[test_case("tagging", "<Tagging><TagSet><Tag><Key>team</Key><Value>web</Value></Tag></TagSet></Tagging>", "Value", "web"; "tags")]
#[test_case("encryption", "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>alias/mine</KMSMasterKeyID></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>", "KMSMasterKeyID", "alias/mine"; "encryption with a key")]
#[test_case("notification", "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>", "Code", ""; "event bridge")]
fn what_is_put_is_told(part: &str, document: &str, element: &str, expected: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let answer = put_document(server, &bucket, part, document).await;
        assert!(matches!(answer.status, 200 | 204), "{}", answer.text);
        assert_eq!(get(server, &bucket, part).await.element(element), expected);
    });
}

#[test_case("website", "<WebsiteConfiguration></WebsiteConfiguration>", "InvalidArgument"; "a website of nothing")]
#[test_case("website", "<WebsiteConfiguration><IndexDocument><Suffix>a/b</Suffix></IndexDocument></WebsiteConfiguration>", "InvalidArgument"; "a suffix with a slash")]
#[test_case("requestPayment", "<RequestPaymentConfiguration><Payer>Nobody</Payer></RequestPaymentConfiguration>", "MalformedXML"; "nobody pays")]
#[test_case("accelerate", "<AccelerateConfiguration><Status>On</Status></AccelerateConfiguration>", "MalformedXML"; "an unknown state")]
#[test_case("tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>a</Key><Value>2</Value></Tag></TagSet></Tagging>", "InvalidTag"; "a tag twice")]
#[test_case("tagging", "<Tagging><TagSet><Tag><Key>aws:a</Key><Value>1</Value></Tag></TagSet></Tagging>", "InvalidTag"; "a tag of the system")]
#[test_case("encryption", "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>", "InvalidArgument"; "a key for nothing")]
#[test_case("encryption", "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>ROT13</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>", "MalformedXML"; "an unknown cipher")]
#[test_case("logging", "<BucketLoggingStatus><LoggingEnabled><TargetBucket>brimful-no-such-bucket-3f9a</TargetBucket><TargetPrefix>a/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>", "InvalidTargetBucketForLogging"; "a log that goes nowhere")]
#[test_case("replication", "<ReplicationConfiguration><Role>arn:aws:iam::123456789012:role/r</Role><Rule><Status>Enabled</Status><Prefix></Prefix><Destination><Bucket>arn:aws:s3:::brimful-no-such-bucket-3f9a</Bucket></Destination></Rule></ReplicationConfiguration>", "InvalidRequest"; "replicas without versions")]
#[test_case("notification", "<NotificationConfiguration><QueueConfiguration><Queue>arn:aws:sqs:us-east-1:123456789012:none</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>", "InvalidArgument"; "messages to a queue that is not there")]
#[test_case("metrics&id=a", "<MetricsConfiguration><Id>b</Id></MetricsConfiguration>", "MalformedXML"; "metrics of another id")]
#[test_case("website", "<WebsiteConfiguration><IndexDocument>", "MalformedXML"; "half a document")]
fn what_is_wrong_is_refused(part: &str, document: &str, code: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let answer = put_document(server, &bucket, part, document).await;
        assert_eq!((answer.status, answer.code()), (400, code), "{}", answer.text);
    });
}

#[test]
fn acceleration_and_dots_do_not_go_together() {
    everywhere(async |server| {
        let bucket = format!("{}.dotted", server.fresh_name());
        server.clear_away_later(&bucket);
        server.s3.create_bucket().bucket(&bucket).send().await.unwrap();
        let document = "<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>";
        assert_eq!(put_document(server, &bucket, "accelerate", document).await.code(), "InvalidRequest");
    });
}

fn metrics(id: usize) -> String {
    format!("<MetricsConfiguration><Id>m{id:03}</Id><Filter><Prefix>p{id}/</Prefix></Filter></MetricsConfiguration>")
}

#[test]
fn numbered_documents_are_listed_a_hundred_at_a_time() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        for id in 0..101 {
            let answer = put_document(server, &bucket, &format!("metrics&id=m{id:03}"), &metrics(id)).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        let first = server.s3.list_bucket_metrics_configurations().bucket(&bucket).send().await.unwrap();
        assert_eq!((first.metrics_configuration_list().len(), first.is_truncated()), (100, Some(true)));
        let token = first.next_continuation_token().unwrap();
        let call = server.s3.list_bucket_metrics_configurations().bucket(&bucket).continuation_token(token);
        let rest = call.send().await.unwrap();
        let ids: Vec<_> = rest.metrics_configuration_list().iter().map(|found| found.id()).collect();
        assert_eq!((ids.as_slice(), rest.is_truncated()), (["m100"].as_slice(), Some(false)));
        let one = get(server, &bucket, "metrics&id=m007").await;
        assert_eq!(one.element("Prefix"), "p7/");
        let path = format!("/{bucket}?metrics&id=m007");
        assert_eq!(server.ask("DELETE", &path).sign().send().await.status, 204);
        let again = server.ask("DELETE", &path).sign().send().await;
        assert_eq!((again.status, again.code()), (404, "NoSuchConfiguration"));
    });
}

#[test]
fn inventory_analytics_and_tiering_are_kept_by_their_ids() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let documents = [
            (
                "inventory",
                "<InventoryConfiguration><Destination><S3BucketDestination><Bucket>arn:aws:s3:::reports</Bucket><Format>CSV</Format></S3BucketDestination></Destination><IsEnabled>true</IsEnabled><Id>one</Id><IncludedObjectVersions>Current</IncludedObjectVersions><Schedule><Frequency>Daily</Frequency></Schedule></InventoryConfiguration>",
            ),
            ("analytics", "<AnalyticsConfiguration><Id>one</Id><StorageClassAnalysis/></AnalyticsConfiguration>"),
            (
                "intelligent-tiering",
                "<IntelligentTieringConfiguration><Id>one</Id><Status>Enabled</Status><Tiering><AccessTier>ARCHIVE_ACCESS</AccessTier><Days>90</Days></Tiering></IntelligentTieringConfiguration>",
            ),
        ];
        for (part, document) in documents {
            let answer = put_document(server, &bucket, &format!("{part}&id=one"), document).await;
            assert_eq!(answer.status, 200, "{part}: {}", answer.text);
            assert_eq!(get(server, &bucket, &format!("{part}&id=one")).await.element("Id"), "one", "{part}");
            assert_eq!(get(server, &bucket, part).await.element("Id"), "one", "{part}");
        }
    });
}

#[test]
fn replicas_keep_versioning_on() {
    everywhere(async |server| {
        let (source, target) = (server.bucket().await, server.bucket().await);
        let enable = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        put_document(server, &source, "versioning", enable).await;
        let document = format!(
            "<ReplicationConfiguration><Role>arn:aws:iam::123456789012:role/r</Role><Rule><ID>all</ID><Status>Enabled</Status><Priority>1</Priority><DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication><Filter><Prefix></Prefix></Filter><Destination><Bucket>arn:aws:s3:::{target}</Bucket></Destination></Rule></ReplicationConfiguration>"
        );
        let early = put_document(server, &source, "replication", &document).await;
        assert_eq!(early.element("Message"), "Destination bucket must have versioning enabled.");
        put_document(server, &target, "versioning", enable).await;
        assert_eq!(put_document(server, &source, "replication", &document).await.status, 200);
        assert_eq!(get(server, &source, "replication").await.element("ID"), "all");
        let suspend = enable.replace("Enabled", "Suspended");
        let refused = put_document(server, &source, "versioning", &suspend).await;
        assert_eq!((refused.status, refused.code()), (409, "InvalidBucketState"));
        let path = format!("/{source}?replication");
        assert_eq!(server.ask("DELETE", &path).sign().send().await.status, 204);
        assert_eq!(put_document(server, &source, "versioning", &suspend).await.status, 200);
    });
}

#[test]
fn logging_is_turned_off_with_an_empty_document() {
    everywhere(async |server| {
        let (bucket, target) = (server.bucket().await, server.bucket().await);
        let on = format!(
            "<BucketLoggingStatus><LoggingEnabled><TargetBucket>{target}</TargetBucket><TargetPrefix>site/</TargetPrefix><TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>EventTime</PartitionDateSource></PartitionedPrefix></TargetObjectKeyFormat></LoggingEnabled></BucketLoggingStatus>"
        );
        assert_eq!(put_document(server, &bucket, "logging", &on).await.status, 200);
        let kept = get(server, &bucket, "logging").await;
        assert_eq!((kept.element("TargetBucket"), kept.element("PartitionDateSource")), (target.as_str(), "EventTime"));
        assert_eq!(put_document(server, &bucket, "logging", "<BucketLoggingStatus/>").await.status, 200);
        assert_eq!(get(server, &bucket, "logging").await.element("TargetBucket"), "");
    });
}
