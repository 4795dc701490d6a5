//! CORS: which configurations are kept, and what browsers hear.

use test_case::test_case;

use super::configuration::put_document;
use super::raw::Answer;
use super::{Server, everywhere};

fn configuration(rules: &[&str]) -> String {
    let rules: String = rules.iter().map(|rule| format!("<CORSRule>{rule}</CORSRule>")).collect();
    format!("<CORSConfiguration>{rules}</CORSConfiguration>")
}

fn elements(name: &str, values: &[&str]) -> String {
    values.iter().map(|value| format!("<{name}>{value}</{name}>")).collect()
}

/// One rule of origins, methods and allowed headers, and whatever else.
fn rule(origins: &[&str], methods: &[&str], headers: &[&str], more: &str) -> String {
    let (origins, methods) = (elements("AllowedOrigin", origins), elements("AllowedMethod", methods));
    format!("{origins}{methods}{}{more}", elements("AllowedHeader", headers))
}

async fn bucket_with(server: &Server, rule: &str) -> String {
    let bucket = server.bucket().await;
    let answer = put_document(server, &bucket, "cors", &configuration(&[rule])).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    bucket
}

/// What a browser asks before the real request.
async fn preflight(server: &Server, bucket: &str, origin: &str, method: &str, headers: &str) -> Answer {
    let mut ask = server.ask("OPTIONS", &format!("/{bucket}/k")).header("origin", origin);
    if !method.is_empty() {
        ask = ask.header("access-control-request-method", method);
    }
    if !headers.is_empty() {
        ask = ask.header("access-control-request-headers", headers);
    }
    ask.send().await
}

const ANY: (&[&str], &[&str]) = (&["*"], &["GET"]);

#[test_case(&configuration(&[]), "MalformedXML"; "c1 no rules")]
#[test_case(&configuration(&[&elements("AllowedMethod", &["GET"])]), "MalformedXML"; "c2 no origin")]
#[test_case(&configuration(&[&elements("AllowedOrigin", &["*"])]), "MalformedXML"; "c2 no method")]
#[test_case(&configuration(&[&rule(&["*"], &["OPTIONS"], &[], "")]), "InvalidRequest"; "c3 options")]
#[test_case(&configuration(&[&rule(&["*"], &["get"], &[], "")]), "InvalidRequest"; "c3 small letters")]
#[test_case(&configuration(&[&rule(&["https://*.ex.com", "http://localhost:*"], &["GET"], &[], "")]), ""; "c4 a star each")]
#[test_case(&configuration(&[&rule(&["https://*.*.com"], &["GET"], &[], "")]), "InvalidRequest"; "c4 two stars")]
#[test_case(&configuration(&[&rule(ANY.0, ANY.1, &["x-*-*"], "")]), "InvalidRequest"; "c5 two stars in a header")]
#[test_case(&configuration(&[&rule(ANY.0, ANY.1, &[], "<ExposeHeader>x-amz-*</ExposeHeader>")]), "InvalidRequest"; "c6 an exposed star")]
#[test_case(&configuration(&[&rule(ANY.0, ANY.1, &[], "<MaxAgeSeconds>0</MaxAgeSeconds>")]), ""; "c8 zero seconds")]
fn only_sound_configurations_are_kept(document: &str, code: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let answer = put_document(server, &bucket, "cors", document).await;
        assert_eq!(answer.code(), code, "{}", answer.text);
        let kept = server.ask("GET", &format!("/{bucket}?cors")).sign().send().await;
        assert_eq!(kept.code(), if code.is_empty() { "" } else { "NoSuchCORSConfiguration" });
    });
}

#[test]
fn a_hundred_rules_are_kept_and_one_more_is_not() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let one = rule(ANY.0, ANY.1, &[], "");
        let most = put_document(server, &bucket, "cors", &configuration(&[one.as_str(); 100])).await;
        assert_eq!(most.code(), "");
        let more = put_document(server, &bucket, "cors", &configuration(&[one.as_str(); 101])).await;
        assert_eq!(more.code(), "MalformedXML");
    });
}

#[test]
fn deleting_what_is_not_there_succeeds() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let deleted = server.ask("DELETE", &format!("/{bucket}?cors")).sign().send().await;
        assert_eq!(deleted.status, 204, "{}", deleted.text);
    });
}

