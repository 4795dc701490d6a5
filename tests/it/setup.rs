//! The wizard, from the first question to the proof, against a real practice server.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use brimful::domain::connection::{Addressing, ChecksumMode, Connection, ConnectionId, SignIn, StoreTarget, Target};
use brimful::domain::object_url;
use brimful::domain::public_access::{BlockPublicAccess, ObjectOwnership};
use brimful::domain::setup::{Found, Purpose, Setting, StepId, Visibility, plan};
use brimful::model::Trouble;
use brimful::model::browse::Session;
use brimful::model::command::{BrowseCommand, Command, FrameCommand, Screen};
use brimful::model::setup::proof::{
    Address, Answered, Evidence, ImageOrigin, Judgement, Picture, Proof, ProofState, Row, TestImage,
};
use brimful::model::setup::run::{CallState, Phase, Run};
use brimful::model::setup::{Finding, SetupCommand, SetupModel, WizardStep};
use brimful::model::trouble::WayOut;
use brimful::s3;
use brimful::s3::bucket::NewBucket;
use brimful::s3::store::Store;
use brimful::store::secrets::{Secret, SecretText};
use brimful::worker::Request;
use test_case::test_case;

use crate::support::{Person, Window};

/// A person who has practice storage open and begins to set a bucket up.
pub(crate) fn at_the_wizard(window: Window) -> Person {
    let mut person = Person::starts_in(window);
    person.core(|core| core.dispatch(Command::Browse(BrowseCommand::Open(ConnectionId::PRACTICE))));
    person.waits_until("practice storage opens", |model| {
        model.session.as_ref().is_some_and(|session| session.reached && session.buckets.known().is_some())
    });
    opens_set_up(&mut person);
    person
}

fn opens_set_up(person: &mut Person) {
    person.core(|core| core.dispatch(Command::Frame(FrameCommand::Show(Screen::Setup))));
    person.sees("Set up a bucket");
    person.waits_a_moment();
}

fn names(person: &mut Person, purpose: &str, name: &str) {
    person.clicks(purpose);
    person.clicks("Continue");
    person.fills("Bucket name", name);
    person.clicks("Continue");
    person.sees("This decides who can open a file");
}

/// Through all questions with the defaults of the purpose, up to the plan.
pub(crate) fn comes_to_the_plan(person: &mut Person, purpose: &str, name: &str) {
    names(person, purpose, name);
    let tick = format!("Anyone on the internet can view every file in {name}");
    if person.does_see(&tick) {
        person.clicks(&tick);
    }
    person.clicks("Continue");
    person.sees("What protects the files");
    person.clicks("Continue");
    person.waits_until("the plan is made", |model| model.setup.run.is_some());
}

pub(crate) fn runs_the_plan(person: &mut Person, button: &str) {
    person.clicks(button);
    person.waits_until("the plan is through", |model| {
        model.setup.run.as_ref().is_some_and(|run| matches!(run.phase, Phase::Finished | Phase::Halted))
    });
}

fn proof(person: &Person) -> Proof {
    person.model(|model| model.setup.proof.ready().cloned()).unwrap()
}

fn state(person: &Person, id: StepId) -> CallState {
    person.model(|model| model.setup.run.as_ref().and_then(|run| run.call(id)).map(|call| call.state.clone())).unwrap()
}

/// Does something at the store that the window knows nothing of.
pub(crate) fn behind<T, F: Future<Output = T>>(person: &Person, act: impl FnOnce(Store) -> F) -> T {
    person.core(|core| {
        let store = core.store.clone().unwrap();
        core.worker.handle().block_on(act(store))
    })
}

pub(crate) fn has_a_bucket(person: &Person, name: &str) {
    let new = NewBucket {
        name: name.to_owned(),
        region: "us-east-1".to_owned(),
        ownership: Some(ObjectOwnership::BucketOwnerEnforced),
        object_lock: false,
    };
    behind(person, |store| async move { s3::bucket::create_bucket(&store, &new).await }).unwrap();
    person.core(|core| core.dispatch(Command::Browse(BrowseCommand::RefreshBuckets)));
}

struct Got {
    status: u16,
    content_type: Option<String>,
    body: Vec<u8>,
}

/// What anyone gets who has nothing but the address.
fn a_stranger_gets(url: &str) -> Got {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let content_type = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
    });
    Got { status, content_type, body: answer[end + 4..].to_vec() }
}

