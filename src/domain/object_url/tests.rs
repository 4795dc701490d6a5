use super::*;
use crate::domain::connection::{ChecksumMode, SignIn, StoreTarget};
use proptest::prelude::*;
use test_case::test_case;

fn amazon_target() -> Target {
    Target::Amazon { region: "us-east-1".into(), sign_in: SignIn::Environment }
}

fn store(preset: &str, endpoint: &str, addressing: Addressing) -> Target {
    Target::Store(StoreTarget {
        preset: preset.into(),
        endpoint: endpoint.into(),
        region: "auto".into(),
        addressing,
        checksums: ChecksumMode::WhenRequired,
        sign_in: SignIn::Anonymous,
        public_base_url: None,
    })
}

fn urls(target: &Target, bucket: &str, region: Option<&str>, key: &str) -> Vec<String> {
    let place = Place { target, practice_endpoint: Some("http://127.0.0.1:9010"), bucket, region, website: false };
    forms(&place, key).into_iter().map(|f| f.url).collect()
}

#[test]
fn amazon_has_three_forms_and_the_s3_address() {
    assert_eq!(
        urls(&amazon_target(), "acme", Some("eu-west-1"), "photos/a b.jpg"),
        [
            "https://acme.s3.eu-west-1.amazonaws.com/photos/a%20b.jpg",
            "https://s3.eu-west-1.amazonaws.com/acme/photos/a%20b.jpg",
            "https://acme.s3.amazonaws.com/photos/a%20b.jpg",
            "s3://acme/photos/a b.jpg",
        ]
    );
}

#[test]
fn newer_regions_have_no_legacy_form() {
    assert_eq!(
        urls(&amazon_target(), "acme", Some("eu-south-1"), "k"),
        ["https://acme.s3.eu-south-1.amazonaws.com/k", "https://s3.eu-south-1.amazonaws.com/acme/k", "s3://acme/k"]
    );
}

#[test]
fn names_with_dots_and_the_key_soap_are_path_style_only() {
    assert_eq!(
        urls(&amazon_target(), "a.b.c", None, "k"),
        ["https://s3.us-east-1.amazonaws.com/a.b.c/k", "s3://a.b.c/k"]
    );
    assert_eq!(urls(&amazon_target(), "acme", None, "soap")[0], "https://s3.us-east-1.amazonaws.com/acme/soap");
}

#[test]
fn websites_have_one_more() {
    let target = amazon_target();
    let place =
        Place { target: &target, practice_endpoint: None, bucket: "acme", region: Some("eu-central-1"), website: true };
    let website = forms(&place, "index.html").into_iter().find(|f| f.form == Form::Website).unwrap();
    assert_eq!(website.url, "http://acme.s3-website.eu-central-1.amazonaws.com/index.html");
}

#[test_case("minio", "http://localhost:9000", Addressing::Path, &["http://localhost:9000/b1x/k", "s3://b1x/k"]; "path style")]
#[test_case("wasabi", "https://s3.eu-west-1.wasabisys.com", Addressing::VirtualHosted, &["https://b1x.s3.eu-west-1.wasabisys.com/k", "https://s3.eu-west-1.wasabisys.com/b1x/k", "s3://b1x/k"]; "virtual hosted")]
#[test_case("digitalocean-spaces", "https://fra1.digitaloceanspaces.com", Addressing::VirtualHosted, &["https://b1x.fra1.digitaloceanspaces.com/k", "https://fra1.digitaloceanspaces.com/b1x/k", "s3://b1x/k"]; "spaces")]
#[test_case("google-cloud-storage", "https://storage.googleapis.com", Addressing::Path, &["https://storage.googleapis.com/b1x/k", "s3://b1x/k"]; "google")]
#[test_case("custom", "http://127.0.0.1:9000", Addressing::VirtualHosted, &["http://127.0.0.1:9000/b1x/k", "s3://b1x/k"]; "an ip address is never virtual hosted")]
fn stores(preset: &str, endpoint: &str, addressing: Addressing, expected: &[&str]) {
    assert_eq!(urls(&store(preset, endpoint, addressing), "b1x", None, "k"), expected);
}

