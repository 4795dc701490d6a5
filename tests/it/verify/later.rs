//! Runs that go on, and runs that are compared with earlier ones.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{Gallery, checks, found};

const ANY: &str = "[[rule]]\naccess = \"public\"\nwidth = { min = 20 }";

async fn forty() -> Gallery {
    let gallery = Gallery::open(&[""]).await;
    for at in 0..40 {
        // Every tenth is too small.
        gallery.jpeg(&format!("{at:02}.jpg"), at, if at % 10 == 0 { 10 } else { 30 }, 20).await;
    }
    gallery
}

/// Starts a slow run and waits until some files have a result.
async fn begun(gallery: &Gallery, report: &str) -> Child {
    let mut run = gallery.command(ANY, &["s3://shop", "--report", report, "--limit-rate", "10", "--json"]);
    let child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let results = gallery.path("report/unfinished.sqlite");
    let until = Instant::now() + Duration::from_secs(20);
    while count(&results) < 5 {
        assert!(Instant::now() < until, "nothing was written down");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child
}

fn count(results: &std::path::Path) -> u64 {
    match results.exists() {
        true => brimful::store::verification::Results::open(results).and_then(|it| it.count()).unwrap_or(0),
        false => 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_killed_goes_on_where_it_stopped() {
    let gallery = forty().await;
    let report = gallery.path("report").display().to_string();
    let mut child = begun(&gallery, &report).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let results = gallery.path("report/unfinished.sqlite");
    let before = count(&results);
    assert!((5..40).contains(&before), "{before}");
    assert!(!gallery.path("report/report.json").exists());

    let other = gallery.verify("[[rule]]\nwidth = 5", &["s3://shop", "--report", &report, "--resume"]).await;
    assert!(other.code == 2 && other.err.contains("was about something else"), "{}", other.err);

    let said = gallery.verify(ANY, &["s3://shop", "--report", &report, "--resume", "--json"]).await;
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains(&format!("Going on: {before} files have a result already")), "{}", said.err);
    let all = checks(&said.json());
    assert_eq!((all.len(), all.values().filter(|found| !found.is_empty()).count()), (40, 4));
    assert!(gallery.path("report/report.json").exists() && !results.exists());
    let said = gallery.verify(ANY, &["s3://shop", "--report", &report, "--resume"]).await;
    assert!(said.err.contains("Nothing was interrupted there"), "{}", said.err);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_keeps_what_was_found() {
    let gallery = forty().await;
    let report = gallery.path("report").display().to_string();
    let child = begun(&gallery, &report).await;
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let said = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let err = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(130), "{err}");
    assert!(err.contains("The same with --resume goes on"), "{err}");
    let before = count(&gallery.path("report/unfinished.sqlite"));
    assert!((5..40).contains(&before), "{before}");
    // Whoever begins anew does so.
    let said = gallery.verify(ANY, &["s3://shop", "--report", &report, "--json"]).await;
    assert_eq!(checks(&said.json()).len(), 40, "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_has_changed_counts_against_an_earlier_report() {
    let gallery = forty().await;
    let report = gallery.path("report").display().to_string();
    let first = gallery.verify(ANY, &["s3://shop", "--report", &report]).await;
    assert_eq!((first.code, first.out.lines().count()), (1, 4), "{}", first.err);
    let baseline = gallery.path("report/report.json").display().to_string();

    let same = gallery.verify(ANY, &["s3://shop", "--baseline", &baseline, "--json"]).await;
    assert_eq!(same.code, 0, "{}", same.err);
    assert!(same.err.contains("36 as expected, 4 as the earlier report knew"), "{}", same.err);
    assert!(same.json().iter().any(|row| row["findings"][0]["change"] == "known"));

    // Of those that are not checked this time nothing is said.
    let part = gallery.verify(ANY, &["s3://shop/0", "--baseline", &baseline]).await;
    assert!(part.code == 0 && !part.err.contains("gone") && part.out.is_empty(), "{}{}", part.out, part.err);

    // One is mended, another breaks, one is smaller still.
    gallery.jpeg("00.jpg", 0, 30, 20).await;
    gallery.jpeg("01.jpg", 1, 10, 20).await;
    gallery.jpeg("10.jpg", 10, 8, 20).await;
    let words = ["s3://shop", "--baseline", &baseline, "--report", &report];
    let said = gallery.verify(ANY, &words).await;
    assert_eq!(said.code, 1, "{}", said.err);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(
        lines,
        [
            "error    01.jpg: It is 10 pixels wide, less than 20 (width, rule **)",
            "gone     00.jpg: It is 10 pixels wide, less than 20",
        ]
    );
    assert!(said.err.contains("1 not as expected, 3 as the earlier report knew; 1 finding is gone"), "{}", said.err);
    let html = gallery.text("report/report.html");
    assert!(html.contains("Gone since the earlier report") && html.contains("Known from the earlier report"));
    let json: serde_json::Value = serde_json::from_str(&gallery.text("report/report.json")).unwrap();
    assert_eq!(json["resolved"][0]["path"], "00.jpg");
    let all = checks(json["files"].as_array().unwrap());
    assert_eq!(found(&all, "10.jpg"), ["width"]);

    let broken = gallery.file("broken.json", "{\"format\":\"other\"}");
    let said = gallery.verify(ANY, &["s3://shop", "--baseline", &broken]).await;
    assert!(said.code == 2 && said.err.contains("broken.json could not be read"), "{}", said.err);
}
