use super::*;
use test_case::test_case;

#[test]
fn ids_are_those_that_connections_hold() {
    let ids: Vec<_> = PRESETS.iter().map(|p| p.id).collect();
    assert_eq!(
        ids,
        [
            "minio",
            "cloudflare-r2",
            "backblaze-b2",
            "wasabi",
            "digitalocean-spaces",
            "google-cloud-storage",
            "ceph",
            "custom"
        ]
    );
    assert_eq!(find("wasabi").map(|p| p.label), Some("Wasabi"));
    assert_eq!(find("nobody"), None);
}

#[test]
fn every_store_but_amazon_sends_checksums_only_where_required() {
    assert!(PRESETS.iter().all(|p| p.checksums == ChecksumMode::WhenRequired));
    assert!(PRESETS.iter().flat_map(|p| p.notes).all(|n| !n.ends_with('.')));
}

#[test_case("cloudflare-r2", &[("account", "abc")], Some("https://abc.r2.cloudflarestorage.com"); "r2")]
#[test_case("cloudflare-r2", &[("account", " ")], None; "r2 without account")]
#[test_case("wasabi", &[("region", "us-east-1")], Some("https://s3.wasabisys.com"); "wasabi's first region")]
#[test_case("wasabi", &[("region", "eu-west-2")], Some("https://s3.eu-west-2.wasabisys.com"); "wasabi elsewhere")]
#[test_case("digitalocean-spaces", &[("region", "fra1")], Some("https://fra1.digitaloceanspaces.com"); "spaces")]
#[test_case("backblaze-b2", &[("region", "eu-central-003")], Some("https://s3.eu-central-003.backblazeb2.com"); "b2")]
#[test_case("google-cloud-storage", &[], Some("https://storage.googleapis.com"); "google")]
#[test_case("minio", &[("host", "http://localhost:9000")], Some("http://localhost:9000"); "minio")]
fn endpoints(id: &str, values: &[(&str, &str)], url: Option<&str>) {
    assert_eq!(find(id).unwrap().endpoint_for(values).as_deref(), url);
}

#[test]
fn every_filled_pattern_passes_its_own_check() {
    for preset in PRESETS {
        for region in preset.regions.iter().chain(&["x1"]) {
            let url = preset
                .endpoint_for(&[("region", region), ("account", "abc"), ("host", "http://127.0.0.1:9000")])
                .unwrap();
            assert_eq!(endpoint_check(&url).map(|e| e.url), Ok(url.clone()), "{}", preset.id);
        }
    }
}

#[test]
fn signing_regions() {
    assert_eq!(find("cloudflare-r2").unwrap().signing_region("eu"), "auto");
    assert_eq!(find("minio").unwrap().signing_region(""), "us-east-1");
    assert_eq!(find("ceph").unwrap().signing_region(" default "), "default");
}

#[test_case("https://s3.eu-central-1.wasabisys.com", Some("wasabi"); "wasabi")]
#[test_case("https://abc.eu.r2.cloudflarestorage.com", Some("cloudflare-r2"); "r2 with jurisdiction")]
#[test_case("http://localhost:9000", None; "anybody's")]
fn recognises(endpoint: &str, id: Option<&str>) {
    assert_eq!(recognise(endpoint).map(|p| p.id), id);
}

#[test_case("http://localhost:9000", "http://localhost:9000", None; "local")]
#[test_case(" HTTPS://S3.Example.com/ ", "https://s3.example.com", None; "capitals, spaces and a slash")]
#[test_case("http://[::1]:9000", "http://[::1]:9000", None; "ipv6")]
#[test_case("http://10.0.0.5:9000", "http://10.0.0.5:9000", Some(EndpointDoubt::PlainHttp); "plain http over a network")]
#[test_case("http://localhost:9001", "http://localhost:9001", Some(EndpointDoubt::ConsolePort); "console port")]
fn usable(text: &str, url: &str, doubt: Option<EndpointDoubt>) {
    let endpoint = endpoint_check(text).unwrap();
    assert_eq!((endpoint.url.as_str(), endpoint.doubt), (url, doubt));
}

#[test_case("", "The address of the store is needed", None; "nothing")]
#[test_case("localhost:9000", "The address must begin with http:// or https://", Some("http://localhost:9000"); "no scheme, this computer")]
#[test_case("s3.example.com", "The address must begin with http:// or https://", Some("https://s3.example.com"); "no scheme")]
#[test_case("s3://bucket", "s3:// is no address of a store; it begins with http:// or https://", None; "other scheme")]
#[test_case("https://", "The host name is missing or has characters that no host name has", None; "no host")]
#[test_case("https://a b", "The host name is missing or has characters that no host name has", None; "space in the host")]
#[test_case("https://host:99999", "The port is a number from 1 to 65535", None; "port too large")]
#[test_case("https://host:", "The port is a number from 1 to 65535", None; "port missing")]
#[test_case("https://host/my-bucket", "The address ends after host and port; “/my-bucket” does not belong to it", Some("https://host"); "path")]
#[test_case("https://pics.s3.eu-west-1.amazonaws.com", "The address must not hold the bucket’s name “pics”", Some("https://s3.eu-west-1.amazonaws.com"); "bucket in the host")]
#[test_case("https://pics.fra1.digitaloceanspaces.com", "The address must not hold the bucket’s name “pics”", Some("https://fra1.digitaloceanspaces.com"); "bucket in the host of spaces")]
#[test_case("https://key:secret@host", "Keys do not belong into the address; they are asked for below", Some("https://host"); "keys")]
#[test_case("https://{account}.r2.cloudflarestorage.com", "Put your own value in the place of {account}", None; "pattern")]
fn unusable(text: &str, words: &str, mend: Option<&str>) {
    let problem = endpoint_check(text).unwrap_err();
    assert_eq!(problem.to_string(), words);
    assert_eq!(problem.mend(), mend);
}
