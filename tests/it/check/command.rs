//! The same without a window: `brimful check`, its words, its JSON and what it ends with.

use crate::ls_cli::{Said, says};
use crate::practice_support::Practice;
use test_case::test_case;

use super::stage::picture;

async fn staged() -> Practice {
    let practice = Practice::start().await;
    practice.bucket("acme-images").await;
    for key in ["images/lake.png", "image/lake.png"] {
        let put = practice.s3.put_object().bucket("acme-images").key(key).content_type("image/png");
        put.body(picture().into()).send().await.unwrap();
    }
    practice.s3.delete_public_access_block().bucket("acme-images").send().await.unwrap();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-images/images/*"}]}"#;
    practice.s3.put_bucket_policy().bucket("acme-images").policy(policy).send().await.unwrap();
    practice
}

async fn check(practice: &Practice, words: &[&str]) -> Said {
    says(practice, "check", words).await
}

#[test_case(&["s3://acme-images/images/lake.png"], 0; "open as intended")]
#[test_case(&["s3://acme-images/image/lake.png"], 1; "not open")]
#[test_case(&["s3://acme-images/image/lake.png", "--intend", "private"], 0; "closed as intended")]
#[test_case(&["s3://acme-images/images/lake.png", "--intend", "private"], 1; "open, and not meant to be")]
#[test_case(&["s3://acme-images/images/lake.png", "s3://acme-images/image/lake.png"], 1; "one of two is not")]
#[test_case(&["s3://acme-images/images/lake.png", "--origin", "https://shop.example"], 1; "pages may not use it")]
#[test_case(&["s3://acme-images/images/lake.png", "http://127.0.0.1:1/x.png"], 2; "one of two cannot be told")]
#[test_case(&["s3://acme-images/image/lake.png", "http://127.0.0.1:1/x.png"], 1; "what is wrong weighs more")]
#[test_case(&["s3://acme-images"], 2; "a bucket is no file")]
#[test_case(&["s3://acme-images/images/lake.png", "--no-sign-request"], 0; "as a stranger")]
#[test_case(&["s3://acme-images/image/lake.png", "--no-sign-request"], 1; "as a stranger, not open")]
#[tokio::test(flavor = "multi_thread")]
async fn it_ends_with_what_was_found(words: &[&str], code: i32) {
    let practice = staged().await;
    let said = check(&practice, words).await;
    assert_eq!(said.code, code, "{}\n{}", said.out, said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_what_stands_in_the_way_and_what_helps() {
    let practice = staged().await;
    let said = check(&practice, &["s3://acme-images/image/lake.png"]).await;
    for line in [
        "Nobody outside can see this. The bucket policy opens images/, but the file is in image/",
        "403 AccessDenied: asked without sign-in at",
        "STOPS      Bucket policy    No statement allows this file",
        "1. Move the file to images/",
        "aws s3api copy-object --region us-east-1 --endpoint-url",
        "4. Open image/ as well",
    ] {
        assert!(said.out.contains(line), "{line} is not in\n{}", said.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pipelines_read_json() {
    let practice = staged().await;
    let words = ["s3://acme-images/images/lake.png", "s3://acme-images/image/lake.png", "--json"];
    let said = check(&practice, &words).await;
    let lines = said.json();
    assert_eq!(lines.len(), 2, "{}", said.out);
    assert_eq!((lines[0]["verdict"].as_str(), lines[0]["as_intended"].as_bool()), (Some("visible"), Some(true)));
    let closed = &lines[1];
    assert_eq!((closed["verdict"].as_str(), closed["cause"].as_str()), (Some("not-visible"), Some("policy")));
    assert_eq!(closed["observed"]["status"], 403);
    assert_eq!(closed["predicted"]["answer"], "refused");
    assert_eq!(closed["agreement"]["state"], "agrees");
    assert_eq!(closed["fixes"][0]["exposure"], "this-file");
    let layers: Vec<&str> =
        closed["layers"].as_array().unwrap().iter().map(|it| it["layer"].as_str().unwrap()).collect();
    let wanted =
        ["address", "file", "bucket-block-public-access", "policy", "file-permissions", "encryption", "browser"];
    assert_eq!(layers, wanted);
}
