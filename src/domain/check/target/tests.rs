use super::*;
use crate::domain::object_key::encode_path;
use proptest::prelude::*;
use test_case::test_case;

const AMAZON: Context<'static> = Context { endpoint: None, public_base_url: None, bucket: Some("acme") };
const LOCAL: Context<'static> =
    Context { endpoint: Some("http://127.0.0.1:9000"), public_base_url: None, bucket: Some("acme") };
const R2: Context<'static> = Context {
    endpoint: Some("https://abc.r2.cloudflarestorage.com"),
    public_base_url: Some("https://img.example.com"),
    bucket: Some("acme"),
};
const WASABI: Context<'static> =
    Context { endpoint: Some("https://s3.eu-central-1.wasabisys.com"), public_base_url: None, bucket: None };

/// Bucket, key, and region where one is named: `bucket|key|region`.
fn place(target: &Target) -> String {
    let spot = target.spot.as_ref();
    let bucket = spot.map_or("-", |spot| spot.bucket.as_str());
    let key = spot.map_or("-", |spot| spot.key.as_str());
    format!("{bucket}|{key}|{}", target.region.as_deref().unwrap_or("-"))
}

#[test_case("photos/lake.jpg", "acme|photos/lake.jpg|-", Named::Key; "a key in the open bucket")]
#[test_case("a b+c.jpg", "acme|a b+c.jpg|-", Named::Key; "a key with a blank and a plus")]
#[test_case("v1.2/lake.jpg", "acme|v1.2/lake.jpg|-", Named::Key; "a folder with a dot is no host")]
#[test_case("\u{feff}lake.jpg\n", "acme|lake.jpg|-", Named::Key; "what was copied along")]
#[test_case("s3://other/photos/a b.jpg", "other|photos/a b.jpg|-", Named::S3Uri; "an s3 address")]
#[test_case("S3://other/a.jpg", "other|a.jpg|-", Named::S3Uri; "an s3 address in capitals")]
#[test_case("s3a://other/a.jpg", "other|a.jpg|-", Named::S3Uri; "an s3 address of hadoop")]
#[test_case("s3://other//a.jpg", "other|/a.jpg|-", Named::S3Uri; "a key that begins with a slash")]
#[test_case("s3://arn:aws:s3:::other/a.jpg", "other|a.jpg|-", Named::Arn; "an arn behind s3")]
#[test_case("arn:aws:s3:::other/photos/a.jpg", "other|photos/a.jpg|-", Named::Arn; "an arn")]
#[test_case("arn:aws-cn:s3:::other/a.jpg", "other|a.jpg|-", Named::Arn; "an arn of china")]
#[test_case("https://s3.console.aws.amazon.com/s3/object/other?region=eu-west-1&prefix=photos/a%20b.jpg", "other|photos/a b.jpg|eu-west-1", Named::Console; "a page of the console")]
#[test_case("https://eu-west-1.console.aws.amazon.com/s3/object/other?region=eu-west-1&bucketType=general&prefix=a+b.jpg", "other|a b.jpg|eu-west-1", Named::Console; "a page of the newer console")]
#[test_case("https://console.amazonaws.cn/s3/object/other?prefix=a.jpg", "other|a.jpg|-", Named::Console; "a page of the console of china")]
#[test_case("https://us-east-1.console.aws.amazon.com/s3/buckets/other?prefix=a.jpg", "other|a.jpg|-", Named::Console; "a page about a bucket with a prefix")]
#[test_case("https://other.s3.eu-west-1.amazonaws.com/photos/a%20b.jpg", "other|photos/a b.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "virtual hosted")]
#[test_case("HTTPS://OTHER.S3.EU-WEST-1.AMAZONAWS.COM/A.jpg", "other|A.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "a host in capitals")]
#[test_case("other.s3.eu-west-1.amazonaws.com/a.jpg", "other|a.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "as browsers show it")]
#[test_case("https://s3.eu-west-1.amazonaws.com/other/a.jpg", "other|a.jpg|eu-west-1", Named::Url(Form::PathStyle); "path style")]
#[test_case("https://s3-eu-west-1.amazonaws.com/other/a.jpg", "other|a.jpg|eu-west-1", Named::Url(Form::PathStyle); "path style with a dash")]
#[test_case("https://s3.amazonaws.com/other/a.jpg", "other|a.jpg|-", Named::Url(Form::PathStyle); "path style without a region")]
#[test_case("https://other.s3.amazonaws.com/a.jpg", "other|a.jpg|-", Named::Url(Form::LegacyGlobal); "the host of old")]
#[test_case("https://other.s3-us-west-2.amazonaws.com/a.jpg", "other|a.jpg|us-west-2", Named::Url(Form::VirtualHosted); "a dash before the region")]
#[test_case("https://other.s3.dualstack.eu-west-1.amazonaws.com/a.jpg", "other|a.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "dual stack")]
#[test_case("https://other.s3-fips.us-east-1.amazonaws.com/a.jpg", "other|a.jpg|us-east-1", Named::Url(Form::VirtualHosted); "fips")]
#[test_case("https://s3-fips.dualstack.us-gov-west-1.amazonaws.com/other/a.jpg", "other|a.jpg|us-gov-west-1", Named::Url(Form::PathStyle); "fips, dual stack, gov")]
#[test_case("https://other.s3-accelerate.amazonaws.com/a.jpg", "other|a.jpg|-", Named::Url(Form::Accelerate); "accelerated")]
#[test_case("https://other.s3-accelerate.dualstack.amazonaws.com/a.jpg", "other|a.jpg|-", Named::Url(Form::Accelerate); "accelerated, dual stack")]
#[test_case("https://other.s3.cn-north-1.amazonaws.com.cn/a.jpg", "other|a.jpg|cn-north-1", Named::Url(Form::VirtualHosted); "china")]
#[test_case("https://other.s3.eusc-de-east-1.amazonaws.eu/a.jpg", "other|a.jpg|eusc-de-east-1", Named::Url(Form::VirtualHosted); "the sovereign cloud")]
#[test_case("http://other.s3-website-us-east-1.amazonaws.com/a.jpg", "other|a.jpg|us-east-1", Named::Url(Form::Website); "a website with a dash")]
#[test_case("http://other.s3-website.eu-central-1.amazonaws.com/", "other||eu-central-1", Named::Url(Form::Website); "the root of a website")]
#[test_case("https://www.example.com.s3.eu-west-1.amazonaws.com/a.jpg", "www.example.com|a.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "a bucket with dots")]
#[test_case("https://cdn.example.com/a.jpg", "-|-|-", Named::OtherHost; "a host that is not known")]
#[test_case("https://d111.cloudfront.net/a.jpg", "-|-|-", Named::OtherHost; "a distribution")]
#[test_case("https://acme.s3.eu-central-1.wasabisys.com/a.jpg", "-|-|-", Named::OtherHost; "another store")]
#[test_case("<img src=\"https://other.s3.eu-west-1.amazonaws.com/a.jpg\" alt=\"\">", "other|a.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "html")]
#[test_case("url('https://other.s3.eu-west-1.amazonaws.com/a.jpg')", "other|a.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "css")]
#[test_case("![lake](https://other.s3.eu-west-1.amazonaws.com/a.jpg)", "other|a.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "markdown")]
#[test_case("curl -I 'https://other.s3.eu-west-1.amazonaws.com/a.jpg'", "other|a.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "a call of curl")]
#[test_case("\"https://other.s3.eu-west-1.amazonaws.com/a.jpg\"", "other|a.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "in quotes")]
#[test_case("https://other.s3.eu-west-1.amazonaws.com/a.jpg?versionId=v1", "other|a.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "a version")]
#[test_case("https://other.s3.eu-west-1.amazonaws.com/a%2Fb.jpg", "other|a/b.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "an encoded slash")]
#[test_case("https://other.s3.eu-west-1.amazonaws.com/my%2520lake.jpg", "other|my%20lake.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "encoded twice")]
#[test_case("https://other.s3.eu-west-1.amazonaws.com/caf%C3%A9.jpg", "other|café.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "encoded letters")]
#[test_case("https://other.s3.eu-west-1.amazonaws.com/café.jpg", "other|café.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "letters that are not encoded")]
#[test_case("https://other.s3.eu-west-1.amazonaws.com/a/../b.jpg", "other|b.jpg|eu-west-1", Named::Url(Form::VirtualHosted); "dots, as a browser resolves them")]
fn texts_lead_to_files_of_amazon(text: &str, expected: &str, named: Named) {
    let target = Target::parse(text, &AMAZON).unwrap();
    assert_eq!((place(&target).as_str(), target.named), (expected, named));
}

