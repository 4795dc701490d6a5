//! Websites of practice storage, visited as a browser does.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::types::{
    Condition, ErrorDocument, IndexDocument, Redirect, RedirectAllRequestsTo, RoutingRule, WebsiteConfiguration,
};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client as Plain;
use hyper_util::rt::TokioExecutor;

use crate::practice_support::{Answer, Practice};

/// The bucket as a site that everyone may read.
async fn site(name: &str, configuration: WebsiteConfiguration) -> Practice {
    let practice = Practice::start().await;
    practice.bucket(name).await;
    practice.s3.delete_public_access_block().bucket(name).send().await.unwrap();
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{name}/*"}}]}}"#
    );
    practice.s3.put_bucket_policy().bucket(name).policy(policy).send().await.unwrap();
    practice.s3.put_bucket_website().bucket(name).website_configuration(configuration).send().await.unwrap();
    practice
}

fn index() -> IndexDocument {
    IndexDocument::builder().suffix("index.html").build().unwrap()
}

fn plain() -> WebsiteConfiguration {
    WebsiteConfiguration::builder().index_document(index()).build()
}

async fn page(practice: &Practice, name: &str, key: &str, text: &str) {
    let call = practice.s3.put_object().bucket(name).key(key).content_type("text/html");
    call.body(text.as_bytes().to_vec().into()).send().await.unwrap();
}

/// A visit at `http://BUCKET.s3-website.localhost:PORT/PATH`; the name leads to this computer.
async fn visit(practice: &Practice, method: &str, bucket: &str, path: &str) -> Answer {
    let endpoint = practice.server.website_endpoint();
    let port = endpoint.rsplit_once(':').unwrap().1;
    let request = http::Request::builder()
        .method(method)
        .uri(format!("http://127.0.0.1:{port}{path}"))
        .header("host", format!("{bucket}.s3-website.localhost:{port}"));
    let client = Plain::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request.body(Empty::<bytes::Bytes>::new()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_show_their_index_document() {
    let practice = site("pages", plain()).await;
    page(&practice, "pages", "index.html", "<h1>home</h1>").await;
    page(&practice, "pages", "a b/index.html", "<h1>inside</h1>").await;
    let home = visit(&practice, "GET", "pages", "/").await;
    assert_eq!((home.status, text(&home).as_str(), home.header("content-type")), (200, "<h1>home</h1>", "text/html"));
    assert_eq!(text(&visit(&practice, "GET", "pages", "/a%20b/").await), "<h1>inside</h1>");
    let bare = visit(&practice, "GET", "pages", "/a%20b").await;
    assert_eq!((bare.status, bare.header("location")), (302, "/a%20b/"));
    let head = visit(&practice, "HEAD", "pages", "/").await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "13", 0));
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_pages() {
    let practice = site("pages", plain()).await;
    practice.bucket("no-site").await;
    let missing = visit(&practice, "GET", "pages", "/nothing").await;
    // Only who may list the bucket hears that a key is not there.
    assert_eq!((missing.status, missing.header("x-amz-error-code")), (403, "AccessDenied"));
    assert!(text(&missing).contains("<h1>403 Forbidden</h1>"), "{}", text(&missing));
    let post = visit(&practice, "POST", "pages", "/index.html").await;
    assert_eq!((post.status, post.header("x-amz-error-code")), (405, "MethodNotAllowed"));
    let none = visit(&practice, "GET", "no-site", "/").await;
    assert_eq!((none.status, none.header("x-amz-error-code")), (404, "NoSuchWebsiteConfiguration"));
    let nobody = visit(&practice, "GET", "no-such-bucket", "/").await;
    assert_eq!((nobody.status, nobody.header("x-amz-error-code")), (404, "NoSuchBucket"));
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_has_its_own_page_for_errors() {
    let document = ErrorDocument::builder().key("error.html").build().unwrap();
    let configuration = WebsiteConfiguration::builder().index_document(index()).error_document(document).build();
    let practice = site("pages", configuration).await;
    let without = visit(&practice, "GET", "pages", "/nothing").await;
    assert!(text(&without).contains("Custom Error Document"), "{}", text(&without));
    page(&practice, "pages", "error.html", "<h1>sorry</h1>").await;
    let with = visit(&practice, "GET", "pages", "/nothing").await;
    assert_eq!((with.status, text(&with).as_str()), (403, "<h1>sorry</h1>"));
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_private_stays_private() {
    let practice = site("pages", plain()).await;
    page(&practice, "pages", "index.html", "secret").await;
    practice.s3.delete_bucket_policy().bucket("pages").send().await.unwrap();
    assert_eq!(visit(&practice, "GET", "pages", "/").await.status, 403);
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_objects_and_whole_sites_send_visitors_elsewhere() {
    let by_prefix = RoutingRule::builder()
        .condition(Condition::builder().key_prefix_equals("docs/").build())
        .redirect(Redirect::builder().replace_key_prefix_with("documents/").build())
        .build();
    let by_error = RoutingRule::builder()
        .condition(Condition::builder().http_error_code_returned_equals("403").build())
        .redirect(Redirect::builder().host_name("example.com").http_redirect_code("302").build())
        .build();
    let rules = vec![by_prefix, by_error];
    let configuration = WebsiteConfiguration::builder().index_document(index()).set_routing_rules(Some(rules)).build();
    let practice = site("pages", configuration).await;
    let port = practice.server.website_endpoint().rsplit_once(':').unwrap().1.to_owned();
    let moved = visit(&practice, "GET", "pages", "/docs/a.html").await;
    let expected = format!("http://pages.s3-website.localhost:{port}/documents/a.html");
    assert_eq!((moved.status, moved.header("location")), (301, expected.as_str()));
    let lost = visit(&practice, "GET", "pages", "/lost?a=1").await;
    assert_eq!((lost.status, lost.header("location")), (302, "http://example.com/lost?a=1"));

    let call = practice.s3.put_object().bucket("pages").key("old").website_redirect_location("/new");
    call.send().await.unwrap();
    let old = visit(&practice, "GET", "pages", "/old").await;
    assert_eq!((old.status, old.header("location")), (301, "/new"));

    let everything = RedirectAllRequestsTo::builder().host_name("example.com").build().unwrap();
    let configuration = WebsiteConfiguration::builder().redirect_all_requests_to(everything).build();
    practice.s3.put_bucket_website().bucket("pages").website_configuration(configuration).send().await.unwrap();
    let away = visit(&practice, "GET", "pages", "/any/thing").await;
    assert_eq!((away.status, away.header("location")), (301, "http://example.com/any/thing"));
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_websites_stays_over_restarts() {
    let practice = Practice::start().await;
    let before = practice.server.website_endpoint();
    let practice = practice.restart().await;
    assert_eq!(practice.server.website_endpoint(), before);
    practice.server.shutdown().await;
}
