use super::*;
use crate::domain::object_key;
use proptest::prelude::*;
use std::collections::{HashMap, HashSet};
use test_case::test_case;

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
const MD5: &str = "0123456789abcdef0123456789abcdef";

fn options(prefix: &str) -> PlanOptions {
    PlanOptions::new(prefix, jiff::civil::date(2026, 3, 14).at(9, 41, 0, 0))
}

fn there(keys: &[&str]) -> HashMap<String, Existing> {
    keys.iter().map(|k| ((*k).to_owned(), Existing { size_bytes: 10, etag: Some(MD5.into()) })).collect()
}

fn jpegs(names: &[&str]) -> Vec<Source> {
    names.iter().map(|n| Source::new(n, 10, JPEG)).collect()
}

fn keys(plan: &Plan) -> Vec<&str> {
    plan.items.iter().map(|i| i.key.as_str()).collect()
}

fn words(item: &PlanItem) -> Vec<String> {
    item.notes.iter().map(Note::words).collect()
}

#[test]
fn the_plan_of_the_picture() {
    let mut sources = vec![
        Source::new("lake-morning.jpg", 1_800_000, JPEG),
        Source::new("Mug Lagoon (02).JPG", 412_000, JPEG),
        Source::new("IMG_2041.jpg", 3_100_000, JPEG),
        Source::new("team-header.png", 640_000, JPEG),
        Source::new("price-list.pdf", 214_000, b"%PDF-1.7\n"),
        Source::new("dunes-evening.jpg", 10, JPEG),
    ];
    sources[2].holds_location = true;
    sources[5].md5 = Some(MD5.to_uppercase());
    let existing = there(&["photos/2026/lake-morning.jpg", "photos/2026/dunes-evening.jpg"]);
    let options = PlanOptions { images_only: true, ..options("photos/2026") };
    let plan = plan(&sources, &HashMap::new(), &existing, &options);
    assert_eq!(
        keys(&plan),
        [
            "photos/2026/lake-morning-2.jpg",
            "photos/2026/mug-lagoon-02.jpg",
            "photos/2026/img-2041.jpg",
            "photos/2026/team-header.jpg",
            "photos/2026/price-list.pdf",
            "photos/2026/dunes-evening.jpg"
        ]
    );
    let first: Vec<_> = plan.items.iter().map(|i| words(i)[0].clone()).collect();
    assert_eq!(
        first,
        [
            "This name is taken",
            "Name cleaned for the web",
            "Holds a location",
            "A JPEG, named .png",
            "Not an image",
            "Same bytes are already there"
        ]
    );
    assert_eq!(plan.items[2].location(), Some(LocationFate::Kept));
    assert_eq!(plan.items[3].notes[0].aside().as_deref(), Some("Goes as .jpg"));
    assert_eq!(plan.items[3].content_type, "image/jpeg");
    assert_eq!(plan.items[4].action, Action::LeftOut(LeftOut::NotAnImage));
    assert_eq!(plan.items[5].action, Action::LeftOut(LeftOut::SameBytes));
    assert_eq!(plan.totals.summary(), "4 files · 6.0 MB · 2 left out");
    assert_eq!((plan.heading("acme"), plan.button()), ("Upload 6 files to acme".into(), "Upload 4 files".into()));
}

#[test_case(OnConflict::Skip, "a.jpg", &Action::LeftOut(LeftOut::Skipped); "skip")]
#[test_case(OnConflict::KeepBoth, "a-2.jpg", &Action::KeepBoth { wanted: "a.jpg".into() }; "keep both")]
#[test_case(OnConflict::Overwrite, "a.jpg", &Action::Overwrite; "overwrite")]
fn taken_names(choice: OnConflict, key: &str, action: &Action) {
    let options = PlanOptions { on_conflict: choice, ..options("") };
    let whole = plan(&jpegs(&["a.jpg"]), &HashMap::new(), &there(&["a.jpg"]), &options);
    assert_eq!((keys(&whole)[0], &whole.items[0].action), (key, action));
    assert_eq!(whole.items[0].if_none_match(), choice == OnConflict::KeepBoth);

    // One file's own choice wins over that for all.
    let own = HashMap::from([(0, Choice { on_conflict: Some(choice), ..Choice::default() })]);
    let single =
        plan(&jpegs(&["a.jpg"]), &own, &there(&["a.jpg"]), &PlanOptions { on_conflict: OnConflict::Skip, ..options });
    assert_eq!(&single.items[0].action, action);
}