#[test_case(LOCAL, "http://127.0.0.1:9000/other/a%20b.jpg", "other|a b.jpg|-", Named::Url(Form::PathStyle); "the endpoint")]
#[test_case(LOCAL, "http://localhost:9000/other/a.jpg", "other|a.jpg|-", Named::Url(Form::PathStyle); "the endpoint by its name")]
#[test_case(LOCAL, "http://other.localhost:9000/a.jpg", "other|a.jpg|-", Named::Url(Form::VirtualHosted); "a bucket before localhost")]
#[test_case(LOCAL, "http://other.s3-website.localhost:9000/", "other||-", Named::Url(Form::Website); "a website of practice storage")]
#[test_case(LOCAL, "http://other.s3-website.localhost:9100/a.html", "other|a.html|-", Named::Url(Form::Website); "a website has a port of its own")]
#[test_case(LOCAL, "localhost:9000/other/a.jpg", "other|a.jpg|-", Named::Url(Form::PathStyle); "without a scheme")]
#[test_case(LOCAL, "http://127.0.0.1:9001/other/a.jpg", "-|-|-", Named::OtherHost; "another port")]
#[test_case(LOCAL, "https://other.s3.eu-west-1.amazonaws.com/a.jpg", "-|-|-", Named::OtherHost; "amazon, seen from another store")]
#[test_case(R2, "https://abc.r2.cloudflarestorage.com/other/a.jpg", "other|a.jpg|-", Named::Url(Form::PathStyle); "the endpoint of R2")]
#[test_case(R2, "https://img.example.com/photos/a%20b.jpg", "acme|photos/a b.jpg|-", Named::Url(Form::PublicHost); "the public address")]
#[test_case(R2, "http://IMG.example.com/a.jpg?v=2", "acme|a.jpg|-", Named::Url(Form::PublicHost); "the public address, otherwise written")]
#[test_case(WASABI, "https://other.s3.wasabisys.com/a.jpg", "other|a.jpg|-", Named::Url(Form::VirtualHosted); "another host of the provider")]
#[test_case(WASABI, "https://s3.eu-central-1.wasabisys.com/other/a.jpg", "other|a.jpg|-", Named::Url(Form::PathStyle); "the provider's endpoint")]
#[test_case(WASABI, "other/photos/a.jpg", "other|photos/a.jpg|-", Named::Key; "bucket and key where none is open")]
fn texts_lead_to_files_of_other_stores(context: Context<'_>, text: &str, expected: &str, named: Named) {
    let target = Target::parse(text, &context).unwrap();
    assert_eq!((place(&target).as_str(), target.named), (expected, named));
}