#[test]
fn a_preflight_names_its_origin() {
    everywhere(async |server| {
        let bucket = bucket_with(server, &rule(ANY.0, ANY.1, &[], "")).await;
        let ask = server.ask("OPTIONS", &format!("/{bucket}/k")).header("referer", "https://localhost:4200");
        let answer = ask.send().await;
        assert_eq!((answer.status, answer.code()), (400, "BadRequest"));
    });
}

#[test]
fn a_bucket_without_rules_refuses_every_preflight() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        for (bucket, method) in [(bucket.as_str(), "PUT"), (&bucket, ""), ("brimful-no-such-bucket-3f9a", "GET")] {
            let answer = preflight(server, bucket, "https://localhost:4200", method, "").await;
            assert_eq!((answer.status, answer.code()), (403, "AccessForbidden"), "{bucket} {method}");
        }
    });
}

#[test_case("https://localhost:4200", "https://localhost:4200", "PUT", &[], "", 200; "m5 the same origin")]
#[test_case("https://localhost:4200", "http://localhost:4200", "PUT", &[], "", 403; "m6 another scheme")]
#[test_case("*", "https://anyone", "PUT", &[], "", 200; "m7 anyone")]
#[test_case("http://*.origin.com", "http://test.origin.com", "PUT", &[], "", 200; "m8 a star")]
#[test_case("http://*.origin.com", "http://test.origin.com/", "PUT", &[], "", 403; "m9 a slash at the end")]
#[test_case("*", "https://anyone", "DELETE", &[], "", 403; "m10 another method")]
#[test_case("*", "https://anyone", "GET", &["*"], "x-amz-request-payer, x-amz-expected-bucket-owner", 200; "m11 any header")]
#[test_case("*", "https://anyone", "GET", &["content-type"], "x-amz-request-payer", 403; "m12 another header")]
#[test_case("*", "https://anyone", "GET", &["x-AMZ-server-SIDE-encryption"], "x-amz-server-side-encryption", 200; "m13 letters of either case")]
#[test_case("*", "https://anyone", "GET", &[], "x-amz-request-payer", 403; "m14 no headers allowed")]
fn a_preflight_is_answered_by_the_first_rule_that_fits(
    allowed: &str,
    origin: &str,
    method: &str,
    headers: &[&str],
    asked: &str,
    status: u16,
) {
    everywhere(async |server| {
        let age = "<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>3000</MaxAgeSeconds>";
        let bucket = bucket_with(server, &rule(&[allowed], &["GET", "PUT"], headers, age)).await;
        let answer = preflight(server, &bucket, origin, method, asked).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        if status == 403 {
            assert_eq!(answer.code(), "AccessForbidden");
            return;
        }
        let (shown, credentials) = if allowed == "*" { ("*", "") } else { (origin, "true") };
        assert_eq!(answer.header("access-control-allow-origin"), shown);
        assert_eq!(answer.header("access-control-allow-credentials"), credentials);
        assert_eq!(answer.header("access-control-allow-methods"), "GET, PUT");
        assert_eq!(answer.header("access-control-max-age"), "3000");
        assert_eq!(answer.header("access-control-expose-headers"), "ETag");
        assert_eq!(answer.header("access-control-allow-headers"), asked);
    });
}

#[test]
fn without_an_age_none_is_told() {
    everywhere(async |server| {
        let bucket = bucket_with(server, &rule(ANY.0, ANY.1, &[], "")).await;
        let answer = preflight(server, &bucket, "https://anyone", "GET", "").await;
        assert_eq!((answer.status, answer.header("access-control-max-age")), (200, ""));
    });
}

#[test]
fn requests_of_other_origins_are_answered_without_cors_headers() {
    everywhere(async |server| {
        let exposed = "<ExposeHeader>ETag</ExposeHeader>";
        let bucket = bucket_with(server, &rule(&["https://mine"], &["GET"], &[], exposed)).await;
        server.put(&bucket, "k", b"hello").await;
        let path = format!("/{bucket}/k");
        let other = server.ask("GET", &path).header("origin", "https://other").sign().send().await;
        assert_eq!((other.status, other.text.as_str()), (200, "hello"));
        assert_eq!(other.header("access-control-allow-origin"), "");
        let mine = server.ask("GET", &path).header("origin", "https://mine").sign().send().await;
        assert_eq!(mine.header("access-control-allow-origin"), "https://mine");
        assert_eq!(mine.header("access-control-expose-headers"), "ETag");
        let put = server.ask("PUT", &path).header("origin", "https://mine").body("x").sign().send().await;
        assert_eq!((put.status, put.header("access-control-allow-origin")), (200, ""));
    });
}
