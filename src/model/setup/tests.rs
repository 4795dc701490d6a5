use super::*;
use crate::domain::setup::plan;
use crate::model::trouble::WayOut;
use test_case::test_case;

fn model() -> SetupModel {
    let mut model = SetupModel::default();
    model.begin(ConnectionId::PRACTICE, &Target::Practice, None, "acme");
    model
}

fn change(model: &mut SetupModel, change: impl FnOnce(&mut Draft)) {
    change(model.draft.as_mut().unwrap());
}

#[test]
fn a_name_has_to_be_legal_before_one_goes_on() {
    let mut model = model();
    model.step = WizardStep::Name;
    change(&mut model, |draft| draft.wanted.name = "Acme Images".into());
    assert_eq!(model.problems(WizardStep::Name, false)[0].mend.as_deref(), Some("acme-images"));
    assert!(model.obstacle(false).is_some());
    change(&mut model, |draft| draft.wanted.name = "acme-images".into());
    assert_eq!(model.obstacle(false), None);
    model.taken.insert("acme-images".into());
    assert!(model.obstacle(false).unwrap().contains("someone else"));
    assert_eq!(model.obstacle(true), None);
}

#[test]
fn nothing_becomes_public_without_the_tick() {
    let mut model = model();
    change(&mut model, |draft| draft.wanted.name = "acme-images".into());
    model.step = WizardStep::Visibility;
    assert!(model.obstacle(false).is_some());
    change(&mut model, |draft| draft.wanted.acknowledged = true);
    assert_eq!(model.obstacle(false), None);
}

#[test]
fn an_empty_prefix_does_not_open_everything() {
    let mut model = model();
    model.step = WizardStep::Visibility;
    change(&mut model, |draft| {
        draft.wanted.acknowledged = true;
        draft.by_prefix = true;
    });
    assert_eq!(model.obstacle(false).as_deref(), Some("Type how the names begin, such as photos/"));
}

#[test]
fn another_purpose_brings_its_defaults_and_keeps_the_name() {
    let mut model = model();
    change(&mut model, |draft| {
        draft.wanted.name = "acme".into();
        draft.wanted.acknowledged = true;
    });
    let draft = model.draft.as_ref().unwrap().for_purpose(Purpose::Backups);
    assert_eq!((draft.wanted.name.as_str(), draft.wanted.versioning), ("acme", true));
    assert_eq!((draft.wanted.visibility.clone(), draft.wanted.acknowledged), (Visibility::Nobody, false));
}

#[test_case("acme", BucketState::Mine { region: None }, false, true; "found to be one's own")]
#[test_case("acme", BucketState::Missing, true, false; "gone since the list was read")]
#[test_case("acme", BucketState::Unknown, true, true; "only the list knows")]
#[test_case("other", BucketState::Mine { region: None }, false, false; "another name was asked about")]
fn adopting(asked: &str, bucket: BucketState, listed: bool, expected: bool) {
    let mut model = model();
    change(&mut model, |draft| draft.wanted.name = "acme".into());
    let found = Found { bucket, ..Found::nothing() };
    model.finding = Request::Ready(Finding { name: asked.into(), found, at: Timestamp::UNIX_EPOCH });
    assert_eq!(model.is_adopting(listed.then_some("acme").into_iter()), expected);
}

#[test]
fn the_rail_tells_what_was_chosen() {
    let mut model = model();
    change(&mut model, |draft| {
        draft.wanted.name = "acme-images".into();
        draft.wanted.visibility = Visibility::Anyone { prefix: "photos/".into() };
    });
    model.step = WizardStep::Plan;
    model.furthest = WizardStep::Plan;
    let details: Vec<_> = WizardStep::ALL.map(|step| model.detail(step)).to_vec();
    let expected = [
        "Images for a website",
        "acme-images",
        "Anyone, under photos/",
        "No old versions, SSE-S3",
        "Every call, before it runs",
        "Seen from outside",
    ];
    assert_eq!(details, expected);
    assert_eq!(model.level(WizardStep::Plan), StepLevel::Here);
    assert_eq!(model.level(WizardStep::Proof), StepLevel::ToDo);
}

#[test]
fn where_things_stand_follows_the_calls() {
    let mut model = model();
    change(&mut model, |draft| draft.wanted.name = "acme-images".into());
    let wanted = model.draft.as_ref().unwrap().wanted.clone();
    let plan = plan(&wanted, &Found::nothing(), model.store.as_ref().unwrap());
    let mut run = Run::new("acme-images", plan, 1);
    let words = |model: &SetupModel, run: &Run| -> Vec<String> {
        model.standings(run).into_iter().map(|line| line.words).collect()
    };
    assert_eq!(words(&model, &run), ["The bucket does not exist yet"]);
    assert!(model.if_you_stop(&run).starts_with("Nothing has been created."));
    run.phase = Phase::Halted;
    for call in &mut run.calls {
        call.state = match call.step.id {
            StepId::Policy => CallState::Failed(Trouble::new("Refused", WayOut::Retry)),
            _ => CallState::Done(std::time::Duration::ZERO),
        };
    }
    let expected = [
        "The bucket exists",
        "Nobody outside your account can open anything",
        "One step needs you: PutBucketPolicy did not work",
    ];
    assert_eq!(words(&model, &run), expected);
    assert!(model.if_you_stop(&run).starts_with("The bucket stays, private"));
}
