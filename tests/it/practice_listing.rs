//! Listings against a plain model of what S3 promises.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::practice_support::Practice;

/// Keys and common prefixes in the order of their bytes, as one page without an end would show them.
fn model(keys: &BTreeSet<String>, prefix: &str, delimiter: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for key in keys.iter().filter(|key| key.starts_with(prefix)) {
        let line = match key[prefix.len()..].find(delimiter) {
            Some(at) if !delimiter.is_empty() => key[..prefix.len() + at + delimiter.len()].to_owned(),
            _ => key.clone(),
        };
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    lines
}

async fn listed(practice: &Practice, prefix: &str, delimiter: &str, page: i32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let call = practice.s3.list_objects_v2().bucket("box").prefix(prefix).max_keys(page);
        let answer = call
            .set_delimiter((!delimiter.is_empty()).then(|| delimiter.to_owned()))
            .set_continuation_token(token)
            .send()
            .await
            .unwrap();
        let mut shown: Vec<String> = answer.contents().iter().map(|object| object.key().unwrap().to_owned()).collect();
        shown.extend(answer.common_prefixes().iter().map(|folder| folder.prefix().unwrap().to_owned()));
        assert_eq!(answer.key_count(), i32::try_from(shown.len()).ok());
        assert!(shown.len() <= usize::try_from(page).unwrap());
        shown.sort();
        lines.append(&mut shown);
        token = answer.next_continuation_token().map(str::to_owned);
        assert_eq!(answer.is_truncated(), Some(token.is_some()));
        if token.is_none() {
            return lines;
        }
    }
}

#[test]
fn every_way_to_page_shows_what_the_model_shows() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let practice = runtime.block_on(Practice::start());
    runtime.block_on(practice.bucket("box"));
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() });
    let keys = proptest::collection::btree_set("[ab/é]{1,5}", 0..12);
    let case = (keys, "[ab/]{0,2}", prop_oneof![Just(""), Just("/"), Just("a"), Just("é/")], 1..5_i32);
    runner
        .run(&case, |(keys, prefix, delimiter, page)| {
            runtime.block_on(async {
                for key in &keys {
                    practice.put("box", key, b"").await;
                }
                let found = listed(&practice, &prefix, delimiter, page).await;
                for key in &keys {
                    practice.s3.delete_object().bucket("box").key(key).send().await.unwrap();
                }
                prop_assert_eq!(found, model(&keys, &prefix, delimiter));
                Ok(())
            })
        })
        .unwrap();
    runtime.block_on(practice.server.shutdown());
}

#[tokio::test]
async fn a_listing_starts_after_a_key_and_goes_on_by_marker() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    for key in ["a", "b/1", "b/2", "c", "d"] {
        practice.put("box", key, b"").await;
    }
    let after = practice.s3.list_objects_v2().bucket("box").start_after("b/1").send().await.unwrap();
    assert_eq!(after.contents().iter().map(|object| object.key().unwrap()).collect::<Vec<_>>(), ["b/2", "c", "d"]);
    let first = practice.s3.list_objects().bucket("box").delimiter("/").max_keys(2).send().await.unwrap();
    assert_eq!((first.contents()[0].key(), first.common_prefixes()[0].prefix()), (Some("a"), Some("b/")));
    assert_eq!(first.next_marker(), Some("b/"));
    let rest = practice.s3.list_objects().bucket("box").delimiter("/").marker("b/").send().await.unwrap();
    assert!(rest.common_prefixes().is_empty());
    assert_eq!(rest.contents().iter().map(|object| object.key().unwrap()).collect::<Vec<_>>(), ["c", "d"]);
    let none = practice.s3.list_objects_v2().bucket("box").max_keys(0).send().await.unwrap();
    assert_eq!((none.key_count(), none.is_truncated()), (Some(0), Some(false)));
    let owner = practice.s3.list_objects_v2().bucket("box").fetch_owner(true).send().await.unwrap();
    assert!(owner.contents()[0].owner().is_some());
}
