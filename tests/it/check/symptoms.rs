//! Answers of stores and what they are known as. As many as practice storage can give are asked of it; what it cannot
//! give was recorded and comes over a socket.

use brimful::domain::check::{Said, Symptom, recognise};
use brimful::domain::connection::{Addressing, ChecksumMode, SignIn, StoreTarget, Target as Where};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use test_case::test_case;

use super::stage::{KEY, Yard, connected, picture, run};
use crate::s3_contract::policy::open_bucket;
use crate::s3_contract::public::{allow, block};
use crate::s3_contract::{Keys, Server};

/// A question that is answered with trouble.
struct Trouble {
    method: &'static str,
    target: String,
    body: Vec<u8>,
    headers: Vec<(&'static str, String)>,
    /// The operation as the API names it.
    operation: &'static str,
    by: By,
}

enum By {
    Stranger,
    Owner,
    Other(Keys),
}

impl Trouble {
    fn by(by: By, method: &'static str, target: impl Into<String>, operation: &'static str) -> Self {
        Self { method, target: target.into(), body: Vec::new(), headers: Vec::new(), operation, by }
    }

    fn owner(method: &'static str, target: impl Into<String>, operation: &'static str) -> Self {
        Self::by(By::Owner, method, target, operation)
    }

    fn stranger(target: impl Into<String>) -> Self {
        Self::by(By::Stranger, "GET", target, "GET")
    }

    fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// A body that must not change on its way.
    fn document(self, text: &str) -> Self {
        self.body(text).header("content-md5", md5(text.as_bytes()))
    }

    fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Asks, and says what the answer is known as.
async fn known_as(server: &Server, trouble: Trouble) -> (Option<Symptom>, String) {
    let mut ask = server.ask(trouble.method, &trouble.target).body(&trouble.body);
    for (name, value) in &trouble.headers {
        ask = ask.header(name, value);
    }
    let signed_by_link = trouble.target.contains("X-Amz-Signature");
    let (ask, signed) = match &trouble.by {
        By::Stranger => (ask, signed_by_link),
        By::Owner => (ask.sign(), true),
        By::Other(keys) => (ask.sign_as(keys), true),
    };
    let answer = ask.send().await;
    let item = |name: &str| {
        let rest = answer.text.split_once(&format!("<li>{name}: ")).map(|(_, rest)| rest);
        rest.and_then(|rest| rest.split_once("</li>")).map_or(answer.element(name), |(value, _)| value).to_owned()
    };
    let (code, message) = (item("Code"), item("Message"));
    let said = Said {
        status: Some(answer.status),
        code: Some(code.as_str()).filter(|code| !code.is_empty()),
        message: &message,
        operation: trouble.operation,
        signed,
        delete_marker: answer.header("x-amz-delete-marker") == "true",
        is_page: answer.header("content-type").starts_with("text/html"),
        ..Said::default()
    };
    (recognise(&said), format!("{} {code}: {message}\n{}", answer.status, answer.text))
}

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]}"#;
const PARTS: &str = "<CompleteMultipartUpload>PARTS</CompleteMultipartUpload>";

/// An upload in parts with two parts of these sizes, or fewer; its id and the ETags.
async fn upload(yard: &Yard<'_>, sizes: &[usize]) -> (String, Vec<String>) {
    let s3 = &yard.server.s3;
    let begun = s3.create_multipart_upload().bucket(&yard.bucket).key("parts").send().await.unwrap();
    let id = begun.upload_id().unwrap().to_owned();
    let mut etags = Vec::new();
    for (number, size) in (1..).zip(sizes) {
        let part = s3.upload_part().bucket(&yard.bucket).key("parts").upload_id(&id).part_number(number);
        let sent = part.body(vec![7; *size].into()).send().await.unwrap();
        etags.push(sent.e_tag().unwrap().to_owned());
    }
    (id, etags)
}

fn listed(parts: &[(i32, &str)]) -> String {
    let parts = parts.iter().map(|(number, etag)| {
        format!("<Part><PartNumber>{number}</PartNumber><ETag>{}</ETag></Part>", etag.replace('"', "&quot;"))
    });
    PARTS.replace("PARTS", &parts.collect::<String>())
}