#[test_case(Purpose::PublicImages, true; "images for a website")]
#[test_case(Purpose::Private, false; "private files")]
#[test_case(Purpose::StaticWebsite, true; "static website")]
#[test_case(Purpose::Backups, false; "backups")]
#[test_case(Purpose::Scratch, false; "start from scratch")]
fn every_purpose_leads_to_its_proof(purpose: Purpose, public: bool) {
    let mut person = at_the_wizard(Window::default());
    comes_to_the_plan(&mut person, purpose.label(), "acme-2026-try");
    assert!(behind(&person, |store| async move { s3::bucket::list_buckets(&store).await }).unwrap().is_empty());
    runs_the_plan(&mut person, "Set up the bucket");
    person.clicks("Continue");
    person.sees(if public { "Anyone can see this image" } else { "Nobody outside can see this image" });
    let proof = proof(&person);
    assert!(proof.is_as_asked(), "{:?}", proof.rows);
    assert!(proof.rows.iter().all(|row| !matches!(row.judgement, Judgement::NotAsAsked(_))));
    let got = a_stranger_gets(proof.address());
    assert_eq!(got.status, if public { 200 } else { 403 });
    if public {
        assert_eq!(got.content_type.as_deref(), Some("image/png"));
        assert_eq!(got.body.get(..4), Some(&b"\x89PNG"[..]));
        assert!(proof.picture.is_some());
    } else {
        assert_eq!(proof.answer.code.as_deref(), Some("AccessDenied"));
    }
    assert_eq!(person.model(|model| model.setup.run.as_ref().unwrap().phase), Phase::Finished);
}

#[test]
fn only_what_begins_so_becomes_public_and_the_gallery_opens_there() {
    let mut person = at_the_wizard(Window::default());
    names(&mut person, "Images for a website", "acme-site-images");
    person.clicks("Only names that begin with");
    person.sees("can open a file under photos/ if they know its address");
    person.clicks("Anyone on the internet can view every file under photos/ in acme-site-images");
    person.clicks("Continue");
    person.clicks("Continue");
    person.waits_until("the plan is made", |model| model.setup.run.is_some());
    runs_the_plan(&mut person, "Set up the bucket");
    person.clicks("Continue");
    person.sees("View a file outside photos/: Refused, 403 AccessDenied, As you asked");
    person.sees("List the files: Refused, 403 AccessDenied, As you asked");
    person.sees("Upload or delete without sign-in: Refused, predicted, As you asked");
    let url = proof(&person).address().to_owned();
    assert!(url.contains("/acme-site-images/photos/"), "{url}");
    person.clicks("Copy URL");
    person.clicks("Delete the test image");
    person.sees("The test image is deleted");
    assert_eq!(a_stranger_gets(&url).status, 403);
    person.clicks("Open the gallery");
    let place = person.model(|model| model.session.as_ref().and_then(|session| session.place.clone())).unwrap();
    assert_eq!((place.bucket.as_str(), place.prefix.as_str()), ("acme-site-images", "photos/"));
    opens_set_up(&mut person);
    assert_eq!(person.model(|model| model.setup.step), WizardStep::Purpose);
}

#[test]
fn nothing_becomes_public_without_the_tick() {
    let mut person = at_the_wizard(Window::default());
    names(&mut person, "Images for a website", "acme-images");
    person.sees("Nothing has been created yet");
    person.clicks("Continue");
    assert_eq!(person.model(|model| model.setup.step), WizardStep::Visibility);
    person.clicks("Anyone on the internet can view every file in acme-images");
    // Another choice takes the tick back.
    person.clicks("Only names that begin with");
    person.clicks("Continue");
    assert_eq!(person.model(|model| model.setup.step), WizardStep::Visibility);
    person.clicks("Only people who sign in");
    person.sees("cannot open any file");
    person.clicks("Continue");
    assert_eq!(person.model(|model| model.setup.step), WizardStep::SafetyNet);
}