#[test_case("", "Type a key, an s3:// address, a URL, or the line of a browser’s console"; "nothing")]
#[test_case("  \n", "Type a key, an s3:// address, a URL, or the line of a browser’s console"; "blanks")]
#[test_case("s3://other", "This names the bucket other, not a file in it"; "a bucket")]
#[test_case("s3:///a.jpg", "The address names no bucket"; "no bucket")]
#[test_case("https://other.s3.eu-west-1.amazonaws.com/", "This names the bucket other, not a file in it"; "the address of a bucket")]
#[test_case("arn:aws:s3:::other/*", "A pattern with * names no single file"; "a pattern")]
#[test_case("arn:aws:iam::111122223333:user/mo", "This ARN belongs to iam, not to S3"; "another service")]
#[test_case("ftp://other/a.jpg", "An address begins with https://, http:// or s3://"; "another scheme")]
#[test_case("https://s3.eu-west-1.amazonaws.com/", "The address names no bucket"; "the host alone")]
#[test_case("https://other.s3.eu-west-1.amazonaws.com/%FF", "The address holds bytes that are no text"; "no text")]
fn texts_that_name_nothing_say_what_would(text: &str, words: &str) {
    assert_eq!(Target::parse(text, &AMAZON).unwrap_err().to_string(), words);
}