#[test]
fn files_of_one_drop_never_replace_each_other() {
    let sources = jpegs(&["a.jpg", "x/A.jpg", "a-2.jpg"]);
    let options = PlanOptions { on_conflict: OnConflict::Overwrite, keep_folders: false, ..options("p/") };
    let plan = plan(&sources, &HashMap::new(), &there(&["p/a.jpg", "p/a-3.jpg"]), &options);
    assert_eq!(keys(&plan), ["p/a.jpg", "p/a-4.jpg", "p/a-2.jpg"]);
    assert_eq!(plan.items[0].action, Action::Overwrite);
    assert_eq!(plan.items[1].notes[0], Note::TakenInDrop { by: 0 });
    assert!(plan.items[1].conflict.is_some_and(|c| c.in_drop && c.choice == OnConflict::KeepBoth));
}

#[test]
fn folders_come_along_unless_the_template_places_them() {
    let sources = jpegs(&["Trip 1/Day 2/a.jpg"]);
    let key = |options: &PlanOptions| keys(&plan(&sources, &HashMap::new(), &HashMap::new(), options))[0].to_owned();
    assert_eq!(key(&options("p")), "p/trip-1/day-2/a.jpg");
    assert_eq!(key(&PlanOptions { keep_folders: false, ..options("p") }), "p/a.jpg");
    let named = PlanOptions { template: Template::parse("{name}.{ext}").unwrap(), ..options("p") };
    assert_eq!(key(&named), "p/Trip 1/Day 2/a.jpg");
    let placed = PlanOptions { template: Template::parse("{year}/{folder}/{clean}.{type}").unwrap(), ..options("p") };
    assert_eq!(key(&placed), "p/2026/trip-1/day-2/a.jpg");
}

#[test]
fn including_by_hand_wins_over_everything_but_the_impossible() {
    let mut sources = vec![
        Source::new("a.pdf", 10, b"%PDF-1.7\n"),
        Source::new("big.jpg", 1000, JPEG),
        Source::new("same.jpg", 10, JPEG),
        Source::new("locked.jpg", 10, b""),
        Source::new("huge.jpg", MAX_OBJECT_BYTES + 1, JPEG),
    ];
    sources[2].md5 = Some(MD5.into());
    sources[3].unreadable = Some("permission denied".into());
    let options = PlanOptions { images_only: true, max_bytes: Some(999), ..options("") };
    let existing = there(&["same.jpg"]);
    let reasons = |choices: &HashMap<usize, Choice>| {
        let plan = plan(&sources, choices, &existing, &options);
        plan.items
            .iter()
            .map(|i| if let Action::LeftOut(why) = i.action { Some(why) } else { None })
            .collect::<Vec<_>>()
    };
    use LeftOut::{ByHand, Impossible, NotAnImage, OverLimit, SameBytes};
    assert_eq!(
        reasons(&HashMap::new()),
        [Some(NotAnImage), Some(OverLimit), Some(SameBytes), Some(Impossible), Some(Impossible)]
    );
    let ticked = |tick| (0..5).map(|i| (i, Choice { included: Some(tick), ..Choice::default() })).collect();
    assert_eq!(reasons(&ticked(true)), [None, None, None, Some(Impossible), Some(Impossible)]);
    assert_eq!(reasons(&ticked(false))[..3], [Some(ByHand); 3]);
}

