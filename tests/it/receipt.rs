//! After sending, a person keeps a receipt: as a table for a spreadsheet, and as JSON.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::Path;

use brimful::model::command::{FrameCommand, Screen};
use brimful::model::gallery::GalleryCommand;
use brimful::model::upload::{UploadCommand, UploadSource};

use crate::support::{Person, Window};

const BUCKET: &str = "acme-site-images";

/// Two files have been sent, one of which was gone by then.
fn after_sending(window: Window) -> (Person, tempfile::TempDir) {
    let mut person = Person::practises_in(window);
    person.has_bucket(BUCKET, &[("there/a.txt", b"there")]);
    person.goes_to(BUCKET, "");
    let dir = tempfile::tempdir().unwrap();
    let paths: Vec<_> = ["arrives.txt", "vanishes.txt"].iter().map(|name| dir.path().join(name)).collect();
    for path in &paths {
        std::fs::write(path, "twelve bytes").unwrap();
    }
    let sources = paths.iter().cloned().map(UploadSource::Path).collect();
    person.core(|core| core.dispatch(UploadCommand::Bring(sources).into()));
    person.waits_until("the plan is ready", |model| {
        model.upload.plan.as_ref().is_some_and(|plan| !plan.found.sources.is_empty() && plan.why_not().is_none())
    });
    std::fs::remove_file(&paths[1]).unwrap();
    person.clicks("Upload 2 files");
    person.sees("1 file uploaded");
    person.core(|core| core.dispatch(FrameCommand::Show(Screen::Transfers).into()));
    (person, dir)
}

fn saves(person: &mut Person, to: &Path) -> String {
    person.will_pick(&[to.to_owned()]);
    person.clicks("Save receipt…");
    person.sees("Receipt saved");
    std::fs::read_to_string(to).unwrap()
}

#[test]
fn the_receipt_is_a_table_of_what_arrived_and_what_did_not() {
    let (mut person, dir) = after_sending(Window::default());
    let text = saves(&mut person, &dir.path().join("receipt.csv"));
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].starts_with("state,direction,local_path,bucket,key,url,size_bytes,"), "{text}");
    let endpoint = person.core(|core| core.practice.as_ref().unwrap().endpoint());
    let arrived = lines.iter().find(|line| line.starts_with("done,upload,")).unwrap();
    assert!(arrived.contains(&format!(",{BUCKET},arrives.txt,{endpoint}/{BUCKET}/arrives.txt,12,")), "{text}");
    let failed = lines.iter().find(|line| line.starts_with("failed,upload,")).unwrap();
    assert!(failed.contains("vanishes.txt") && !failed.ends_with(','), "the reason is the last cell: {text}");
    person.clicks("Show the folder");
    assert_eq!(person.revealed(), [dir.path()]);
}

#[test]
fn as_json_it_has_the_same_facts() {
    let (mut person, dir) = after_sending(Window::default());
    let text = saves(&mut person, &dir.path().join("receipt.json"));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let files = value["files"].as_array().unwrap();
    let done = files.iter().find(|file| file["state"] == "done").unwrap();
    let head =
        person.does(async |store| brimful::s3::object::head_object(&store, BUCKET, "arrives.txt").await.unwrap());
    assert_eq!(done["etag"].as_str(), head.etag.as_deref());
    assert!(done["checksum"].as_str().unwrap().starts_with("CRC64NVME:"), "{text}");
    assert!(done["request_id"].is_string() && done["version_id"].is_null(), "{text}");
    let here = dir.path().join("arrives.txt");
    assert_eq!(done["local_path"].as_str().map(Path::new), Some(here.as_path()));
    assert_eq!((done["size_bytes"].as_u64(), done["key"].as_str()), (Some(12), Some("arrives.txt")));
    let at: jiff::Timestamp = done["time_utc"].as_str().unwrap().parse().unwrap();
    assert!((jiff::Timestamp::now() - at).as_secs() < 60);
    let failed = files.iter().find(|file| file["state"] == "failed").unwrap();
    assert!(failed["reason"].as_str().unwrap().contains("vanishes.txt"), "{text}");
}

#[test]
fn one_of_several_batches_has_a_receipt_of_its_own() {
    let (mut person, dir) = after_sending(Window::default());
    let down = dir.path().join("down");
    std::fs::create_dir(&down).unwrap();
    let wish = GalleryCommand::DownloadTo { keys: vec!["there/a.txt".to_owned()], path: down.clone() };
    person.core(|core| core.dispatch(wish.into()));
    person.sees("1 file downloaded");
    person.will_pick(&[dir.path().join("receipt.json")]);
    person.clicks("Save receipt");
    person.clicks(&format!("1 file to {}…", down.display()));
    person.sees("Receipt saved");
    let text = std::fs::read_to_string(dir.path().join("receipt.json")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let files = value["files"].as_array().unwrap();
    assert_eq!(files.len(), 1, "{text}");
    assert_eq!(files[0]["direction"], "download");
    assert_eq!(files[0]["local_path"].as_str().map(Path::new), Some(down.join("there/a.txt").as_path()));
}

#[test]
fn what_cannot_be_written_is_told() {
    let (mut person, dir) = after_sending(Window::default());
    person.will_pick(&[dir.path().join("no such folder/receipt.csv")]);
    person.clicks("Save receipt…");
    person.sees("The receipt was not saved");
}