#[test]
fn a_name_is_mended_at_its_field() {
    let mut person = at_the_wizard(Window::default());
    person.clicks("Continue");
    person.fills("Bucket name", "Acme Images");
    person.sees("Only a–z, 0–9, dots and hyphens");
    person.clicks("Continue");
    assert_eq!(person.model(|model| model.setup.step), WizardStep::Name);
    person.clicks("Use acme-images");
    person.sees("It keeps every rule");
    person.fills("Bucket name", "ab");
    person.sees("At least 3 characters are needed");
    person.fills("Bucket name", "acme.images");
    person.sees("certificate warning");
    person.fills("Project or company", "Lagoon");
    person.clicks("lagoon-images");
    let name = person.model(|model| model.setup.draft.as_ref().unwrap().wanted.name.clone());
    assert_eq!(name, "lagoon-images");
}

#[test]
fn kms_and_strangers_do_not_go_together() {
    let mut person = at_the_wizard(Window::default());
    names(&mut person, "Images for a website", "acme-images");
    person.clicks("Anyone on the internet can view every file in acme-images");
    person.clicks("Continue");
    person.clicks("SSE-KMS");
    person.sees("Files under a KMS key cannot be opened without sign-in");
    person.clicks("Continue");
    assert_eq!(person.model(|model| model.setup.step), WizardStep::SafetyNet);
    person.clicks("Use SSE-S3");
    person.clicks("Continue");
    person.waits_until("the plan is made", |model| model.setup.run.is_some());
}

#[test]
fn an_own_bucket_is_adopted_and_run_again_finds_it_so() {
    let mut person = at_the_wizard(Window::default());
    has_a_bucket(&person, "acme-images");
    let put = |store: Store| async move {
        let body = s3::body::Body::Bytes("mine".into());
        let headers = s3::object::ObjectHeaders::default();
        let guard = s3::object::Guard::IfNoneMatch;
        s3::object::put_object(&store, "acme-images", "kept.txt", (&body).into(), &headers, &guard).await
    };
    behind(&person, put).unwrap();
    comes_to_the_plan(&mut person, "Images for a website", "acme-images");
    person.sees("acme-images is yours already");
    assert!(person.model(|model| model.setup.run.as_ref().unwrap().call(StepId::Create).is_none()));
    runs_the_plan(&mut person, "Change the bucket");
    assert!(matches!(state(&person, StepId::Policy), CallState::Done(_)));
    let kept = behind(&person, |store| async move { s3::object::head_object(&store, "acme-images", "kept.txt").await });
    assert_eq!(kept.unwrap().size_bytes, 4);

    person.clicks("Set up another bucket");
    comes_to_the_plan(&mut person, "Images for a website", "acme-images");
    person.sees("Already so, skipped");
    for id in [StepId::PublicAccessBlock, StepId::Encryption, StepId::Policy, StepId::Lifecycle] {
        assert_eq!(state(&person, id), CallState::AlreadySo, "{id:?}");
    }
    runs_the_plan(&mut person, "Change the bucket");
    person.clicks("Continue");
    person.sees("Anyone can see this image");
}

#[test]
fn a_refused_call_says_why_and_goes_on_after_retry() {
    let mut person = at_the_wizard(Window::default());
    has_a_bucket(&person, "acme-images");
    let block = |block: BlockPublicAccess| {
        move |store: Store| async move { s3::settings::put_public_access_block(&store, "acme-images", block).await }
    };
    behind(&person, block(BlockPublicAccess::FOR_PUBLIC_POLICY)).unwrap();
    comes_to_the_plan(&mut person, "Images for a website", "acme-images");
    assert_eq!(state(&person, StepId::PublicAccessBlock), CallState::AlreadySo);
    // Meanwhile somebody closes the bucket again.
    behind(&person, block(BlockPublicAccess::ALL)).unwrap();
    runs_the_plan(&mut person, "Change the bucket");
    person.sees("One step needs you: PutBucketPolicy did not work");
    person.sees("Needs PutBucketPolicy");
    assert!(state(&person, StepId::Lifecycle).is_so(), "what does not need the policy goes on");
    assert!(matches!(state(&person, StepId::Policy), CallState::Failed(_)));

    // Leaving loses nothing.
    person.clicks("Leave set-up");
    opens_set_up(&mut person);
    person.sees("One step needs you: PutBucketPolicy did not work");

    behind(&person, block(BlockPublicAccess::FOR_PUBLIC_POLICY)).unwrap();
    runs_the_plan(&mut person, "Retry: Let anyone view every file");
    assert_eq!(person.model(|model| model.setup.run.as_ref().unwrap().phase), Phase::Finished);
    person.clicks("Continue");
    person.sees("Anyone can see this image");
}