#[test]
fn asks_for_an_md5_only_where_it_could_tell() {
    let mut existing = there(&["a.jpg", "c.jpg"]);
    existing.insert("b.jpg".into(), Existing { size_bytes: 10, etag: Some(format!("{MD5}-3")) });
    existing.insert("d.jpg".into(), Existing { size_bytes: 11, etag: Some(MD5.into()) });
    let mut sources = jpegs(&["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
    sources[2].md5 = Some("f".repeat(32));
    let plan = plan(&sources, &HashMap::new(), &existing, &options(""));
    let asks: Vec<_> = plan.items.iter().map(|i| i.conflict.is_some_and(|c| c.same_size)).collect();
    assert_eq!(asks, [true, false, false, false]);
}

#[test]
fn says_what_is_odd() {
    let named = Template::parse("{name}.{ext}").unwrap();
    let sources = vec![Source::new("empty.jpg", 0, b""), Source::new("a b#.jpg", 10, JPEG)];
    let plan = plan(&sources, &HashMap::new(), &HashMap::new(), &PlanOptions { template: named, ..options("") });
    assert_eq!(words(&plan.items[0]), ["An empty file"]);
    assert_eq!(words(&plan.items[1]), ["Must be encoded in a URL: space", "Many programs trip over: #"]);
}

#[test]
fn counters_count_what_is_sent() {
    let options = PlanOptions { template: Template::parse("{counter:3}.{type}").unwrap(), ..options("") };
    let choices = HashMap::from([(1, Choice { included: Some(false), ..Choice::default() })]);
    let plan = plan(&jpegs(&["x.jpg", "y.jpg", "z.jpg"]), &choices, &HashMap::new(), &options);
    assert_eq!((keys(&plan)[0], keys(&plan)[2]), ("001.jpg", "002.jpg"));
}

#[test]
fn ten_thousand_files_of_one_name_are_planned_at_once() {
    let sources: Vec<_> = (0..10_000).map(|i| Source::new(&format!("{i}/photo.jpg"), 10, JPEG)).collect();
    let options = PlanOptions { keep_folders: false, ..options("p") };
    let started = std::time::Instant::now();
    let plan = plan(&sources, &HashMap::new(), &there(&["p/photo.jpg"]), &options);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    assert_eq!(plan.items.iter().map(|i| &i.key).collect::<HashSet<_>>().len(), 10_000);
    assert_eq!(plan.totals.renamed, 10_000);
}

#[test_case("/photos//2026", "photos/2026/"; "slashes")]
#[test_case("", ""; "root")]
#[test_case("a", "a/"; "one")]
fn prefixes(prefix: &str, tidy: &str) {
    assert_eq!(tidy_prefix(prefix), tidy);
}

proptest! {
    #[test]
    fn no_two_sent_files_share_a_key_and_nothing_is_replaced_unasked(
        names in prop::collection::vec("(x/)?[abA]{1,2}(-[23])?(\\.jpg|\\.png)?", 1..30),
        there_names in prop::collection::vec("(p/)?(x/)?[ab]{1,2}(-[23])?\\.jpg", 0..12),
        general in 0usize..3,
        own in prop::collection::vec((0usize..30, 0usize..3, prop::option::of(any::<bool>())), 0..8),
        template in prop::sample::select(vec!["{clean}.{type}", "{name}.{ext}", "{clean}", "{folder}{name}"]),
        keep_folders: bool,
    ) {
        let sources: Vec<_> = names.iter().map(|n| Source::new(n, 10, JPEG)).collect();
        let existing = there(&there_names.iter().map(String::as_str).collect::<Vec<_>>());
        let choices = own
            .into_iter()
            .map(|(i, c, included)| (i, Choice { included, on_conflict: Some(OnConflict::ALL[c]), ..Choice::default() }))
            .collect();
        let options = PlanOptions {
            on_conflict: OnConflict::ALL[general],
            template: Template::parse(template).unwrap(),
            keep_folders,
            ..options("p")
        };
        let plan = plan(&sources, &choices, &existing, &options);
        let mut sent = HashSet::new();
        for item in plan.items.iter().filter(|i| i.included()) {
            prop_assert!(sent.insert(&item.key), "{} twice", item.key);
            prop_assert_eq!(existing.contains_key(&item.key), item.action == Action::Overwrite);
            prop_assert!(object_key::check(&item.key).iter().all(|f| f.severity != object_key::Severity::Error));
        }
        prop_assert_eq!(plan.totals.files, sent.len());
        prop_assert_eq!(plan.totals.files + plan.totals.left_out, sources.len());
    }
}

#[test_case("a.jpg", JPEG, false, None, LocationFate::Kept; "kept")]
#[test_case("a.jpg", JPEG, true, None, LocationFate::Removed; "removed")]
#[test_case("a.jpg", JPEG, true, Some(false), LocationFate::Kept; "kept by hand")]
#[test_case("a.jpg", JPEG, false, Some(true), LocationFate::Removed; "removed by hand")]
#[test_case("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", true, Some(true), LocationFate::CannotBeRemoved; "heic")]
fn places_in_pictures(name: &str, head: &[u8], all: bool, one: Option<bool>, fate: LocationFate) {
    let mut source = Source::new(name, 100, head);
    source.holds_location = true;
    let choices = HashMap::from([(0, Choice { remove_location: one, ..Choice::default() })]);
    let options = PlanOptions { remove_locations: all, ..options("") };
    let plan = plan(&[source], &choices, &HashMap::new(), &options);
    assert_eq!(plan.items[0].location(), Some(fate));
    let quiet = plan.items[0].notes.iter().all(|note| note.tone() == Tone::Quiet);
    assert_eq!(quiet, fate == LocationFate::Removed, "what is sent with a place stands out");
}
