//! Objects copied and moved in a terminal: names, taken names, folders into themselves, and sources that must stay.

use test_case::test_case;

use crate::ls_cli::{Said, says};
use crate::practice_support::Practice;
use crate::rm_cli::{ODD, forbid, holding, keep_versions, keys};

async fn cp(practice: &Practice, words: &[&str]) -> Said {
    says(practice, "cp", words).await
}

async fn mv(practice: &Practice, words: &[&str]) -> Said {
    says(practice, "mv", words).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_object_is_copied_with_all_that_belongs_to_it() {
    let practice = holding(&[]).await;
    practice.bucket("other").await;
    let put = practice.s3.put_object().bucket("acme").key("a b/c+é.png").body(b"12345".to_vec().into());
    put.content_type("image/png").metadata("who", "me").tagging("t=1").send().await.unwrap();
    let said = cp(&practice, &["s3://acme/a b/c+é.png", "s3://other/new/"]).await;
    let line = "copied  s3://acme/a b/c+é.png -> s3://other/new/c+é.png\n";
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, line, ""));
    let head = practice.s3.head_object().bucket("other").key("new/c+é.png").send().await.unwrap();
    assert_eq!((head.content_type(), head.metadata().unwrap()["who"].as_str()), (Some("image/png"), "me"));
    let json = cp(&practice, &["s3://acme/a b/c+é.png", "s3://other/d", "--json"]).await.json();
    assert_eq!((json[0]["state"].as_str(), json[0]["size"].as_u64()), (Some("copied"), Some(5)));
    assert_eq!((json[0]["to"].as_str(), json[0].get("why")), (Some("s3://other/d"), None));
    assert_eq!(practice.get("other", "d").await, b"12345");
}