#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/my%2520lake.jpg", &[Remark::DoubleEncoded]; "encoded twice")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/my+lake.jpg", &[Remark::Plus]; "a plus")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/my lake.jpg", &[Remark::NotEncoded("blank".into())]; "a raw blank")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/caf\u{e9}.jpg", &[Remark::NotEncoded("\u{e9}".into())]; "raw letters")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/a.jpg#top", &[Remark::Fragment("#top".into())]; "a fragment")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/what?.jpg", &[Remark::Query("?.jpg".into())]; "a question mark in the name")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/a.jpg?v=2", &[Remark::Query("?v=2".into())]; "a parameter of a site")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/x/../a.jpg", &[Remark::DotSegments]; "dots")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/x\\a.jpg", &[Remark::Backslash]; "a backslash")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/a.jpg%20", &[Remark::BlankAtEnd]; "a blank at the end")]
#[test_case("http://b-1.s3.eu-west-1.amazonaws.com/a.jpg", &[Remark::PlainHttp]; "plain http")]
#[test_case("https://a.b.s3.eu-west-1.amazonaws.com/a.jpg", &[Remark::DottedHost]; "dots in the bucket")]
#[test_case("https://b-1.s3.amazonaws.com/a.jpg", &[Remark::LegacyHost]; "no region")]
#[test_case("https://b-1.s3-accelerate.amazonaws.com/a.jpg", &[Remark::Accelerate]; "accelerated")]
#[test_case("http://b-1.s3-website-us-east-1.amazonaws.com/a.jpg", &[Remark::Website]; "a website")]
#[test_case("https://mo:secret@b-1.s3.eu-west-1.amazonaws.com/a.jpg", &[Remark::UserInfo]; "a name and a password")]
#[test_case("s3://b-1/my%20lake.jpg", &[Remark::EncodedInS3Uri]; "an encoded s3 address")]
#[test_case("https://cdn.example.com:8443/a.jpg?v=2", &[Remark::OtherHost("cdn.example.com".into())]; "another host")]
#[test_case("https://acme.s3.eu-central-1.wasabisys.com/a.jpg", &[Remark::OtherStore("acme.s3.eu-central-1.wasabisys.com".into())]; "another store")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/a.jpg?versionId=v1&response-content-type=x", &[]; "what S3 knows")]
fn oddities_are_noticed(text: &str, expected: &[Remark]) {
    let target = Target::parse(text, &AMAZON).unwrap();
    assert_eq!(target.remarks, expected);
    assert!(target.remarks.iter().all(|remark| !remark.sentence().ends_with('.')));
}

