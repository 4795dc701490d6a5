use image::ImageFormat;

use super::{Gallery, checks, found};
use crate::support::pictures;

const PHOTOS: &str = r#"
[[rule]]
name = "photos"
match = "photos/**"
access = "public"
content_type = ["image/jpeg", "image/webp"]
content_type_matches_bytes = true
decodes = true
width = { min = 100, max = 800 }
aspect = "16:10"
bytes = { max = "1 MB" }
cache_control = { max_age_min = "1h", contains = "public" }
key_characters = "a-z0-9./-"

[[rule]]
name = "originals"
match = "photos/*.jpg"
variants = "{stem}.webp"
unique_content = true
severity = "warning"

[[rule]]
name = "secrets"
match = "private/**"
access = "private"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_not_as_expected_is_found() {
    let gallery = Gallery::open(&["photos/", "private/leak"]).await;
    let good = pictures::file(ImageFormat::Jpeg, 1, 320, 200);
    gallery.put("photos/good.jpg", good.clone(), "image/jpeg").await;
    gallery.put("photos/good.webp", pictures::file(ImageFormat::WebP, 1, 320, 200), "image/webp").await;
    gallery.put("photos/twin.jpg", good.clone(), "image/jpeg").await;
    gallery.put("photos/typed.jpg", pictures::file(ImageFormat::Png, 2, 320, 200), "image/jpeg").await;
    gallery.put("photos/cut.jpg", good[..good.len() / 2].to_vec(), "image/jpeg").await;
    gallery.jpeg("photos/wide.jpg", 3, 1600, 1000).await;
    gallery.jpeg("photos/square.jpg", 4, 300, 300).await;
    gallery.put("photos/page.jpg", b"<!doctype html><title>no</title>".to_vec(), "text/html").await;
    gallery.put("photos/Odd Name.jpg", pictures::file(ImageFormat::Jpeg, 5, 320, 200), "image/jpeg").await;
    gallery.put("photos/empty.jpg", Vec::new(), "image/jpeg").await;
    gallery.jpeg("private/secret.jpg", 6, 10, 10).await;
    gallery.jpeg("private/leak.jpg", 7, 10, 10).await;
    gallery.jpeg("other/x.jpg", 8, 10, 10).await;
    let plain = gallery.practice.s3.put_object().bucket("shop").key("photos/plain.jpg").content_type("image/jpeg");
    plain.body(pictures::file(ImageFormat::Jpeg, 9, 320, 200).into()).send().await.unwrap();

    let said = gallery.verify(PHOTOS, &["s3://shop", "--json"]).await;
    assert_eq!(said.code, 1, "{}", said.err);
    let all = checks(&said.json());
    let no_variant = ["variants (warning)"];
    assert_eq!(found(&all, "photos/good.jpg"), ["unique (warning)"]);
    assert_eq!(found(&all, "photos/good.webp"), [""; 0]);
    assert_eq!(found(&all, "photos/twin.jpg"), ["variants (warning)", "unique (warning)"]);
    assert_eq!(found(&all, "photos/typed.jpg"), [&["matches-bytes"][..], &no_variant].concat());
    assert_eq!(found(&all, "photos/cut.jpg"), [&["decodes"][..], &no_variant].concat());
    assert_eq!(found(&all, "photos/wide.jpg"), [&["width"][..], &no_variant].concat());
    assert_eq!(found(&all, "photos/square.jpg"), [&["aspect"][..], &no_variant].concat());
    assert_eq!(found(&all, "photos/page.jpg"), [&["content-type", "decodes"][..], &no_variant].concat());
    assert_eq!(found(&all, "photos/Odd Name.jpg"), [&["key"][..], &no_variant].concat());
    assert_eq!(found(&all, "photos/empty.jpg"), [&["matches-bytes", "decodes"][..], &no_variant].concat());
    assert_eq!(found(&all, "photos/plain.jpg"), [&["cache-control", "cache-control"][..], &no_variant].concat());
    assert_eq!(found(&all, "private/secret.jpg"), [""; 0]);
    assert_eq!(found(&all, "private/leak.jpg"), ["access"]);
    assert_eq!(found(&all, "other/x.jpg"), [""; 0]);
    assert!(said.err.contains("no rule is about 1 other file"), "{}", said.err);

    let text = gallery.verify(PHOTOS, &["s3://shop/private/"]).await;
    assert_eq!(
        (text.code, text.out.trim()),
        (1, "error    private/leak.jpg: Anyone on the internet can see it, and nobody should (access, rule secrets)")
    );
    assert!(text.err.contains("2 files checked: 1 as expected, 1 not as expected"), "{}", text.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_as_expected_ends_well_and_quietly() {
    let gallery = Gallery::open(&["photos/"]).await;
    gallery.jpeg("photos/a.jpg", 1, 320, 200).await;
    gallery.jpeg("photos/b.jpg", 2, 320, 200).await;
    let said = gallery.verify("[[rule]]\naccess = \"public\"\nwidth = 320", &["s3://shop/photos/", "--quiet"]).await;
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""));
    let put = gallery.practice.s3.put_object().bucket("shop").key("photos/c.svg").content_type("image/svg+xml");
    put.content_encoding("gzip").body(b"\x1f\x8b\x08\0".to_vec().into()).send().await.unwrap();
    let said = gallery.verify("[[rule]]\nmatch = \"*.svg\"\ndecodes = true", &["s3://shop"]).await;
    assert!(said.code == 2 && said.out.contains("It is stored compressed (gzip)"), "{}{}", said.out, said.err);
    let warned = "[[rule]]\nmatch = \"*.jpg\"\nwidth = 5\nseverity = \"warning\"";
    assert_eq!(gallery.verify(warned, &["s3://shop/photos/"]).await.code, 0);
    let many: Vec<String> = (0..8).map(|at| format!("[[rule]]\nmatch = \"*.jpg\"\nheight = {at}")).collect();
    let said = gallery.verify(&many.join("\n"), &["s3://shop", "--quiet", "--concurrency", "1"]).await;
    assert_eq!((said.code, said.out.lines().count()), (1, 16), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_private_is_looked_into_with_a_sign_in() {
    let gallery = Gallery::open(&["open/"]).await;
    gallery.jpeg("closed/a.jpg", 1, 320, 200).await;
    gallery.put("closed/b.jpg", b"hello".to_vec(), "image/jpeg").await;
    gallery.jpeg("open/c.jpg", 2, 320, 200).await;
    let expect = "[[rule]]\naccess = \"private\"\ndecodes = true\nwidth = 320";
    let said = gallery.verify(expect, &["s3://shop", "--signed", "--json"]).await;
    let all = checks(&said.json());
    assert_eq!(said.code, 1, "{}", said.err);
    assert_eq!(found(&all, "closed/a.jpg"), [""; 0]);
    assert_eq!(found(&all, "closed/b.jpg"), ["decodes"]);
    assert_eq!(found(&all, "open/c.jpg"), ["access"]);
    assert!(!said.out.contains("X-Amz-"), "no signature is told: {}", said.out);
    // Without it, strangers see only the refusal.
    let said = gallery.verify(expect, &["s3://shop/closed/"]).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_an_origin_may_read_or_not() {
    let gallery = Gallery::open(&[""]).await;
    gallery.jpeg("a.jpg", 1, 32, 20).await;
    gallery.allow_pages_of("https://shop.example").await;
    let expect = "[[rule]]\ncors = [\"https://shop.example\", \"https://other.example\"]";
    let said = gallery.verify(expect, &["s3://shop", "--json", "--origin", "https://third.example"]).await;
    let rows = said.json();
    let sentences: Vec<_> =
        rows[0]["findings"].as_array().unwrap().iter().map(|it| it["sentence"].as_str().unwrap()).collect();
    let no = |origin: &str| format!("Pages of {origin} may not read it: the answer has no Access-Control-Allow-Origin");
    assert_eq!((said.code, sentences), (1, vec![&*no("https://other.example"), &*no("https://third.example")]));
    let said = gallery.verify("[[rule]]\nwidth = 32", &["s3://shop", "--origin", "https://shop.example"]).await;
    assert_eq!(said.code, 0, "{}", said.out);
    let said = gallery.verify("[[rule]]\nwidth = 32", &["s3://shop", "--origin", "shop.example"]).await;
    assert_eq!(said.code, 2, "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_answers_is_no_answer() {
    let gallery = Gallery::open(&[""]).await;
    gallery.jpeg("a.jpg", 1, 32, 20).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let host = format!("http://{free}");
    let said = gallery.verify("[[rule]]\naccess = \"public\"", &["s3://shop", "--host", &host, "--json"]).await;
    assert_eq!((said.code, found(&checks(&said.json()), "a.jpg")), (2, vec!["access (unknown)".to_owned()]));
    // The same bucket by another address.
    let host = gallery.address("shop");
    let said = gallery.verify("[[rule]]\naccess = \"public\"\nhttps = true", &["s3://shop", "--host", &host]).await;
    assert!(said.code == 1 && said.out.contains("(https, rule **)"), "{}{}", said.out, said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_named_before_anything_is_asked() {
    let gallery = Gallery::open(&[]).await;
    let said = gallery.verify("[[rule]]\nacess = \"public\"\n", &["s3://shop"]).await;
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("line 2, acess: there is no such key. Did you mean access?"), "{}", said.err);
    let rule = "[[rule]]\naccess = \"public\"\n";
    for (words, about) in [
        (&["s3://shop"][..], "There is nothing to check in s3://shop"),
        (&["s3://never-made"], "never-made"),
        (&["s3://"], "address"),
        (&["nowhere.csv"], "nowhere.csv"),
        (&["s3://shop", "--resume"], "--report"),
        (&["s3://shop", "--host", "cdn.example"], "https://cdn.example"),
    ] {
        let said = gallery.verify(rule, words).await;
        assert!(said.code == 2 && said.err.contains(about), "{words:?}: {} {}", said.code, said.err);
    }
    gallery.jpeg("a.jpg", 1, 32, 20).await;
    let said = gallery.verify("[[rule]]\nmatch = \"b/**\"\naccess = \"public\"", &["s3://shop"]).await;
    assert!(said.code == 2 && said.err.contains("No rule is about any of these files"), "{}", said.err);
}
