//! Listings of objects, of versions and of buckets.

use test_case::test_case;

use super::{Server, code, everywhere, refused};

async fn filled(server: &Server, keys: &[&str]) -> String {
    let bucket = server.bucket().await;
    for key in keys {
        server.put(&bucket, key, b"").await;
    }
    bucket
}

async fn keys(server: &Server, bucket: &str) -> Vec<String> {
    let page = server.s3.list_objects_v2().bucket(bucket).send().await.unwrap();
    page.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
}

/// UTF-16 would put the last two the other way round.
#[test]
fn keys_come_in_the_order_of_their_utf8_bytes() {
    everywhere(async |server| {
        let bucket = filled(server, &["\u{1F600}", "\u{FFFD}", "é", "b", "B", "a/b", "a-b", "a"]).await;
        assert_eq!(keys(server, &bucket).await, ["B", "a", "a-b", "a/b", "b", "é", "\u{FFFD}", "\u{1F600}"]);
    });
}

#[test]
fn a_delimiter_may_be_any_text() {
    everywhere(async |server| {
        let bucket = filled(server, &["2024-05-01", "2024-05-02", "2024-06-01", "other"]).await;
        let page = server.s3.list_objects_v2().bucket(&bucket).prefix("2024-").delimiter("-0").send().await.unwrap();
        let folders: Vec<_> = page.common_prefixes().iter().map(|folder| folder.prefix().unwrap()).collect();
        assert_eq!(folders, ["2024-05-0", "2024-06-0"]);
        assert_eq!((page.key_count(), page.contents().len()), (Some(2), 0));
    });
}

#[test_case("max-keys=-1"; "fewer than none")]
#[test_case("max-keys=many"; "no number")]
#[test_case("encoding-type=base64"; "an encoding that is not there")]
#[test_case("list-type=2&continuation-token=nonsense"; "a token of nobody")]
#[test_case("list-type=2&continuation-token="; "an empty token")]
#[test_case("versions&version-id-marker=null"; "a version without its key")]
#[test_case("versions&key-marker=a&version-id-marker="; "an empty version")]
fn a_listing_refuses(query: &str) {
    everywhere(async |server| {
        let bucket = filled(server, &["a"]).await;
        let answer = server.ask("GET", &format!("/{bucket}?{query}")).sign().send().await;
        assert_eq!((answer.status, answer.code()), (400, "InvalidArgument"), "{}", answer.text);
    });
}

#[test]
fn a_page_has_a_thousand_keys_at_most() {
    everywhere(async |server| {
        let bucket = filled(server, &["a"]).await;
        let page = server.s3.list_objects_v2().bucket(&bucket).max_keys(5000).send().await.unwrap();
        assert_eq!((page.max_keys(), page.key_count()), (Some(1000), Some(1)));
        let none = server.s3.list_objects_v2().bucket(&bucket).max_keys(0).send().await.unwrap();
        assert_eq!(
            (none.key_count(), none.is_truncated(), none.next_continuation_token()),
            (Some(0), Some(false), None)
        );
    });
}

#[test]
fn what_is_encoded_for_a_url_decodes_to_the_key() {
    everywhere(async |server| {
        let odd = "a b+c/é%41\u{1}";
        let bucket = filled(server, &[odd]).await;
        let answer = server.ask("GET", &format!("/{bucket}?encoding-type=url&delimiter=%2B&prefix=a%20b"));
        let answer = answer.sign().send().await;
        assert_eq!(answer.element("EncodingType"), "url");
        assert_eq!((answer.element("Delimiter"), answer.element("CommonPrefixes")).0, "%2B");
        let all = server.ask("GET", &format!("/{bucket}?encoding-type=url")).sign().send().await;
        let shown = all.element("Key").replace('+', "%20");
        assert_eq!(percent_encoding::percent_decode_str(&shown).decode_utf8().unwrap(), odd);
    });
}

#[test]
fn characters_that_xml_lacks_are_written_as_their_numbers_where_nothing_is_encoded() {
    everywhere(async |server| {
        let bucket = filled(server, &["a\u{1}b", "c\u{1b}/d", "e\rf\u{ffff}"]).await;
        let page = server.ask("GET", &format!("/{bucket}?delimiter=/")).sign().send().await;
        assert!(page.text.contains("<Key>a&#x1;b</Key>"), "{}", page.text);
        assert!(page.text.contains("<Prefix>c&#x1b;/</Prefix>"), "{}", page.text);
        assert!(page.text.contains("<Key>e&#xd;f&#xffff;</Key>"), "{}", page.text);
        // The objects themselves are not documents of the store.
        let path = format!("/{bucket}/page.xml");
        let put = server.ask("PUT", &path).header("content-type", "application/xml").body("<\u{1}\r>").sign();
        assert_eq!(put.send().await.status, 200);
        assert_eq!(server.ask("GET", &path).sign().send().await.text, "<\u{1}\r>");
    });
}

#[test]
fn a_listing_goes_on_where_it_stopped_though_the_key_there_is_gone() {
    everywhere(async |server| {
        let bucket = filled(server, &["a", "b", "c", "d"]).await;
        let first = server.s3.list_objects_v2().bucket(&bucket).max_keys(2).send().await.unwrap();
        for key in ["a", "b"] {
            server.s3.delete_object().bucket(&bucket).key(key).send().await.unwrap();
        }
        let token = first.next_continuation_token().unwrap();
        let rest = server.s3.list_objects_v2().bucket(&bucket).continuation_token(token).send().await.unwrap();
        let rest: Vec<_> = rest.contents().iter().map(|object| object.key().unwrap()).collect();
        assert_eq!(rest, ["c", "d"]);
    });
}

#[test]
fn a_listing_starts_after_a_key_that_need_not_be_there() {
    everywhere(async |server| {
        let bucket = filled(server, &["a", "b", "c"]).await;
        let page = server.s3.list_objects_v2().bucket(&bucket).start_after("aa").send().await.unwrap();
        assert_eq!((page.start_after(), page.key_count()), (Some("aa"), Some(2)));
        assert!(page.contents()[0].owner().is_none());
        let page = server.s3.list_objects_v2().bucket(&bucket).fetch_owner(true).send().await.unwrap();
        assert!(page.contents()[0].owner().is_some());
    });
}

#[test]
fn buckets_are_listed_page_by_page() {
    everywhere(async |server| {
        let mut names: Vec<String> = Vec::new();
        for _ in 0..3 {
            names.push(server.bucket().await);
        }
        names.sort();
        let (mut found, mut token) = (Vec::new(), None);
        loop {
            let call = server.s3.list_buckets().max_buckets(1).prefix("contract-");
            let page = call.set_continuation_token(token).send().await.unwrap();
            assert!(page.buckets().len() <= 1);
            found.extend(page.buckets().iter().map(|bucket| bucket.name().unwrap().to_owned()));
            token = page.continuation_token;
            if token.is_none() {
                break;
            }
        }
        assert!(names.iter().all(|name| found.contains(name)) && found.is_sorted(), "{found:?}");
        let none = server.s3.list_buckets().prefix("contract-").bucket_region("eu-central-1").send().await.unwrap();
        assert_eq!(none.buckets().len(), 0);
        let refusal = refused(server.s3.list_buckets().max_buckets(0).send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (400, "InvalidArgument"));
        assert_eq!(code(&server.s3.list_buckets().continuation_token("nonsense").send().await), "InvalidArgument");
    });
}