/// Brings a store into the state in which the question is answered with that trouble.
async fn staged(server: &Server, name: &str) -> Trouble {
    let yard = Yard::at(server, open_bucket(server).await).await;
    let bucket = yard.bucket.clone();
    let put = |key: &str| {
        server.s3.put_object().bucket(&bucket).key(key.to_owned()).content_type("image/png").body(picture().into())
    };
    put(KEY).send().await.unwrap();
    let at = |rest: &str| format!("/{bucket}/{rest}");
    let of = |query: &str| format!("/{bucket}?{query}");
    let second = || By::Other(server.second().unwrap().clone());
    match name {
        "not-public" => Trouble::stranger(at(KEY)),
        "no-such-key" => Trouble::owner("GET", at("missing"), "GetObject"),
        "no-such-version" => {
            Trouble::owner("GET", at(&format!("{KEY}?versionId=11111111111111111111111111111111")), "GetObject")
        }
        "no-such-bucket" => Trouble::stranger(format!("/{}/k", server.fresh_name())),
        "delete-marker" | "marker-has-no-content" => {
            let row = "- - E priv read+list+read-versions public/a.png=deleted";
            let yard = Yard::staged(server, row).await;
            let versions = server.s3.list_object_versions().bucket(&yard.bucket).send().await.unwrap();
            let marker = versions.delete_markers()[0].version_id().unwrap().to_owned();
            match name {
                "delete-marker" => Trouble::stranger(format!("/{}/{KEY}", yard.bucket)),
                _ => Trouble::stranger(format!("/{}/{KEY}?versionId={marker}", yard.bucket)),
            }
        }
        "kms-needs-signature" => {
            let yard = Yard::staged(server, "- - E priv read public/a.png=kms").await;
            Trouble::stranger(format!("/{}/{KEY}", yard.bucket))
        }
        "overrides-unsigned" => {
            allow(server, &bucket, "read").await;
            Trouble::stranger(at(&format!("{KEY}?response-content-type=text%2Fplain")))
        }
        "archived" => {
            put("old").storage_class(aws_sdk_s3::types::StorageClass::DeepArchive).send().await.unwrap();
            Trouble::owner("GET", at("old"), "GetObject")
        }
        "cors-not-set" => Trouble::by(By::Stranger, "OPTIONS", at(KEY), "OPTIONS")
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "GET"),
        "cors-refused" => {
            let rules = "<CORSConfiguration><CORSRule><AllowedOrigin>https://a.example</AllowedOrigin>\
                <AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
            let set = server.ask("PUT", &of("cors")).body(rules).header("content-md5", &md5(rules.as_bytes())).sign();
            assert_eq!(set.send().await.status, 200);
            Trouble::by(By::Stranger, "OPTIONS", at(KEY), "OPTIONS")
                .header("origin", "https://shop.example")
                .header("access-control-request-method", "GET")
        }
        "signature-mismatch" => {
            let wrong = Keys { id: server.keys.id.clone(), secret: "not the secret".to_owned() };
            Trouble::by(By::Other(wrong), "GET", at(KEY), "GetObject")
        }
        "unknown-access-key" => {
            let unknown = Keys { id: "AKIAUNKNOWN000000000".to_owned(), secret: "secret".to_owned() };
            Trouble::by(By::Other(unknown), "GET", at(KEY), "GetObject")
        }
        "clock-skew" => Trouble::owner("GET", at(KEY), "GetObject").header("x-amz-date", "20200101T000000Z"),
        "bad-link" => {
            let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000000Z&X-Amz-Signature=0";
            Trouble::stranger(at(&format!("{KEY}?{query}")))
        }
        "link-expired" => {
            let config = aws_sdk_s3::presigning::PresigningConfig::builder()
                .start_time(std::time::SystemTime::now() - std::time::Duration::from_secs(7200))
                .expires_in(std::time::Duration::from_secs(60))
                .build()
                .unwrap();
            let link = server.s3.get_object().bucket(&bucket).key(KEY).presigned(config).await.unwrap();
            Trouble::stranger(link.uri())
        }
        "already-yours" => {
            let west = "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
            let mine = server.fresh_name();
            let made = server.ask("PUT", &format!("/{mine}")).body(west).sign().send().await;
            assert_eq!(made.status, 200, "{}", made.text);
            Trouble::owner("PUT", format!("/{mine}"), "CreateBucket").body(west)
        }
        "name-taken" => Trouble::by(second(), "PUT", format!("/{bucket}"), "CreateBucket"),
        "invalid-bucket-name" => Trouble::owner("PUT", "/No_Such_Name", "CreateBucket"),
        "location-constraint" => {
            let nowhere = "<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>";
            Trouble::owner("PUT", format!("/{}", server.fresh_name()), "CreateBucket").body(nowhere)
        }
        "bucket-not-empty" => Trouble::owner("DELETE", format!("/{bucket}"), "DeleteBucket"),
        "entity-too-small" => {
            let (id, etags) = upload(&yard, &[10, 10]).await;
            let parts = listed(&[(1, &etags[0]), (2, &etags[1])]);
            Trouble::owner("POST", at(&format!("parts?uploadId={id}")), "CompleteMultipartUpload").body(parts)
        }
        "invalid-part" => {
            let (id, _) = upload(&yard, &[10]).await;
            let parts = listed(&[(1, "\"00000000000000000000000000000000\"")]);
            Trouble::owner("POST", at(&format!("parts?uploadId={id}")), "CompleteMultipartUpload").body(parts)
        }
        "invalid-part-order" => {
            let (id, etags) = upload(&yard, &[5 << 20, 10]).await;
            let parts = listed(&[(2, &etags[1]), (1, &etags[0])]);
            Trouble::owner("POST", at(&format!("parts?uploadId={id}")), "CompleteMultipartUpload").body(parts)
        }
        "no-such-upload" => Trouble::owner("DELETE", at("parts?uploadId=gone"), "AbortMultipartUpload"),
        "key-too-long" => Trouble::owner("PUT", at(&"k".repeat(1025)), "PutObject").body("x"),
        "metadata-too-large" => {
            Trouble::owner("PUT", at("m"), "PutObject").body("x").header("x-amz-meta-long", "x".repeat(2100))
        }
        "invalid-tag" => Trouble::owner("PUT", at("t"), "PutObject").body("x").header("x-amz-tagging", "aws%3Aa=b"),
        "invalid-storage-class" => {
            Trouble::owner("PUT", at("c"), "PutObject").body("x").header("x-amz-storage-class", "COLD")
        }
        "bad-digest" => {
            Trouble::owner("PUT", at("d"), "PutObject").body("x").header("content-md5", md5(b"something else"))
        }
        "acls-off" => Trouble::owner("PUT", at("l"), "PutObject").body("x").header("x-amz-acl", "public-read"),
        "acl-against-ownership" => Trouble::owner("PUT", format!("/{}", server.fresh_name()), "CreateBucket")
            .header("x-amz-acl", "public-read"),
        "malformed-policy" => Trouble::owner("PUT", of("policy"), "PutBucketPolicy").document("{}"),
        "malformed-xml" => {
            let odd = "<CORSConfiguration></CORSConfiguration>";
            Trouble::owner("PUT", of("cors"), "PutBucketCors").document(odd)
        }
        "not-the-owner" => {
            let open = r#"{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"s3:*","Resource":["arn:aws:s3:::BUCKET","arn:aws:s3:::BUCKET/*"]}"#;
            let policy = crate::s3_contract::policy::policy_of(&bucket, open);
            server.s3.put_bucket_policy().bucket(&bucket).policy(policy).send().await.unwrap();
            Trouble::by(second(), "PUT", of("policy"), "PutBucketPolicy").document(&POLICY.replace("BUCKET", &bucket))
        }
        "website-reads-only" => {
            let site = "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>";
            let set = server.ask("PUT", &of("website")).body(site).header("content-md5", &md5(site.as_bytes())).sign();
            assert_eq!(set.send().await.status, 200);
            let port = server.website_port().unwrap();
            Trouble::by(By::Stranger, "PUT", format!("http://127.0.0.1:{port}/x"), "PutObject")
                .body("x")
                .header("host", format!("{bucket}.s3-website.localhost:{port}"))
        }
        "method-not-allowed" => Trouble::owner("POST", at(KEY), "POST"),
        "not-implemented" => Trouble::owner("GET", at(&format!("{KEY}?encryption")), "GET"),
        "invalid-range" => Trouble::owner("GET", at(KEY), "GetObject").header("range", "bytes=9999999-"),
        "precondition-failed" => Trouble::owner("PUT", at(KEY), "PutObject").body("x").header("if-none-match", "*"),
        "not-modified" => {
            let head = server.s3.head_object().bucket(&bucket).key(KEY).send().await.unwrap();
            Trouble::owner("GET", at(KEY), "GetObject").header("if-none-match", head.e_tag().unwrap())
        }
        "invalid-bucket-state" => {
            let locked = server.fresh_name();
            let make = server.s3.create_bucket().bucket(&locked).object_lock_enabled_for_bucket(true);
            make.send().await.unwrap();
            let off = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
            Trouble::owner("PUT", format!("/{locked}?versioning"), "PutBucketVersioning").document(off)
        }
        "log-target" => {
            let log = "<BucketLoggingStatus><LoggingEnabled><TargetBucket>nowhere-at-all-1</TargetBucket>\
                <TargetPrefix></TargetPrefix></LoggingEnabled></BucketLoggingStatus>";
            Trouble::owner("PUT", of("logging"), "PutBucketLogging").document(log)
        }
        "public-policy-blocked" => {
            block(server, &bucket, "P").await;
            Trouble::owner("PUT", of("policy"), "PutBucketPolicy").document(&POLICY.replace("BUCKET", &bucket))
        }
        "access-denied" => Trouble::by(second(), "GET", at(KEY), "GetObject"),
        "wrong-region" => {
            let now = jiff::Timestamp::now();
            let date = now.strftime("%Y%m%d").to_string();
            let scope = format!("{}/{date}/eu-north-1/s3/aws4_request", server.keys.id);
            let said = format!("AWS4-HMAC-SHA256 Credential={scope},SignedHeaders=host;x-amz-date,Signature=0");
            Trouble::by(By::Stranger, "GET", at(KEY), "GetObject")
                .header("authorization", said)
                .header("x-amz-date", now.strftime("%Y%m%dT%H%M%SZ").to_string())
                .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
        }
        other => panic!("no trouble is called {other}"),
    }
}

