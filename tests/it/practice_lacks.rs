//! What practice storage does not do, it says: the list in the README is kept true here.

use md5::{Digest as _, Md5};

use crate::s3_contract::Server;

#[tokio::test]
async fn what_the_readme_says_is_lacking_answers_not_implemented() {
    let server = Server::practice().await;
    let bucket = server.bucket().await;
    server.put(&bucket, "k", b"x").await;
    let readme = include_str!("../../README.md");
    let mfa =
        "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>";
    let directory = "<CreateBucketConfiguration><Bucket><Type>Directory</Type></Bucket></CreateBucketConfiguration>";
    let select = "<SelectObjectContentRequest><Expression>select * from s3object</Expression>\
        <ExpressionType>SQL</ExpressionType><InputSerialization><CSV></CSV></InputSerialization>\
        <OutputSerialization><CSV></CSV></OutputSerialization></SelectObjectContentRequest>";
    let lacking = [
        ("MFA delete", "PUT", format!("/{bucket}?versioning"), mfa),
        ("directory buckets", "PUT", format!("/{bucket}-2"), directory),
        ("S3 Select", "POST", format!("/{bucket}/k?select&select-type=2"), select),
        ("torrents", "GET", format!("/{bucket}/k?torrent"), ""),
    ];
    for (name, method, target, body) in lacking {
        let digest = base64_simd::STANDARD.encode_to_string(Md5::digest(body));
        let ask = server.ask(method, &target).header("x-amz-mfa", "serial 123456").header("content-md5", &digest);
        let answer = ask.body(body).sign().send().await;
        assert_eq!((answer.status, answer.code()), (501, "NotImplemented"), "{name}: {}", answer.text);
        assert!(readme.contains(name), "the README does not say that {name} are lacking");
    }
    server.clear_away().await;
}
