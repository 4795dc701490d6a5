//! Where names come from, how files are asked for, and what is expected of them: also from files.

use brimful::domain::verify::{Access, Standing, parse, write};
use brimful::model::check::many::{AskedAs, What};

use super::*;

#[test]
fn a_table_names_addresses_and_keys() {
    let mut person = at_the_page(Window::default());
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join("list.csv");
    let endpoint = person.core(|core| core.practice.as_ref().unwrap().endpoint());
    let rows = format!("sku;url\n1;{endpoint}/{BUCKET}/photos/lake-morning.jpg\n2;private/contract.jpg\n");
    std::fs::write(&list, rows).unwrap();
    person.clicks("The addresses or keys that a file names");
    person.clicks("Start checking");
    person.sees("Choose the file first");
    person.will_pick(&[list]);
    person.clicks("Choose file…");
    person.sees("list.csv");
    starts(&mut person);
    person.sees("What list.csv names, as anyone on the internet");
    let found = standings(&person);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], ("private/contract.jpg".to_owned(), Standing::Error));
    assert_eq!(found[1].1, Standing::AsExpected);
}

#[test]
fn a_sitemap_is_fetched_and_one_without_images_says_so() {
    let mut person = at_the_page(Window::default());
    let endpoint = person.core(|core| core.practice.as_ref().unwrap().endpoint());
    let image =
        format!("<image:image><image:loc>{endpoint}/{BUCKET}/photos/lake-morning.jpg</image:loc></image:image>");
    let map = |images: &str| {
        format!(
            "<urlset xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\"><url>\
             <loc>{endpoint}/{BUCKET}/photos/readme.txt</loc>{images}</url></urlset>"
        )
    };
    puts(&person, "photos/map.xml", map(&image).as_bytes(), "application/xml");
    puts(&person, "photos/bare.xml", map("").as_bytes(), "application/xml");
    person.clicks("What a sitemap names");
    person.fills("Sitemap", &format!("{endpoint}/{BUCKET}/photos/map.xml"));
    starts(&mut person);
    assert_eq!(standings(&person).len(), 1);
    changes_form(&mut person, |form| form.sitemap = format!("{endpoint}/{BUCKET}/photos/bare.xml"));
    person.clicks("Change…");
    person.clicks("Start checking");
    person.sees("names no images. Its pages can be checked instead");
    person.clicks("Change…");
    person.clicks("Check its pages instead of its images");
    starts(&mut person);
    assert_eq!(standings(&person)[0].1, Standing::AsExpected);
}

#[test]
fn with_the_sign_in_everything_is_looked_into() {
    let mut person = at_the_page(Window::default());
    person.clicks("With the sign-in of this connection");
    person.clicks("Does not matter");
    starts(&mut person);
    let found = standings(&person);
    let private = found.iter().find(|row| row.0 == "private/contract.jpg").unwrap();
    assert_eq!(private.1, Standing::AsExpected, "{found:?}");
}

#[test]
fn another_address_in_front_is_asked_and_one_where_nobody_is_fails() {
    let mut person = at_the_page(Window::default());
    person.clicks("As anyone, at an address in front of it, such as a CDN");
    person.fills("Address in front", "cdn.example");
    person.clicks("Start checking");
    person.sees("An address in front of the bucket: write it with its beginning, such as https://cdn.example");
    let endpoint = person.core(|core| core.practice.as_ref().unwrap().endpoint());
    person.fills("Address in front", &format!("{endpoint}/{BUCKET}"));
    starts(&mut person);
    assert_eq!(standings(&person).iter().filter(|row| row.1 == Standing::Error).count(), 3);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    changes_form(&mut person, |form| form.front = format!("http://{free}"));
    person.clicks("Change…");
    person.clicks("Start checking");
    person.sees("It could not be checked to the end.");
    assert!(matches!(state(&person), Some(RunState::Failed(_))));
    assert!(standings(&person).iter().all(|row| row.1 == Standing::Unknown));
    // They are asked again, and not taken as answered for.
    person.clicks("Try again");
    person.waits_until("it fails again", |model| {
        let run = model.check.many().unwrap().run.as_ref().unwrap();
        matches!(run.state, RunState::Failed(_)) && run.done == 5
    });
}