#[test]
fn a_call_can_be_left_out() {
    let mut person = at_the_wizard(Window::default());
    has_a_bucket(&person, "acme-images");
    let lifted = BlockPublicAccess::FOR_PUBLIC_POLICY;
    let block = |block: BlockPublicAccess| {
        move |store: Store| async move { s3::settings::put_public_access_block(&store, "acme-images", block).await }
    };
    behind(&person, block(lifted)).unwrap();
    comes_to_the_plan(&mut person, "Images for a website", "acme-images");
    behind(&person, block(BlockPublicAccess::ALL)).unwrap();
    runs_the_plan(&mut person, "Change the bucket");
    runs_the_plan(&mut person, "Skip: Let anyone view every file");
    person.clicks("Continue");
    person.sees("Strangers cannot see this image yet");
    person.sees("The policy was left out");
    assert_eq!(proof(&person).answer.status, 403);
}

#[test]
fn a_pause_holds_the_plan_after_the_call_under_way() {
    let mut person = at_the_wizard(Window::default());
    comes_to_the_plan(&mut person, "Backups", "acme-backups");
    person.core(|core| {
        core.dispatch(Command::Setup(SetupCommand::Run));
        core.dispatch(Command::Setup(SetupCommand::Pause));
    });
    person.sees("Paused; what is done is not done twice");
    person.waits_until("the call under way ends", |model| {
        model.setup.run.as_ref().is_some_and(|run| matches!(run.calls[0].state, CallState::Done(_)))
    });
    for _ in 0..5 {
        person.waits_a_moment();
    }
    assert_eq!(state(&person, StepId::Wait), CallState::Waiting);
    person.clicks("Go on");
    person.waits_until("the plan is through", |model| {
        model.setup.run.as_ref().is_some_and(|run| run.phase == Phase::Finished)
    });
    person.clicks("Continue");
    person.sees("Nobody outside can see this image");
}

#[test]
fn leaving_and_coming_back_goes_on_where_it_was() {
    let mut person = at_the_wizard(Window::default());
    names(&mut person, "Backups", "acme-backups-2026");
    person.clicks("Continue");
    person.clicks("Leave set-up");
    assert_eq!(person.model(|model| model.screen), Screen::Browse);
    opens_set_up(&mut person);
    person.sees("What protects the files");
    person.clicks("Back");
    person.clicks("Back");
    person.sees("acme-backups-2026");
    assert!(person.does_see("The name is part of every address"));
}

#[test]
fn the_test_can_be_made_with_an_image_of_ones_own() {
    let mut person = at_the_wizard(Window::default());
    let file = person.home().join("lake.png");
    image::RgbImage::from_pixel(40, 30, image::Rgb([20, 120, 160])).save(&file).unwrap();
    comes_to_the_plan(&mut person, "Images for a website", "acme-images");
    runs_the_plan(&mut person, "Set up the bucket");
    person.clicks("Continue");
    person.will_pick(&[file]);
    person.clicks("Try with an image of your own…");
    person.sees("Anyone can see your image");
    let proof = proof(&person);
    assert_eq!(proof.key, "lake.png");
    assert_eq!(proof.picture.map(|picture| (picture.width, picture.height)), Some((40, 30)));
}

#[test]
fn the_commands_can_be_copied_and_every_call_unfolds() {
    let mut person = at_the_wizard(Window::default());
    comes_to_the_plan(&mut person, "Images for a website", "acme-images");
    person.clicks("Copy all as AWS CLI");
    person.sees("All commands copied");
    let script = person.model(|model| model.setup.run.as_ref().unwrap().cli());
    assert!(script.contains("aws s3api create-bucket") && script.contains("put-bucket-policy"), "{script}");
    person.clicks("Let anyone view every file, PutBucketPolicy, waiting, ");
    person.sees("It takes s3:PutBucketPolicy.");
    person.clicks("Request");
    person.sees("PUT /acme-images?policy HTTP/1.1");
    person.clicks("AWS CLI");
    person.sees("aws s3api put-bucket-policy");
}

