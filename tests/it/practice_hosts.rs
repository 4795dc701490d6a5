//! `BUCKET.localhost` beside path style: the same bucket, the same rights, by the real SDK and by hand.

use std::net::Ipv4Addr;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule, Delete, ObjectIdentifier};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns};
use brimful::practice::Server;

use crate::practice_support::{Practice, code};

/// Every name is this computer: not every system knows that of names under `localhost`.
#[derive(Debug, Clone)]
struct ThisComputer;

impl ResolveDns for ThisComputer {
    fn resolve_dns<'a>(&'a self, _name: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(Ok(vec![Ipv4Addr::LOCALHOST.into()]))
    }
}

fn virtual_hosted(server: &Server) -> Client {
    let key = server.credentials();
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_with_resolver(ThisComputer);
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .region(Region::new(Server::REGION))
        .credentials_provider(Credentials::new(&key.access_key_id, &key.secret_access_key, None, None, "practice"))
        .endpoint_url(format!("http://localhost:{}", server.port()))
        .build();
    Client::from_conf(config)
}

#[tokio::test]
async fn the_sdk_works_with_the_bucket_in_the_host() {
    let practice = Practice::start().await;
    let s3 = virtual_hosted(&practice.server);
    s3.create_bucket().bucket("my.box").send().await.unwrap();
    s3.create_bucket().bucket("box").send().await.unwrap();
    for bucket in ["box", "my.box"] {
        let key = "a b/ü+&?.txt";
        s3.put_object().bucket(bucket).key(key).body(b"hello".to_vec().into()).send().await.unwrap();
        assert_eq!(practice.get(bucket, key).await, b"hello");
        let got = s3.get_object().bucket(bucket).key(key).send().await.unwrap();
        assert_eq!(got.body.collect().await.unwrap().to_vec(), b"hello");
        let listed = s3.list_objects_v2().bucket(bucket).prefix("a b/").send().await.unwrap();
        assert_eq!(listed.contents()[0].key(), Some(key));
        s3.copy_object()
            .bucket(bucket)
            .key("copy")
            .copy_source(format!("{bucket}/a%20b/%C3%BC%2B%26%3F.txt"))
            .send()
            .await
            .unwrap();
        let upload = s3.create_multipart_upload().bucket(bucket).key("m").send().await.unwrap();
        let id = upload.upload_id().unwrap();
        s3.upload_part()
            .bucket(bucket)
            .key("m")
            .upload_id(id)
            .part_number(1)
            .body(b"part".to_vec().into())
            .send()
            .await
            .unwrap();
        s3.abort_multipart_upload().bucket(bucket).key("m").upload_id(id).send().await.unwrap();
        let named = [key, "copy"].map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
        let delete = Delete::builder().set_objects(Some(named.to_vec())).build().unwrap();
        assert_eq!(s3.delete_objects().bucket(bucket).delete(delete).send().await.unwrap().deleted().len(), 2);
        assert_eq!(code(&s3.get_object().bucket(bucket).key(key).send().await), "NoSuchKey");
        s3.head_bucket().bucket(bucket).send().await.unwrap();
        s3.delete_bucket().bucket(bucket).send().await.unwrap();
    }
    assert!(s3.list_buckets().send().await.unwrap().buckets().is_empty());
}

#[tokio::test]
async fn presigned_urls_preflights_and_errors_know_the_bucket_in_the_host() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let rule = CorsRule::builder().allowed_methods("GET").allowed_origins("http://a.example").build().unwrap();
    let cors = CorsConfiguration::builder().cors_rules(rule).build().unwrap();
    practice.s3.put_bucket_cors().bucket("box").cors_configuration(cors).send().await.unwrap();
    practice.put("box", "k", b"hello").await;
    let host = format!("box.localhost:{}", practice.server.port());

    let presigning = PresigningConfig::expires_in(std::time::Duration::from_secs(60)).unwrap();
    let signed =
        virtual_hosted(&practice.server).get_object().bucket("box").key("k").presigned(presigning).await.unwrap();
    let target = signed.uri().strip_prefix(&format!("http://{host}/")).unwrap();
    let origin = [("host", host.as_str()), ("origin", "http://a.example")];
    let got = practice.plain("GET", target, &origin).await;
    assert_eq!((got.status, got.body.as_slice()), (200, b"hello".as_slice()));
    assert_eq!(got.header("access-control-allow-origin"), "http://a.example");

    let asking = [origin[0], origin[1], ("access-control-request-method", "GET")];
    assert_eq!(practice.plain("OPTIONS", "k", &asking).await.status, 200);
    let missing = practice.plain("GET", &target.replacen('k', "none", 1), &origin).await;
    assert_eq!(missing.code(), "SignatureDoesNotMatch");
    let refused = practice.plain("GET", "k?acl", &[origin[0]]).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "AccessDenied"));
    let text = String::from_utf8(refused.body).unwrap();
    assert!(text.contains("<Resource>/k</Resource>"), "{text}");
    let nowhere = practice.plain("GET", "k", &[("host", "nowhere.localhost")]).await;
    let text = String::from_utf8(nowhere.body).unwrap();
    assert!(text.contains("<Code>NoSuchBucket</Code>") && text.contains("<BucketName>nowhere</BucketName>"), "{text}");
}