#[test]
fn a_public_host_comes_first_and_r2_says_why() {
    let mut target = store("cloudflare-r2", "https://abc.r2.cloudflarestorage.com", Addressing::Path);
    let Target::Store(inner) = &mut target else { unreachable!() };
    inner.public_base_url = Some("https://img.example.com/".into());
    let place = Place { target: &target, practice_endpoint: None, bucket: "pics", region: None, website: false };
    let forms = forms(&place, "a/b.jpg");
    assert_eq!(forms[0].url, "https://img.example.com/a/b.jpg");
    assert!(forms[1].note.is_some_and(|n| n.contains("sign-in")));
    assert_eq!(preferred(&place, "a/b.jpg"), "https://img.example.com/a/b.jpg");
}

#[test]
fn practice_is_path_style_on_its_own_port() {
    assert_eq!(urls(&Target::Practice, "b1x", None, "a+b"), ["http://127.0.0.1:9010/b1x/a%2Bb", "s3://b1x/a+b"]);
}

#[test_case("https://b1x.s3.eu-west-1.amazonaws.com/a%20b", "b1x", "a b", Some("eu-west-1"), Form::VirtualHosted; "virtual hosted")]
#[test_case("https://s3.eu-west-1.amazonaws.com/b1x/k", "b1x", "k", Some("eu-west-1"), Form::PathStyle; "path style")]
#[test_case("https://b1x.s3.amazonaws.com/k", "b1x", "k", None, Form::LegacyGlobal; "legacy global")]
#[test_case("https://s3.amazonaws.com/b1x/k", "b1x", "k", None, Form::PathStyle; "legacy global path style")]
#[test_case("https://s3-eu-west-1.amazonaws.com/b1x/k", "b1x", "k", Some("eu-west-1"), Form::PathStyle; "legacy dash")]
#[test_case("https://b1x.s3-us-west-2.amazonaws.com/k", "b1x", "k", Some("us-west-2"), Form::VirtualHosted; "legacy dash, virtual hosted")]
#[test_case("https://b1x.s3.dualstack.eu-west-1.amazonaws.com/k", "b1x", "k", Some("eu-west-1"), Form::VirtualHosted; "dual stack")]
#[test_case("https://b1x.s3-fips.us-east-1.amazonaws.com/k", "b1x", "k", Some("us-east-1"), Form::VirtualHosted; "fips")]
#[test_case("https://b1x.s3-fips.dualstack.us-east-1.amazonaws.com/k", "b1x", "k", Some("us-east-1"), Form::VirtualHosted; "fips dual stack")]
#[test_case("https://b1x.s3-accelerate.amazonaws.com/k", "b1x", "k", None, Form::Accelerate; "accelerate")]
#[test_case("https://b1x.s3-accelerate.dualstack.amazonaws.com/k", "b1x", "k", None, Form::Accelerate; "accelerate dual stack")]
#[test_case("https://b1x.s3.cn-north-1.amazonaws.com.cn/k", "b1x", "k", Some("cn-north-1"), Form::VirtualHosted; "china")]
#[test_case("https://b1x.s3.eusc-de-east-1.amazonaws.eu/k", "b1x", "k", Some("eusc-de-east-1"), Form::VirtualHosted; "sovereign")]
#[test_case("http://b1x.s3-website-us-east-1.amazonaws.com/", "b1x", "", Some("us-east-1"), Form::Website; "website with dash")]
#[test_case("http://www.b1x.org.s3-website.eu-central-1.amazonaws.com/k", "www.b1x.org", "k", Some("eu-central-1"), Form::Website; "website with dot")]
#[test_case("https://s3.s3.s3.us-east-1.amazonaws.com/k", "s3.s3", "k", Some("us-east-1"), Form::VirtualHosted; "a bucket named like the service")]
#[test_case("HTTPS://B1X.S3.Amazonaws.com/K", "b1x", "K", None, Form::LegacyGlobal; "capitals in the host only")]
#[test_case("https://b1x.fra1.digitaloceanspaces.com/k", "b1x", "k", Some("fra1"), Form::VirtualHosted; "spaces")]
#[test_case("https://b1x.fra1.cdn.digitaloceanspaces.com/k", "b1x", "k", Some("fra1"), Form::PublicHost; "spaces cdn")]
#[test_case("https://fra1.digitaloceanspaces.com/b1x/k", "b1x", "k", Some("fra1"), Form::PathStyle; "spaces path style")]
#[test_case("https://b1x.s3.us-west-004.backblazeb2.com/k", "b1x", "k", Some("us-west-004"), Form::VirtualHosted; "b2")]
#[test_case("https://s3.wasabisys.com/b1x/k", "b1x", "k", None, Form::PathStyle; "wasabi")]
#[test_case("https://storage.googleapis.com/b1x/k", "b1x", "k", None, Form::PathStyle; "google")]
#[test_case("https://abc.r2.cloudflarestorage.com/b1x/k", "b1x", "k", None, Form::PathStyle; "r2")]
#[test_case("http://localhost:9000/b1x/a%2Bb+c", "b1x", "a+b+c", None, Form::PathStyle; "own endpoint")]
#[test_case("http://b1x.localhost:9000/k", "b1x", "k", None, Form::VirtualHosted; "own endpoint, virtual hosted")]
#[test_case("s3://b1x/a%20b", "b1x", "a%20b", None, Form::S3Uri; "s3 addresses are not encoded")]
#[test_case("s3://b1x", "b1x", "", None, Form::S3Uri; "s3 address of a bucket")]
#[test_case("https://s3.us-east-1.amazonaws.com/b1x//k", "b1x", "/k", Some("us-east-1"), Form::PathStyle; "slashes stay")]
fn reads(url: &str, bucket: &str, key: &str, region: Option<&str>, form: Form) {
    let parsed = parse(url, Some("http://localhost:9000")).unwrap();
    assert_eq!(
        (parsed.bucket.as_str(), parsed.key.as_str(), parsed.region.as_deref(), parsed.form),
        (bucket, key, region, form)
    );
}