/// Against a store that nobody here wrote, where `BRIMFUL_TEST_ENDPOINT` and the usual AWS variables name one.
#[test_case(Purpose::PublicImages; "images for a website")]
#[test_case(Purpose::Private; "private files")]
fn another_store_leads_to_the_proof_or_says_why_not(purpose: Purpose) {
    let setting = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let Some(endpoint) = setting("BRIMFUL_TEST_ENDPOINT") else {
        eprintln!("skipped: BRIMFUL_TEST_ENDPOINT is not set");
        return;
    };
    let mut person = Person::starts_brimful();
    let id = ConnectionId::random();
    let sign_in = SignIn::Keys { access_key_id: setting("AWS_ACCESS_KEY_ID").unwrap(), has_session_token: false };
    let target = Target::Store(StoreTarget {
        preset: "custom".into(),
        endpoint,
        region: setting("AWS_REGION").unwrap_or_else(|| "us-east-1".into()),
        addressing: Addressing::Path,
        checksums: ChecksumMode::WhenRequired,
        sign_in,
        public_base_url: None,
    });
    let connection = Connection {
        id,
        name: "Another store".into(),
        target,
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let secret_access_key = SecretText::new(setting("AWS_SECRET_ACCESS_KEY").unwrap());
    person.core(|core| {
        core.connections.put(connection).unwrap();
        core.secrets.set(id, Secret { secret_access_key, session_token: None });
        core.dispatch(Command::Browse(BrowseCommand::Open(id)));
    });
    person.waits_until("the store opens", |model| {
        model.session.as_ref().is_some_and(|session| session.reached && session.buckets.known().is_some())
    });
    opens_set_up(&mut person);
    let name = format!("brimful-{}", &uuid::Uuid::new_v4().simple().to_string()[..12]);
    comes_to_the_plan(&mut person, purpose.label(), &name);
    runs_the_plan(&mut person, "Set up the bucket");
    let failed = person.model(|model| {
        let run = model.setup.run.as_ref().unwrap();
        run.failed().map(|(_, call, trouble)| format!("{}: {}", call.step.api, trouble.to_text())).collect::<Vec<_>>()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    person.clicks("Continue");
    let proof = proof(&person);
    let public = purpose == Purpose::PublicImages;
    if public && proof.why_shut.is_some() {
        assert!(!proof.answer.is_open());
    } else {
        assert_eq!(a_stranger_gets(proof.address()).status, if public { 200 } else { 403 });
        // Some servers made for trying things let strangers list; then the proof says so.
        assert_eq!(proof.rows[0].judgement, Judgement::AsAsked, "{:?}", proof.rows);
    }
    behind(&person, |store| async move {
        s3::delete::delete_object(&store, &name, &proof.key).await.unwrap();
        s3::bucket::delete_bucket(&store, &name).await.unwrap();
    });
}

/// A wizard for Amazon S3 as it is on the pictures: nothing in it depends on clock, port or network.
fn staged(window: Window, stage: impl FnOnce(&mut SetupModel)) -> Person {
    let mut person = Person::starts_in(window);
    let target = Target::Amazon { region: "eu-west-1".into(), sign_in: SignIn::Environment };
    let id = ConnectionId(uuid::Uuid::from_u128(7));
    let connection = Connection {
        id,
        name: "Acme production".into(),
        target: target.clone(),
        production: true,
        last_opened: None,
        bucket_count: None,
    };
    person.core(|core| {
        core.model.session = Some(Session::new(connection));
        core.model.screen = Screen::Setup;
        let setup = &mut core.model.setup;
        setup.begin(id, &target, None, "acme");
        let draft = setup.draft.as_mut().unwrap();
        draft.wanted.name = "acme-site-images-2026".into();
        draft.wanted.visibility = Visibility::Anyone { prefix: "photos/".into() };
        draft.wanted.versioning = true;
        draft.wanted.acknowledged = true;
        draft.by_prefix = true;
        let found = Found { account_block: Setting::Is(BlockPublicAccess::NONE), ..Found::nothing() };
        let at = "2026-03-14T09:38:00Z".parse().unwrap();
        setup.finding = Request::Ready(Finding { name: draft.wanted.name.clone(), found, at });
        stage(setup);
    });
    for _ in 0..4 {
        person.waits_a_moment();
    }
    person
}

fn at_visibility(setup: &mut SetupModel) {
    setup.step = WizardStep::Visibility;
    setup.furthest = WizardStep::Visibility;
}

fn at_the_plan(setup: &mut SetupModel) {
    let wanted = &setup.draft.as_ref().unwrap().wanted;
    let found = &setup.finding.known().unwrap().found;
    let mut run = Run::new(&wanted.name, plan(wanted, found, setup.store.as_ref().unwrap()), 1);
    for call in &mut run.calls {
        call.tries = 1;
        call.state = match call.step.id {
            StepId::Create => CallState::Done(Duration::from_millis(400)),
            StepId::Wait => CallState::Done(Duration::from_millis(1100)),
            StepId::Policy => {
                call.tries = 2;
                let words = "You may not change the policy of acme-site-images-2026: Block Public Access refuses public policies";
                CallState::Failed(Trouble::new(words, WayOut::AskForPermission).detail("AccessDenied · 403"))
            }
            StepId::Proof => CallState::Waiting,
            _ if call.state == CallState::AlreadySo => CallState::AlreadySo,
            _ => CallState::Done(Duration::from_millis(200)),
        };
    }
    run.phase = Phase::Halted;
    setup.step = WizardStep::Plan;
    setup.furthest = WizardStep::Plan;
    setup.run = Some(run);
}

fn at_the_proof(setup: &mut SetupModel) {
    at_the_plan(setup);
    let run = setup.run.as_mut().unwrap();
    run.phase = Phase::Finished;
    for call in &mut run.calls {
        call.state = CallState::Done(Duration::from_millis(200));
    }
    setup.step = WizardStep::Proof;
    setup.furthest = WizardStep::Proof;
    let target = Target::Amazon { region: "eu-west-1".into(), sign_in: SignIn::Environment };
    let bucket = "acme-site-images-2026";
    let place = object_url::Place { target: &target, practice_endpoint: None, bucket, region: None, website: false };
    let key = "photos/brimful-test.png";
    let answer = |status: u16, code: Option<&str>| Answered {
        status,
        code: code.map(str::to_owned),
        content_type: Some("image/png".into()),
        size_bytes: 184_320,
        took: Duration::from_millis(62),
        unanswered: None,
    };
    let row = |what: &str, open, evidence, judgement| Row { what: what.into(), open: Some(open), evidence, judgement };
    let refused = || Evidence::Observed(answer(403, Some("AccessDenied")));
    let served = || Evidence::Observed(answer(200, None));
    let shades = |x: u32, y: u32| [(x / 3) as u8, 90 + (y / 4) as u8, 200 - (y / 4) as u8, 255];
    let rgba: Vec<u8> = (0..400).flat_map(|y| (0..600).flat_map(move |x| shades(x, y))).collect();
    setup.proof = ProofState::Ready(Box::new(Proof {
        key: key.into(),
        image: ImageOrigin::Drawn,
        meant_public: true,
        why_shut: None,
        answer: answer(200, None),
        at: "2026-03-14T09:44:07Z".parse().unwrap(),
        picture: Some(Picture { width: 600, height: 400, rgba: rgba.into() }),
        addresses: Address::all(object_url::forms(&place, key), key),
        rows: vec![
            row("View an image under photos/", true, served(), Judgement::AsAsked),
            row("View a file outside photos/", false, refused(), Judgement::AsAsked),
            row("List the files", false, refused(), Judgement::AsAsked),
            row("Upload or delete without sign-in", false, Evidence::Predicted, Judgement::AsAsked),
            row("View an image over http://", true, served(), Judgement::Note("Can be read on the way".into())),
        ],
        image_now: TestImage::There,
    }));
}

const DARK: Window = Window { width: 1280.0, height: 800.0, dark: true };

#[test_case(at_visibility, Window::default(), "setup-visibility-light"; "who may see the files, light")]
#[test_case(at_visibility, DARK, "setup-visibility-dark"; "who may see the files, dark")]
#[test_case(at_the_plan, Window::default(), "setup-plan-light"; "plan")]
#[test_case(at_the_proof, Window::default(), "setup-proof-light"; "proof")]
fn it_looks_right(stage: fn(&mut SetupModel), window: Window, name: &str) {
    staged(window, stage).looks_like(name);
}

/// In the smallest window everything is still there and can be reached.
#[test]
fn every_step_fits_the_smallest_window() {
    let small = Window { width: 1024.0, height: 700.0, dark: false };
    for (stage, button) in [
        (at_visibility as fn(&mut SetupModel), "Continue"),
        (at_the_plan, "Retry: Let anyone view photos/"),
        (at_the_proof, "Open the gallery"),
    ] {
        let mut person = staged(small, stage);
        person.sees(button);
        person.sees("Acme production, Amazon S3 · eu-west-1");
    }
}