fn md5(bytes: &[u8]) -> String {
    use md5::Digest as _;
    base64_simd::STANDARD.encode_to_string(md5::Md5::digest(bytes))
}

#[test_case("not-public")]
#[test_case("no-such-key")]
#[test_case("no-such-version")]
#[test_case("no-such-bucket")]
#[test_case("delete-marker")]
#[test_case("marker-has-no-content")]
#[test_case("kms-needs-signature")]
#[test_case("overrides-unsigned")]
#[test_case("archived")]
#[test_case("cors-not-set")]
#[test_case("cors-refused")]
#[test_case("signature-mismatch")]
#[test_case("unknown-access-key")]
#[test_case("clock-skew")]
#[test_case("bad-link")]
#[test_case("link-expired")]
#[test_case("already-yours")]
#[test_case("name-taken")]
#[test_case("invalid-bucket-name")]
#[test_case("location-constraint")]
#[test_case("bucket-not-empty")]
#[test_case("entity-too-small")]
#[test_case("invalid-part")]
#[test_case("invalid-part-order")]
#[test_case("no-such-upload")]
#[test_case("key-too-long")]
#[test_case("metadata-too-large")]
#[test_case("invalid-tag")]
#[test_case("invalid-storage-class")]
#[test_case("bad-digest")]
#[test_case("acls-off")]
#[test_case("acl-against-ownership")]
#[test_case("malformed-policy")]
#[test_case("malformed-xml")]
#[test_case("not-the-owner")]
#[test_case("website-reads-only")]
#[test_case("method-not-allowed")]
#[test_case("not-implemented")]
#[test_case("invalid-range")]
#[test_case("precondition-failed")]
#[test_case("not-modified")]
#[test_case("invalid-bucket-state")]
#[test_case("log-target")]
#[test_case("public-policy-blocked")]
#[test_case("access-denied")]
#[test_case("wrong-region")]
fn a_symptom_of_practice_storage_is_recognised(name: &str) {
    run(async {
        let server = Server::practice().await;
        let trouble = staged(&server, name).await;
        let (symptom, told) = known_as(&server, trouble).await;
        server.clear_away().await;
        let symptom = symptom.unwrap_or_else(|| panic!("nothing is known of {told}"));
        assert_eq!(symptom.as_str(), name, "{told}");
    });
}