#[test]
fn expectations_are_saved_and_loaded_again() {
    let mut person = at_the_page(Window::default());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mine.toml");
    person.clicks("Only with a sign-in");
    person.clicks("More expectations");
    person.fills("Kept by browsers for at least", "30d");
    person.will_pick(std::slice::from_ref(&path));
    person.clicks("Save expectations…");
    person.sees("Expectations saved");
    let saved = parse(&text(&path)).unwrap();
    assert_eq!((saved.rules[0].access, saved.rules[0].max_age_secs), (Some(Access::Private), Some(2_592_000)));
    // The command takes the file.
    person.clicks("Copy the command");
    assert!(person.has_copied().starts_with(&format!("brimful verify s3://{BUCKET}/ --expect {}", path.display())));
    changes_form(&mut person, |form| form.expected = Default::default());
    person.will_pick(std::slice::from_ref(&path));
    person.clicks("Load expectations…");
    person.waits_until("they are in the form", |model| model.check.many().unwrap().form.expected.max_age == "30d");

    // What the form cannot show stays as it is.
    let rules = "[[rule]]\nname = \"logos\"\nmatch = \"photos/*.png\"\nwidth = { min = 1000 }\n";
    std::fs::write(&path, rules).unwrap();
    person.will_pick(std::slice::from_ref(&path));
    person.clicks("Load expectations…");
    person.sees("1 rule of mine.toml");
    starts(&mut person);
    let found = table(&person);
    assert_eq!(
        found[0],
        ("photos/team-header.png".to_owned(), Standing::Error, "It is 240 pixels wide, less than 1,000".to_owned())
    );
    assert!(found[1..].iter().all(|row| row.1 == Standing::WithoutRule), "{found:?}");
    let kept = person.model(|model| model.check.many().unwrap().loaded.clone().unwrap().expectations);
    assert_eq!(write(&kept), rules);

    std::fs::write(&path, "[[rule]]\nacess = \"public\"\n").unwrap();
    person.clicks("Change…");
    person.will_pick(std::slice::from_ref(&path));
    person.clicks("Load expectations…");
    person.sees("mine.toml, line 2, acess: there is no such key. Did you mean access?");
    person.sees("1 rule of mine.toml");
}

#[test]
fn against_an_earlier_report_only_news_are_told() {
    let mut person = at_the_page(Window::default());
    starts(&mut person);
    let dir = tempfile::tempdir().unwrap();
    person.will_pick(&[dir.path().to_owned()]);
    person.clicks("Save report…");
    person.sees("Report saved");
    let png = pictures::file(ImageFormat::Png, 2, 240, 160);
    puts(&person, "photos/team-header.png", &png, "image/png");
    puts(&person, "photos/new.jpg", &png, "image/jpeg");
    person.clicks("Change…");
    person.will_pick(&[dir.path().join("report.json")]);
    person.clicks("Compare with an earlier report…");
    person.sees("Compared with");
    starts(&mut person);
    person.sees("6 files checked: 3 as expected, 1 not as expected, 2 as the earlier report knew; 1 finding is gone");
    person.clicks("Known before 2");
    person.waits_until("two are left", |model| model.check.many().unwrap().view.page.rows.len() == 2);
    person.sees("contract.jpg, Known before: Strangers are refused with 403");
}

#[test]
fn a_report_that_cannot_be_read_is_told_and_read_when_it_is_there() {
    let mut person = at_the_page(Window::default());
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("report.json");
    changes_form(&mut person, |form| form.baseline = Some(report.clone()));
    person.clicks("Start checking");
    person.sees("report.json could not be read");
    std::fs::write(
        &report,
        r#"{"format":"brimful-verify-1","files":[{"path":"photos/harbour.jpg","findings":[
        {"rule":"images","check":"decodes","severity":"error","sentence":"Cut off"}]}]}"#,
    )
    .unwrap();
    person.clicks("Try again");
    waits_for_the_end(&mut person);
    person.sees("5 files checked: 2 as expected, 2 not as expected, 1 as the earlier report knew");
}

#[test]
fn a_bucket_that_may_not_be_listed_says_which_permission_is_missing() {
    let mut person = at_the_page(Window::default());
    listing_is_refused(&person);
    person.clicks("Start checking");
    person.sees("Nothing could be checked");
    person.sees("Missing permission s3:ListBucket");
    person.clicks("Why was I refused?");
    person.sees("Meet the condition");
}

#[test]
fn the_form_is_whole_in_the_model() {
    let mut person = at_the_page(Window::default());
    person.clicks("A folder");
    person.fills("Folder", "photos/");
    person.clicks("With the sign-in of this connection");
    let form = person.model(|model| model.check.many().unwrap().form.clone());
    assert_eq!((form.what, form.prefix.as_str(), form.asked), (What::Folder, "photos/", AskedAs::SignedIn));
}
