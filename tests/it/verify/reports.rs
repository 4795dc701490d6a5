use brimful::domain::csv::Records;
use image::ImageFormat;

use super::{Gallery, checks, found};
use crate::support::pictures;

const HOSTILE: &str = "photos/<script>alert('x')</script>&\".jpg";
const FORMULA: &str = "=HYPERLINK(\"http://x\").jpg";
const EXPECT: &str = "[[rule]]\nname = \"<b>rule</b>\"\nmatch = \"**\"\nexcept = \"free/**\"\naccess = \"public\"\n\
                      width = { min = 100 }\ndecodes = true\n\
                      [[rule]]\nname = \"soft\"\nmatch = \"*.jpg\"\nseverity = \"warning\"\nheight = { max = 60 }\n";

/// Files of every kind of outcome, with names that mean no good.
async fn reported() -> Gallery {
    let gallery = Gallery::open(&[""]).await;
    gallery.jpeg("photos/good.jpg", 1, 200, 50).await;
    gallery.jpeg("photos/tall.jpg", 2, 200, 100).await;
    gallery.jpeg(HOSTILE, 3, 50, 50).await;
    gallery.jpeg(FORMULA, 4, 50, 100).await;
    gallery
        .put("photos/clear.png", pictures::encode(image::RgbaImage::new(120, 40), ImageFormat::Png), "image/png")
        .await;
    gallery.put("photos/new.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf".to_vec(), "image/avif").await;
    gallery.put("free/readme.txt", b"hello".to_vec(), "text/plain").await;
    let report = gallery.path("out/report").display().to_string();
    let said = gallery.verify(EXPECT, &["s3://shop", "--report", &report]).await;
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(
        said.err.contains("6 files checked: 2 as expected, 2 not as expected, 1 warned about, 1 could not be told"),
        "{}",
        said.err
    );
    gallery
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_can_read_every_report() {
    let gallery = reported().await;
    let json: serde_json::Value = serde_json::from_str(&gallery.text("out/report/report.json")).unwrap();
    assert_eq!(json["format"], "brimful-verify-1");
    assert_eq!((json["totals"]["files"].as_u64(), json["totals"]["without_rule"].as_u64()), (Some(7), Some(1)));
    let all = checks(json["files"].as_array().unwrap());
    assert_eq!(found(&all, HOSTILE), ["width"]);
    assert_eq!(found(&all, FORMULA), ["width", "height (warning)"]);
    assert_eq!(found(&all, "photos/new.avif"), ["decodes (unknown)"]);

    let table = gallery.text("out/report/report.csv");
    let records: Vec<Vec<String>> = Records::new(table.as_bytes()).map(Result::unwrap).collect();
    assert!(records.iter().all(|record| record.len() == records[0].len()) && records.len() == 8);
    assert_eq!(&records[0][..4], ["path", "url", "result", "status"]);
    let row = |path: &str| records.iter().find(|record| record[0] == path).unwrap_or_else(|| panic!("{path}: {table}"));
    assert_eq!(row(HOSTILE)[2], "error");
    assert_eq!(row(&format!("'{FORMULA}"))[2], "error", "no spreadsheet takes it for a formula");
    assert_eq!((row("photos/tall.jpg")[2].as_str(), row("free/readme.txt")[2].as_str()), ("warning", "no rule"));
    assert_eq!(&row("photos/good.jpg")[7..9], ["200", "50"]);

    let text = gallery.text("out/report/junit.xml");
    let xml = roxmltree::Document::parse(&text).unwrap();
    let suite = xml.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
    let counts = ["tests", "failures", "errors", "skipped"].map(|name| suite.attribute(name).unwrap());
    assert_eq!(counts, ["7", "2", "1", "1"]);
    for (element, number) in [("testcase", 7), ("failure", 2), ("error", 1), ("skipped", 1), ("system-out", 2)] {
        assert_eq!(xml.descendants().filter(|node| node.has_tag_name(element)).count(), number, "{element}");
    }
    let names: Vec<_> = xml.descendants().filter_map(|node| node.attribute("name")).collect();
    assert!(names.contains(&"script>&\".jpg") && names.contains(&FORMULA.rsplit('/').next().unwrap()), "{names:?}");
    let left: Vec<_> =
        std::fs::read_dir(gallery.path("out/report")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "nothing half is left: {left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_loads_nothing_and_runs_nothing_of_others() {
    let gallery = reported().await;
    let html = gallery.text("out/report/report.html");
    assert!(html.contains("<h1 class=\"error\">") && html.contains("2 of 6 files are not as expected"));
    assert!(html.contains("Content-Security-Policy") && html.contains("default-src 'none'"));
    assert!(!html.contains("<script>alert") && html.contains("&lt;script&gt;alert(&#39;x&#39;)"));
    assert!(!html.contains("<b>rule</b>") && html.contains("&lt;b&gt;rule&lt;/b&gt;"));
    assert_eq!(html.matches("<script").count(), 1, "its own");
    for loading in ["src=\"http", "url(", "@import", "<link", "<iframe"] {
        assert!(!html.contains(loading), "{loading}");
    }
    // Everything that is a picture is shown, and the others say what they are.
    assert_eq!(html.matches("src=\"data:image/").count(), 5);
    assert!(html.contains("data:image/png;base64,") && html.contains("<span class=\"thumb\">avif</span>"));
    let links = html.matches("href=\"").count();
    let own = html.matches(&format!("href=\"{}", gallery.practice.server.endpoint())).count()
        + html.matches("href=\"#i-").count();
    assert_eq!(links, own, "links lead to the files");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_cannot_be_written_says_so() {
    let gallery = Gallery::open(&[""]).await;
    gallery.jpeg("a.jpg", 1, 32, 20).await;
    let file = gallery.file("taken", "");
    let said = gallery.verify("[[rule]]\nwidth = 32", &["s3://shop", "--report", &format!("{file}/in")]).await;
    assert!(said.code == 2 && said.err.contains("taken"), "{} {}", said.code, said.err);
}