/// A server that answers everything with one recorded answer.
async fn recorded(status: u16, content_type: &'static str, body: String) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let body = body.clone();
            tokio::spawn(async move {
                let answer = service_fn(move |_| {
                    let body = body.clone();
                    async move {
                        let answer = http::Response::builder().status(status).header("content-type", content_type);
                        Ok::<_, std::convert::Infallible>(answer.body(Full::new(bytes::Bytes::from(body))).unwrap())
                    }
                });
                http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await.ok();
            });
        }
    });
    endpoint
}

async fn store_at(endpoint: &str) -> brimful::s3::store::Store {
    let server = Server::practice().await;
    let target = Where::Store(StoreTarget {
        preset: "custom".to_owned(),
        endpoint: endpoint.to_owned(),
        region: "us-east-1".to_owned(),
        addressing: Addressing::Path,
        checksums: ChecksumMode::WhenRequired,
        sign_in: SignIn::Keys { access_key_id: server.keys.id.clone(), has_session_token: false },
        public_base_url: None,
    });
    let store = connected(&server, &target).await;
    server.clear_away().await;
    store
}

const WHO: &str = "User: arn:aws:iam::111122223333:user/mo is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" ";

/// Status, code and words as Amazon S3 sends them, through the SDK.
#[test_case(
    403,
    "AccessDenied",
    "WHObecause no identity-based policy allows the s3:GetObject action",
    "no-identity-policy"
)]
#[test_case(
    403,
    "AccessDenied",
    "WHObecause no resource-based policy allows the s3:GetObject action",
    "no-bucket-policy"
)]
#[test_case(403, "AccessDenied", "WHOwith an explicit deny in an identity-based policy", "identity-deny")]
#[test_case(403, "AccessDenied", "WHOwith an explicit deny in a resource-based policy", "bucket-deny")]
#[test_case(403, "AccessDenied", "WHOwith an explicit deny in a service control policy", "organization-deny"; "service control policy")]
#[test_case(403, "AccessDenied", "WHOwith an explicit deny in a resource control policy", "organization-deny"; "resource control policy")]
#[test_case(403, "AccessDenied", "WHOwith an explicit deny in a permissions boundary", "boundary-deny")]
#[test_case(403, "AccessDenied", "WHOwith an explicit deny in a VPC endpoint policy", "vpc-endpoint-deny")]
#[test_case(
    403,
    "AccessDenied",
    "WHObecause public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access",
    "public-acl-blocked"
)]
#[test_case(
    403,
    "AccessDenied",
    "User: arn:aws:iam::111122223333:user/mo is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:111122223333:key/1",
    "kms-denied"
)]
#[test_case(
    403,
    "AccessDenied",
    "There were headers present in the request which were not signed",
    "headers-not-signed"
)]
#[test_case(403, "AccessDenied", "Request is not yet valid", "link-not-yet-valid")]
#[test_case(400, "KMS.DisabledException", "arn:aws:kms:us-east-1:111122223333:key/1 is disabled.", "kms-key-unusable"; "a key that is off")]
#[test_case(400, "KMS.NotFoundException", "Key does not exist", "kms-key-unusable"; "a key that is gone")]
#[test_case(
    400,
    "InvalidRequest",
    "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
    "customer-key-needed"
)]
#[test_case(400, "ExpiredToken", "The provided token has expired.", "expired-token")]
#[test_case(400, "InvalidToken", "The provided token is malformed or otherwise invalid.", "invalid-token")]
#[test_case(403, "InvalidClientTokenId", "The security token included in the request is invalid", "region-off")]
#[test_case(
    307,
    "TemporaryRedirect",
    "Please re-send this request to the specified temporary endpoint.",
    "temporary-redirect"
)]
#[test_case(
    301,
    "PermanentRedirect",
    "The bucket you are attempting to access must be addressed using the specified endpoint.",
    "wrong-region"
)]
#[test_case(
    409,
    "OperationAborted",
    "A conflicting conditional operation is currently in progress against this resource.",
    "operation-aborted"
)]
#[test_case(400, "TooManyBuckets", "You have attempted to create more buckets than allowed.", "too-many-buckets")]
#[test_case(503, "SlowDown", "Please reduce your request rate.", "slow-down")]
#[test_case(500, "InternalError", "We encountered an internal error. Please try again.", "server-error")]
#[test_case(
    400,
    "RequestTimeout",
    "Your socket connection to the server was not read from or written to within the timeout period.",
    "request-timeout"
)]
#[test_case(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", "entity-too-large")]
#[test_case(
    400,
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header.",
    "incomplete-body"
)]
#[test_case(411, "MissingContentLength", "You must provide the Content-Length HTTP header.", "missing-content-length")]
#[test_case(409, "RestoreAlreadyInProgress", "Object restore is already in progress", "restore-in-progress")]
#[test_case(
    409,
    "ConditionalRequestConflict",
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
    "conditional-conflict"
)]
#[test_case(
    400,
    "InvalidRequest",
    "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
    "versioning-needed"
)]
#[test_case(403, "CrossLocationLoggingProhibited", "Cross S3 location logging not allowed. ", "log-target"; "a log in another region")]
#[test_case(403, "AllAccessDisabled", "All access to this object has been disabled", "account-state"; "an account that is shut")]
#[test_case(403, "NotSignedUp", "Your account is not signed up for the Amazon S3 service.", "account-state"; "an account that is not signed up")]
#[test_case(400, "InvalidRequest", "Something else is wrong", "invalid-request")]
#[test_case(
    501,
    "NotImplemented",
    "A header you provided implies functionality that is not implemented.",
    "not-implemented"
)]
fn a_recorded_answer_is_recognised(status: u16, code: &str, words: &str, name: &str) {
    run(async {
        let words = words.replace("WHO", WHO).replace('<', "&lt;").replace('"', "&quot;");
        let document = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{words}</Message></Error>");
        let store = store_at(&recorded(status, "application/xml", document).await).await;
        let error = brimful::s3::object::get_object(&store, "b", "k", None, 10).await.unwrap_err();
        let symptom = error.symptom(true).unwrap_or_else(|| panic!("nothing is known of {error:?}"));
        assert_eq!(symptom.as_str(), name, "{error:?}");
    });
}

