//! Name and place: the name with every rule checked while typing, the region, and who owns the files.

use egui::{Label, ScrollArea, Ui};

use super::choices::note_of;
use super::frame;
use crate::domain::bucket_name;
use crate::domain::connection::{Connection, Target};
use crate::domain::public_access::ObjectOwnership;
use crate::domain::region::{self, Region};
use crate::domain::setup::{BucketState, Field, Wanted};
use crate::model::browse::Session;
use crate::model::setup::{Draft, SetupCommand, WizardStep};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::paint;
use crate::ui::widgets::{
    Banner, BannerTone, Button, FieldNote, RowSelection, SearchField, TextField, TreeRow, disclosure, fact, link,
    radio, row,
};

/// So many own buckets are offered for adopting without a filter.
const OWN_ROWS: f32 = 6.0;

/// What is open in this step.
#[derive(Debug, Default)]
pub(super) struct PlaceView {
    /// What is typed to find a region; `None` while the list is shut.
    region_search: Option<String>,
    own_search: String,
}

impl PlaceView {
    /// The step, over the width left.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, draft: &mut Draft, adopting: bool) {
        let sentence = "The name is part of every address and cannot be changed later.";
        frame::heading_ui(ui, WizardStep::Name, WizardStep::Name.title(), sentence);
        ui.add_space(20.0);
        let problems = cx.model.setup.problems(WizardStep::Name, adopting);
        if let Some(trouble) = cx.model.setup.finding.error() {
            let banner = Banner::new(BannerTone::Danger, "It could not be found out.", trouble.sentence.as_str());
            if banner.link("Try again").show(ui).is_some_and(|link| link.clicked()) {
                cx.push(SetupCommand::Continue);
            }
            ui.add_space(16.0);
        }
        name_ui(ui, cx, draft, adopting, &problems);
        ui.add_space(12.0);
        suggestions_ui(ui, cx, session, draft);
        ui.add_space(20.0);
        self.region_ui(ui, cx, session, draft, &problems, adopting);
        ui.add_space(20.0);
        ownership_ui(ui, cx, draft, &problems);
        self.own_ui(ui, session, draft);
    }

    fn region_ui(
        &mut self,
        ui: &mut Ui,
        cx: &UiCtx<'_>,
        session: &Session,
        draft: &mut Draft,
        problems: &[crate::domain::setup::Problem],
        adopting: bool,
    ) {
        let t = Tokens::of(ui);
        let Target::Amazon { .. } = &session.connection.target else {
            ui.label(Type::SmallMedium.rich("Place").color(t.text_2));
            ui.add_space(4.0);
            let label = cx.model.setup.store.as_ref().map_or("This store", |store| store.label.as_str());
            let words = match &session.connection.target {
                Target::Practice => "On this computer. Nothing leaves it.".to_owned(),
                Target::Amazon { .. } | Target::Store(_) => {
                    format!("{label} decides by its address where a bucket lies")
                }
            };
            fact(ui, icons::MAP_PIN, t.text_3, Type::Body.job(words, t.text_2));
            return;
        };
        ui.label(Type::SmallMedium.rich("Region").color(t.text_2));
        ui.add_space(4.0);
        let found = cx.model.setup.finding_of_name().map(|finding| &finding.found.bucket);
        if let (true, Some(BucketState::Mine { region: Some(region) })) = (adopting, found) {
            let words = format!("{} ({region}), where the bucket lies already", region::name(region));
            fact(ui, icons::MAP_PIN, t.text_3, Type::Body.job(words, t.text_2));
            return;
        }
        let chosen = format!("{}   {}", region::name(&draft.wanted.region), draft.wanted.region);
        let open = self.region_search.is_some();
        let caret = if open { icons::CARET_UP } else { icons::CARET_DOWN };
        let button = Button::secondary(chosen.as_str()).icon(icons::MAP_PIN).trailing_icon(caret);
        if button.name(format!("Region: {chosen}")).show(ui).clicked() {
            self.region_search = if open { None } else { Some(String::new()) };
        }
        if let Some(problem) = problems.iter().find(|problem| problem.field == Field::Region) {
            ui.add_space(4.0);
            fact(ui, icons::WARNING_CIRCLE, t.danger_text, Type::Small.job(&problem.sentence, t.danger_text));
        }
        let Some(search) = &mut self.region_search else {
            ui.add_space(4.0);
            let why = "Choose the one near the people or servers that use the files; distance costs time, and traffic between regions costs money";
            ui.add(Label::new(Type::Small.rich(why).color(t.text_3)).wrap());
            return;
        };
        ui.add_space(6.0);
        SearchField::new("Find a region by name or code", search).width(360.0).show(ui);
        ui.add_space(4.0);
        if let Some(code) = regions_ui(ui, search.trim(), &draft.wanted.region) {
            draft.wanted.region = code;
            self.region_search = None;
        }
    }

    /// Buckets one has already, to be set up further.
    fn own_ui(&mut self, ui: &mut Ui, session: &Session, draft: &mut Draft) {
        let names: Vec<&str> = session.bucket_names().collect();
        if names.is_empty() {
            return;
        }
        ui.add_space(20.0);
        if !disclosure(ui, "own buckets", "Set up a bucket you already have") {
            return;
        }
        let t = Tokens::of(ui);
        ui.add_space(4.0);
        let words = "It is kept as it is, with everything in it; only what is missing is added.";
        ui.add(Label::new(Type::Small.rich(words).color(t.text_3)).wrap());
        ui.add_space(6.0);
        if names.len() as f32 > OWN_ROWS {
            SearchField::new("Filter your buckets", &mut self.own_search).width(360.0).show(ui);
            ui.add_space(4.0);
        }
        let search = self.own_search.to_lowercase();
        let names: Vec<&str> = names.into_iter().filter(|name| name.to_lowercase().contains(&search)).collect();
        let height = TREE_ROW * OWN_ROWS;
        ScrollArea::vertical().id_salt("own").max_height(height).show_rows(ui, TREE_ROW, names.len(), |ui, range| {
            ui.set_max_width(360.0);
            for name in &names[range] {
                let selected = RowSelection::from_bool(draft.wanted.name == *name);
                let row = TreeRow::new(icons::STACK, *name).selection(selected).name(format!("Set up {name} further"));
                if row.show(ui).clicked() {
                    draft.wanted.name = (*name).to_owned();
                }
            }
        });
    }
}