#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/my lake.jpg#x", "https://b-1.s3.eu-west-1.amazonaws.com/my%20lake.jpg"; "a blank and a fragment")]
#[test_case("https://B-1.s3.eu-west-1.amazonaws.com/a//b/./c/../d.jpg", "https://b-1.s3.eu-west-1.amazonaws.com/a//b/d.jpg"; "dots and empty folders")]
#[test_case("https://b-1.s3.eu-west-1.amazonaws.com/a%2520b.jpg", "https://b-1.s3.eu-west-1.amazonaws.com/a%2520b.jpg"; "what is encoded stays")]
#[test_case("http://u:p@b-1.s3.eu-west-1.amazonaws.com/é.jpg?x=é", "http://b-1.s3.eu-west-1.amazonaws.com/%C3%A9.jpg?x=%C3%A9"; "letters")]
fn addresses_are_asked_as_a_browser_asks(text: &str, url: &str) {
    assert_eq!(Target::parse(text, &AMAZON).unwrap().url(), Some(url));
}

const U: &str = "https://acme.s3.eu-west-1.amazonaws.com/a.jpg";

#[test_case("Access to image at 'U' from origin 'https://shop.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.", Some("https://shop.example"), BrowserSaid::CorsBlocked; "chromium, no header")]
#[test_case("Access to fetch at 'U' from origin 'http://localhost:4200' has been blocked by CORS policy: Response to preflight request doesn't pass access control check", Some("http://localhost:4200"), BrowserSaid::PreflightFailed; "chromium, preflight")]
#[test_case("Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at U. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 403.", None, BrowserSaid::CorsBlocked; "firefox")]
#[test_case("Origin https://shop.example is not allowed by Access-Control-Allow-Origin. Status code: 403 U", Some("https://shop.example"), BrowserSaid::CorsBlocked; "safari")]
#[test_case("GET U 403 (Forbidden)", None, BrowserSaid::Status(403); "chromium, a status")]
#[test_case("lake.js:12 GET U 404 (Not Found)", None, BrowserSaid::Status(404); "chromium, with the script before it")]
#[test_case("Failed to load resource: the server responded with a status of 403 (Forbidden) U", None, BrowserSaid::Status(403); "safari, a status")]
#[test_case("GET U [HTTP/2 403  71ms]", None, BrowserSaid::Status(403); "firefox, a status")]
#[test_case("GET U net::ERR_NAME_NOT_RESOLVED", None, BrowserSaid::UnknownHost; "no such host")]
#[test_case("GET U net::ERR_CERT_COMMON_NAME_INVALID", None, BrowserSaid::Certificate; "certificate")]
#[test_case("GET U net::ERR_CONNECTION_REFUSED", None, BrowserSaid::NoConnection; "refused")]
#[test_case("GET U net::ERR_BLOCKED_BY_ORB", None, BrowserSaid::WrongType; "opaque response blocking")]
#[test_case("GET U net::ERR_BLOCKED_BY_CLIENT", None, BrowserSaid::HeldBack; "an extension")]
#[test_case("GET U net::ERR_HTTP2_PROTOCOL_ERROR 200", None, BrowserSaid::Other("net::ERR_HTTP2_PROTOCOL_ERROR".into()); "something else")]
#[test_case("Refused to load the image 'U' because it violates the following Content Security Policy directive: \"img-src 'self'\".", None, BrowserSaid::ContentSecurityPolicy; "the page's own policy")]
#[test_case("Mixed Content: The page at 'https://shop.example/x' was loaded over HTTPS, but requested an insecure element 'U'.", Some("https://shop.example"), BrowserSaid::MixedContent; "mixed content")]
fn lines_of_a_console_are_read(line: &str, origin: Option<&str>, said: BrowserSaid) {
    let target = Target::parse(&line.replace('U', U), &AMAZON).unwrap();
    assert_eq!(place(&target), "acme|a.jpg|eu-west-1");
    assert_eq!(target.origin(), origin);
    assert_eq!(target.page.and_then(|page| page.said), Some(said));
}

const SIGNED: &str = "https://acme.s3.eu-west-1.amazonaws.com/a.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260302%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260302T100000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=abc";