#[test]
fn a_web_page_in_place_of_a_store_is_recognised() {
    run(async {
        let page = "<!DOCTYPE html><html><body>Welcome to the console</body></html>".to_owned();
        let store = store_at(&recorded(404, "text/html", page).await).await;
        let error = brimful::s3::object::get_object(&store, "b", "k", None, 10).await.unwrap_err();
        assert_eq!(error.symptom(true), Some(Symptom::NotAStore), "{error:?}");
    });
}

#[test_case("http://127.0.0.1:1", Symptom::NothingListens; "a port that nobody has")]
#[test_case("http://no-such-host.invalid", Symptom::UnknownHost; "a host that nobody has")]
fn silence_is_recognised(endpoint: &str, symptom: Symptom) {
    run(async {
        let question = brimful::s3::probe::Question::get(&format!("{endpoint}/b/k"), 10);
        let error = brimful::s3::probe::probe(&question).await.unwrap_err();
        assert_eq!(error.symptom(false), Some(symptom), "{error:?}");
    });
}

/// Somebody of the account without any permission is told what is missing, and gets a message for whoever can help.
#[test]
fn a_refused_request_tells_what_would_allow_it() {
    use brimful::domain::check::why_refused;
    run(async {
        let words = format!("{WHO}because no identity-based policy allows the s3:GetObject action");
        let words = words.replace('"', "&quot;");
        let document =
            format!("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>{words}</Message></Error>");
        let store = store_at(&recorded(403, "application/xml", document).await).await;
        let error = brimful::s3::object::get_object(&store, "b", "k", None, 10).await.unwrap_err();
        let request = error.refused_request(None, true, "us-east-1").unwrap();
        let why = why_refused(&request);
        assert_eq!(why.symptom, Symptom::NoIdentityPolicy);
        assert_eq!(why.sentence, "No policy of the sign-in allows it: s3:GetObject on b");
        let statement: serde_json::Value = serde_json::from_str(&why.identity_statement.unwrap()).unwrap();
        assert_eq!(
            statement,
            serde_json::json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k" })
        );
        assert_eq!(why.bucket_statement, None, "no policy of the bucket is what is missing");
        for part in
            ["GetObject is refused to me on s3://b/k", "user/mo", "This statement in a policy of the user or role"]
        {
            assert!(why.message.contains(part), "{part} is not in\n{}", why.message);
        }
    });
}