const TREE_ROW: f32 = crate::theme::measure::height::ROW_TREE;

fn name_ui(
    ui: &mut Ui,
    cx: &mut UiCtx<'_>,
    draft: &mut Draft,
    adopting: bool,
    problems: &[crate::domain::setup::Problem],
) {
    let model = cx.model;
    let setup = &model.setup;
    let name = draft.wanted.name.clone();
    let otherwise = if name.is_empty() {
        FieldNote::Help("3 to 63 of a–z, 0–9, dots and hyphens".into())
    } else if adopting {
        FieldNote::Good("This bucket is yours: it is kept, and set up further".into())
    } else {
        match setup.finding_of_name().map(|finding| &finding.found.bucket) {
            Some(BucketState::Missing) => FieldNote::Good("Nobody seems to have it".into()),
            Some(BucketState::Unknown) => FieldNote::Help("Whether it is free shows when it is made".into()),
            Some(BucketState::Mine { .. } | BucketState::Taken) | None => {
                FieldNote::Good("It keeps every rule; whether it is free shows in a moment".into())
            }
        }
    };
    // An empty field is no mistake yet.
    let note = if name.is_empty() { otherwise } else { note_of(problems, Field::Name, otherwise) };
    let mend = problems.iter().find(|problem| problem.field == Field::Name).and_then(|problem| problem.mend.clone());
    let field = TextField::new("Bucket name", &mut draft.wanted.name).mono().large().placeholder("acme-site-images");
    let shown = field.id_salt("bucket name").note(note).show(ui);
    if shown.response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        cx.push(SetupCommand::Continue);
    }
    if shown.mended
        && let Some(mend) = mend
    {
        draft.wanted.name = mend;
    }
    let t = Tokens::of(ui);
    let has_problem = problems.iter().any(|problem| problem.field == Field::Name);
    if !name.is_empty() && !has_problem && !adopting {
        for advice in bucket_name::advice(&name) {
            ui.add_space(4.0);
            fact(ui, icons::INFO, t.text_3, Type::Small.job(advice.sentence(), t.text_2));
        }
    }
}

/// Names made from a project, the purpose and the year.
fn suggestions_ui(ui: &mut Ui, cx: &UiCtx<'_>, session: &Session, draft: &mut Draft) {
    let t = Tokens::of(ui);
    let taken: Vec<&str> = session.bucket_names().chain(cx.model.setup.taken.iter().map(String::as_str)).collect();
    let year = cx.now.to_zoned_datetime(cx.zone.clone()).year();
    let names = Wanted::name_suggestions(draft.wanted.purpose, &draft.project, year, &taken);
    row(ui, 30.0, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.label(Type::Small.rich("Suggestions for").color(t.text_3));
        TextField::new("Project or company", &mut draft.project)
            .label_hidden()
            .width(180.0)
            .id_salt("project")
            .show(ui);
    });
    ui.add_space(6.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(16.0, 4.0);
        for name in names {
            if link(ui, Type::SmallMedium, &name).clicked() {
                draft.wanted.name = name;
            }
        }
    });
}