#[test]
fn reads_version_and_signature() {
    let url = "https://b1x.s3.us-east-1.amazonaws.com/k?versionId=3%2F4&X-Amz-Signature=00#top";
    let parsed = parse(url, None).unwrap();
    assert_eq!((parsed.key.as_str(), parsed.version_id.as_deref(), parsed.presigned), ("k", Some("3/4"), true));
}

#[test_case("b1x/k", "An address begins with https://, http:// or s3://"; "no scheme")]
#[test_case("https://example.com/b1x/k", "example.com is no address of S3 or of this store"; "another host")]
#[test_case("https://ec2.us-east-1.amazonaws.com/x", "ec2.us-east-1.amazonaws.com is no address of S3 or of this store"; "another service")]
#[test_case("https://s3-accelerate.amazonaws.com/b1x/k", "s3-accelerate.amazonaws.com is no address of S3 or of this store"; "accelerate without bucket")]
#[test_case("https://s3.us-east-1.amazonaws.com/", "The address names no bucket"; "no bucket")]
#[test_case("s3:///k", "The address names no bucket"; "no bucket in an s3 address")]
#[test_case("https://s3.us-east-1.amazonaws.com/b1x/%FF", "The address holds bytes that are no text"; "not utf-8")]
fn cannot_read(url: &str, words: &str) {
    assert_eq!(parse(url, None).unwrap_err().to_string(), words);
}

proptest! {
    #[test]
    fn every_written_form_is_read_back(
        bucket in "[a-z0-9][a-z0-9-]{1,20}[a-z0-9]",
        key in "[^\u{0}]{1,30}",
        region in prop::sample::select(vec!["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "eu-south-2"]),
    ) {
        let target = amazon_target();
        let place = Place { target: &target, practice_endpoint: None, bucket: &bucket, region: Some(region), website: true };
        for form in forms(&place, &key) {
            if form.form == Form::S3Uri && key.trim() != key { continue }
            let parsed = parse(&form.url, None).unwrap();
            prop_assert_eq!((&parsed.bucket, &parsed.key), (&bucket, &key));
            prop_assert_eq!(parsed.form, form.form);
        }
    }
}