#[test_case("cp", &["s3://acme/a", "s3://acme/a"], 2, "s3://acme/a would be copied onto itself"; "onto itself")]
#[test_case("cp", &["s3://acme/x/", "s3://acme/x", "-r"], 2, "would be copied onto itself"; "a folder onto itself")]
#[test_case("mv", &["s3://acme/x/", "s3://acme/x/y/", "-ry"], 2, "cannot be moved into itself: s3://acme/x/y/ lies in it"; "into itself")]
#[test_case("cp", &["s3://acme", "s3://acme/a"], 2, "Add --recursive"; "a bucket")]
#[test_case("cp", &["s3://acme/x/", "s3://acme/z/", "-r", "--version-id", "v"], 2, "Leave --recursive out"; "a version of many")]
#[test_case("mv", &["s3://acme/x/", "s3://acme/z/", "-r"], 2, "Moving 2 objects (6 bytes) under s3://acme/x/ needs a yes"; "more than one without a yes")]
#[test_case("cp", &["s3://acme/c", "s3://acme/d"], 1, "c is not in acme"; "what is not there")]
#[test_case("cp", &["s3://acme/c/", "s3://acme/d/", "-r"], 1, "There is nothing to copy"; "a folder that is not there")]
#[test_case("mv", &["s3://acme/a", "s3://never-made/a"], 1, "never-made"; "into a bucket that is not there")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_done_says_why(command: &'static str, words: &[&str], code: i32, why: &str) {
    let practice = holding(&["a", "x/1", "x/2"]).await;
    let said = says(&practice, command, words).await;
    assert_eq!((said.code, said.out.as_str()), (code, ""), "{}", said.err);
    assert!(said.err.contains(why), "{}", said.err);
    assert_eq!(keys(&practice, "acme").await, ["a", "x/1", "x/2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_keys_and_many_are_copied_between_buckets() {
    let many: Vec<String> = (0..1_200).map(|number| format!("many/{number:04}")).collect();
    let practice = holding(&many.iter().map(String::as_str).chain(ODD).collect::<Vec<_>>()).await;
    practice.bucket("other").await;
    let said = cp(&practice, &["s3://acme", "s3://other/new/", "-r", "--json"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.starts_with("1,209 objects (") && said.err.ends_with(") copied\n"), "{}", said.err);
    assert_eq!(said.json().len(), 1_209);
    let expected: Vec<String> = keys(&practice, "acme").await.iter().map(|key| format!("new/{key}")).collect();
    assert_eq!(keys(&practice, "other").await, expected);
    for key in ODD {
        assert_eq!(practice.get("other", &format!("new/{key}")).await, key.as_bytes());
    }
}

/// What becomes of a copy of `a` to `b`: its exit code, its line, what is in `b` then, and in `b-2`.
#[test_case("skip", "new", "old", "skipped", "old", None; "what is there stays")]
#[test_case("overwrite", "new", "old", "copied", "new", None; "what is there is replaced")]
#[test_case("rename", "new", "old", "copied", "old", Some("new"); "both are kept")]
#[test_case("newer", "new", "old", "skipped", "old", None; "what is there is younger")]
#[test_case("different", "new", "old", "copied", "new", None; "what is there is another")]
#[test_case("different", "same", "same", "skipped", "same", None; "what is there is the same")]
#[tokio::test(flavor = "multi_thread")]
async fn a_name_may_be_taken(how: &str, a: &str, b: &str, state: &str, there: &str, numbered: Option<&str>) {
    let practice = holding(&[]).await;
    practice.put("acme", "a.x", a.as_bytes()).await;
    practice.put("acme", "b.x", b.as_bytes()).await;
    let words = ["s3://acme/a.x", "s3://acme/b.x", "--if-exists", how];
    let dry = cp(&practice, &[&words[..], &["--dry-run"]].concat()).await;
    assert_eq!((dry.code, keys(&practice, "acme").await.len()), (0, 2));
    let said = cp(&practice, &words).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with(state), "{}", said.out);
    assert_eq!(dry.out, said.out.replace("copied", "would copy"));
    assert_eq!(practice.get("acme", "b.x").await, there.as_bytes());
    assert_eq!(keys(&practice, "acme").await.len(), 2 + usize::from(numbered.is_some()));
    if let Some(numbered) = numbered {
        assert_eq!(practice.get("acme", "b-2.x").await, numbered.as_bytes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_replaced_where_it_is_older() {
    let practice = holding(&["b"]).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    practice.put("acme", "a", b"new").await;
    let said = cp(&practice, &["s3://acme/a", "s3://acme/b", "--if-exists", "newer"]).await;
    assert_eq!((said.code, practice.get("acme", "b").await), (0, b"new".to_vec()), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_copied_into_itself_comes_to_an_end() {
    let practice = holding(&["a/1", "a/b/2", "a/z/3"]).await;
    let said = cp(&practice, &["s3://acme/a/", "s3://acme/a/b/", "-r"]).await;
    let note = "What lies under s3://acme/a/b/ is left out: the copies go there\n2 objects (8 bytes) copied\n";
    assert_eq!((said.code, said.err.as_str(), said.out.lines().count()), (0, note, 2), "{}", said.out);
    assert_eq!(keys(&practice, "acme").await, ["a/1", "a/b/1", "a/b/2", "a/b/z/3", "a/z/3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_moved_one_level_up_loses_nothing() {
    let practice = holding(&["a/b/1", "a/b/b/1"]).await;
    let said = mv(&practice, &["s3://acme/a/b/", "s3://acme/a/", "-ry", "--if-exists", "overwrite"]).await;
    assert_eq!(said.code, 1);
    assert!(said.err.starts_with("s3://acme/a/b/b/1: It would take the place of something"), "{}", said.err);
    assert_eq!(keys(&practice, "acme").await, ["a/1", "a/b/b/1"]);
    assert_eq!(practice.get("acme", "a/1").await, b"a/b/1");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_moved_is_there_and_no_longer_here() {
    let practice = holding(&["old/1", "old/é +", "old/x//2", "other"]).await;
    practice.put("acme", "new/1", b"taken").await;
    let dry = mv(&practice, &["s3://acme/old/", "s3://acme/new/", "-r", "--dry-run"]).await;
    assert_eq!((dry.code, dry.out.lines().count()), (0, 3), "{}", dry.err);
    assert!(dry.err.starts_with("2 objects") && dry.err.ends_with("would be moved, 1 skipped\n"), "{}", dry.err);
    let said = mv(&practice, &["s3://acme/old/", "s3://acme/new/", "-ry"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("skipped  s3://acme/old/1 -> s3://acme/new/1  (the name is taken)"), "{}", said.out);
    assert_eq!(keys(&practice, "acme").await, ["new/1", "new/x//2", "new/é +", "old/1", "other"]);
    assert_eq!(practice.get("acme", "new/1").await, b"taken");
    assert_eq!(practice.get("acme", "new/é +").await, "old/é +".as_bytes());
    let one = mv(&practice, &["s3://acme/old/1", "s3://acme/last"]).await;
    assert_eq!((one.code, one.out.as_str()), (0, "moved  s3://acme/old/1 -> s3://acme/last\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_deleted_stays_and_is_named() {
    let practice = holding(&["a/1", "a/2"]).await;
    forbid(&practice, "s3:DeleteObject", "a/2").await;
    let said = mv(&practice, &["s3://acme/a/", "s3://acme/b/", "-ry", "--json"]).await;
    assert_eq!(said.code, 1);
    assert!(said.err.contains("s3://acme/a/2: It is copied, and the source stays. "), "{}", said.err);
    assert!(said.err.ends_with("1 object (3 bytes) moved, 1 failed\n"), "{}", said.err);
    assert_eq!(keys(&practice, "acme").await, ["a/2", "b/1", "b/2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_bucket_that_keeps_versions_a_source_is_hidden_and_can_be_brought_back() {
    let practice = holding(&[]).await;
    keep_versions(&practice).await;
    practice.put("acme", "a", b"old").await;
    practice.put("acme", "a", b"new").await;
    assert_eq!(mv(&practice, &["s3://acme/a", "s3://acme/b"]).await.code, 0);
    assert_eq!(keys(&practice, "acme").await, ["b"]);
    let found = practice.s3.list_object_versions().bucket("acme").prefix("a").send().await.unwrap();
    assert_eq!((found.versions().len(), found.delete_markers().len()), (2, 1));
    let oldest = found.versions().last().unwrap().version_id().unwrap();
    let back = cp(&practice, &["s3://acme/a", "s3://acme/a", "--version-id", oldest]).await;
    assert_eq!((back.code, practice.get("acme", "a").await), (0, b"old".to_vec()), "{}", back.err);
}