/// The regions that fit what is typed; says which was chosen.
fn regions_ui(ui: &mut Ui, search: &str, current: &str) -> Option<String> {
    let found: Vec<&Region> = region::search(search);
    let typed = (found.is_empty() && region::is_plausible(search)).then(|| search.to_owned());
    let mut chosen = None;
    if let Some(code) = typed {
        // Regions come faster than new versions of this program.
        if link(ui, Type::SmallMedium, &format!("Use {code}")).clicked() {
            chosen = Some(code);
        }
        return chosen;
    }
    if found.is_empty() {
        let t = Tokens::of(ui);
        ui.label(Type::Small.rich("No region has this name or code").color(t.text_3));
        return None;
    }
    ScrollArea::vertical().id_salt("regions").max_height(TREE_ROW * 6.0).show_rows(
        ui,
        TREE_ROW,
        found.len(),
        |ui, range| {
            ui.set_max_width(360.0);
            for region in &found[range] {
                let selection = RowSelection::from_bool(region.code == current);
                let name = if region.opt_in {
                    format!("{} · must be switched on in the account", region.name)
                } else {
                    region.name.to_owned()
                };
                let row = TreeRow::new(icons::MAP_PIN, name).count(region.code).selection(selection);
                if row.name(format!("{} {}", region.name, region.code)).show(ui).clicked() {
                    chosen = Some(region.code.to_owned());
                }
            }
        },
    );
    chosen
}

/// Object Ownership: the sane default, with the others folded away.
fn ownership_ui(ui: &mut Ui, cx: &UiCtx<'_>, draft: &mut Draft, problems: &[crate::domain::setup::Problem]) {
    let t = Tokens::of(ui);
    use crate::domain::preset::Support;
    let store = cx.model.setup.store.as_ref();
    if store.is_some_and(|store| store.abilities.ownership == Support::No) {
        return;
    }
    ui.label(Type::SmallMedium.rich("Object Ownership").color(t.text_2));
    ui.add_space(4.0);
    let words = match draft.wanted.ownership {
        ObjectOwnership::BucketOwnerEnforced => {
            "ACLs disabled (recommended): the bucket owns every file, and its policy alone says who may do what"
        }
        ObjectOwnership::BucketOwnerPreferred | ObjectOwnership::ObjectWriter => {
            "ACLs count: single files may have owners and rules of their own, which is easy to lose sight of"
        }
    };
    fact(ui, icons::IDENTIFICATION_CARD, t.text_3, Type::Body.job(words, t.text_2));
    if let Some(problem) = problems.iter().find(|problem| problem.field == Field::Ownership) {
        fact(ui, icons::WARNING_CIRCLE, t.danger_text, Type::Small.job(&problem.sentence, t.danger_text));
    }
    ui.add_space(6.0);
    if !disclosure(ui, "ownership", "Other ways") {
        return;
    }
    ui.add_space(6.0);
    for (setting, label) in [
        (ObjectOwnership::BucketOwnerEnforced, "ACLs disabled (recommended)"),
        (ObjectOwnership::BucketOwnerPreferred, "ACLs count, files given to the bucket belong to it"),
        (ObjectOwnership::ObjectWriter, "ACLs count, each file belongs to its uploader"),
    ] {
        if radio(ui, draft.wanted.ownership == setting, label).clicked() {
            draft.wanted.ownership = setting;
        }
        ui.add_space(4.0);
    }
}

/// What to know about names and places.
pub(super) fn side_ui(ui: &mut Ui, cx: &UiCtx<'_>, draft: &Draft, connection: &Connection) {
    let t = Tokens::of(ui);
    frame::side_head(ui, "What to know");
    let amazon = matches!(connection.target, Target::Amazon { .. });
    let shared = if amazon {
        "It is shared by all accounts: a name that anyone has is taken"
    } else {
        "It is shared by all who use this store"
    };
    for words in [
        "The name stands in every address, for everyone to read",
        shared,
        "It can never be changed; a bucket can only be copied to another name",
        "Project, purpose and year make a good one",
    ] {
        ui.add_space(8.0);
        fact(ui, icons::INFO, t.text_3, Type::Body.job(words, t.text_2));
    }
    if draft.wanted.name.is_empty() {
        return;
    }
    frame::side_rule(ui);
    frame::side_head(ui, "An address will look like this");
    ui.add_space(6.0);
    let mut job = Type::Mono.job(super::example_address(&cx.model.setup, connection, draft), t.text_2);
    job.wrap.break_anywhere = true;
    let galley = paint::wrapped_job(ui, job, ui.available_width());
    ui.add(Label::new(galley).selectable(true));
}