#[test]
fn a_signed_link_tells_who_signed_it_and_until_when() {
    let target = Target::parse(SIGNED, &AMAZON).unwrap();
    let link = target.link.clone().unwrap();
    assert_eq!(
        (link.kind, link.key_id.as_deref(), link.region.as_deref()),
        (LinkKind::V4, Some("AKIDEXAMPLE"), Some("eu-west-1"))
    );
    assert_eq!(link.expires, "2026-03-02T11:00:00Z".parse().ok());
    assert!(
        link.is_over("2026-03-02T11:00:01Z".parse().unwrap()) && !link.is_over("2026-03-02T10:59:59Z".parse().unwrap())
    );
    assert!(link.is_from_the_future("2026-03-02T09:40:00Z".parse().unwrap()));
    assert!(link.broken.is_empty() && link.wanted_headers().is_empty() && !link.by_session);
    assert!(target.url().unwrap().contains("X-Amz-Signature=abc"), "it is asked whole");
    assert_eq!(target.shown_url().unwrap(), "https://acme.s3.eu-west-1.amazonaws.com/a.jpg?…");
    assert!(!format!("{target:?}").contains("abc"), "and never printed so");
}

#[test_case("X-Amz-Date=20260302T100000Z", "X-Amz-Date=2026", &["Date"]; "a date that is none")]
#[test_case("&X-Amz-Expires=3600", "", &["Expires"]; "no end")]
#[test_case("X-Amz-Expires=3600", "X-Amz-Expires=604801", &["Expires"]; "more than a week")]
#[test_case("&X-Amz-Signature=abc", "", &["Signature"]; "cut off")]
fn broken_links_are_noticed(part: &str, instead: &str, broken: &[&str]) {
    let target = Target::parse(&SIGNED.replace(part, instead), &AMAZON).unwrap();
    assert_eq!(target.link.unwrap().broken, broken);
}

#[test_case("?AWSAccessKeyId=AKID&Expires=1772445600&Signature=x%3D", LinkKind::V2, Some("AKID"); "version 2")]
#[test_case("?Expires=1772445600&Signature=x&Key-Pair-Id=K1", LinkKind::CloudFront, Some("K1"); "cloudfront")]
#[test_case("?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=me%2F20260302%2Fauto%2Fstorage%2Fgoog4_request&X-Goog-Date=20260302T100000Z&X-Goog-Expires=60&X-Goog-SignedHeaders=host&X-Goog-Signature=1", LinkKind::Google, Some("me"); "google")]
fn other_signatures_are_known(query: &str, kind: LinkKind, key: Option<&str>) {
    let target = Target::parse(&format!("https://acme.s3.eu-west-1.amazonaws.com/a.jpg{query}"), &AMAZON).unwrap();
    let link = target.link.unwrap();
    assert_eq!((link.kind, link.key_id.as_deref()), (kind, key));
    assert!(link.expires.is_some());
}

#[test]
fn versions_and_overrides_are_told_apart_from_names() {
    let url = "https://acme.s3.eu-west-1.amazonaws.com/a.jpg?versionId=v%2B1&response-content-type=text%2Fplain";
    let target = Target::parse(url, &AMAZON).unwrap();
    assert_eq!((target.version_id.as_deref(), target.overrides_response), (Some("v+1"), true));
}

proptest! {
    /// What is pasted may be anything.
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,120}") {
        let _ = Target::parse(&text, &AMAZON);
        let _ = Target::parse(&text, &LOCAL);
    }

    /// The address of a file leads back to it.
    #[test]
    fn the_address_of_a_file_leads_to_it(key in "[ -~é日/]{1,40}") {
        prop_assume!(key.split('/').all(|part| part != "." && part != ".."));
        for base in ["https://acme.s3.eu-west-1.amazonaws.com", "https://s3.eu-west-1.amazonaws.com/acme"] {
            let target = Target::parse(&format!("{base}/{}", encode_path(&key)), &AMAZON).unwrap();
            let spot = target.spot.unwrap();
            prop_assert_eq!((spot.bucket.as_str(), &spot.key), ("acme", &key));
        }
    }
}
