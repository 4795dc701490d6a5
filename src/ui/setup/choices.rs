//! The two questions that are answered by choosing a card: what it is for, and who may see the files.

use egui::{CornerRadius, Frame, Label, Margin, Sense, Ui, UiBuilder};

use super::{frame, words};
use crate::domain::format;
use crate::domain::policy::Policy;
use crate::domain::setup::{
    self, Field, Purpose, Setting, Visibility, acknowledgement, consequence, public_read_statement,
};
use crate::model::setup::{Draft, SetupModel, WizardStep};
use crate::theme::text::Spans;
use crate::theme::{Icon, Tokens, Type, icons, measure};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Badge, CodeBlock, ControlSize, FieldNote, OptionCard, Segment, TextField, Tone, check_box, disclosure, fact, link,
    segmented,
};

fn purpose_icon(purpose: Purpose) -> Icon {
    match purpose {
        Purpose::PublicImages => icons::IMAGES,
        Purpose::Private => icons::LOCK_SIMPLE,
        Purpose::StaticWebsite => icons::BROWSER,
        Purpose::Backups => icons::CLOCK_COUNTER_CLOCKWISE,
        Purpose::Scratch => icons::SLIDERS_HORIZONTAL,
    }
}

/// Five purposes, each with its defaults.
pub(super) fn purpose_ui(ui: &mut Ui, draft: &mut Draft) {
    let sentence = "Each purpose brings sane defaults. Everything can be changed in the next steps.";
    frame::heading_ui(ui, WizardStep::Purpose, WizardStep::Purpose.title(), sentence);
    ui.add_space(20.0);
    let t = Tokens::of(ui);
    for purpose in Purpose::ALL {
        let public = matches!(purpose, Purpose::PublicImages | Purpose::StaticWebsite);
        let chosen = draft.wanted.purpose == purpose;
        let mut card = OptionCard::new(chosen, purpose.label(), purpose.explanation());
        card = if public {
            card.icon_colored(purpose_icon(purpose), t.public_icon()).badge(Badge::new(Tone::Public, "Public"))
        } else {
            card.icon(purpose_icon(purpose))
        };
        if card.show(ui, |_| {}).clicked() && !chosen {
            *draft = draft.for_purpose(purpose);
        }
        ui.add_space(8.0);
    }
}

/// What the chosen purpose begins with.
pub(super) fn purpose_side_ui(ui: &mut Ui, draft: &Draft) {
    let t = Tokens::of(ui);
    frame::side_head(ui, "What it begins with");
    for (what, how) in words::begins_with(draft.wanted.purpose) {
        ui.add_space(14.0);
        ui.label(Type::LeadMedium.rich(what).color(t.text));
        ui.add_space(2.0);
        ui.add(Label::new(Type::Body.rich(how).color(t.text_2)).wrap());
    }
    frame::side_rule(ui);
    frame::side_head(ui, "What follows");
    ui.add_space(8.0);
    let next = "Name and place, who may see the files, a safety net. Then every call is shown before it is made, and at \
                the end Brimful looks at the bucket as a stranger would.";
    ui.add(Label::new(Type::Body.rich(next).color(t.text_2)).wrap());
}

/// Who may open files without signing in.
pub(super) fn visibility_ui(ui: &mut Ui, cx: &UiCtx<'_>, draft: &mut Draft, adopting: bool) {
    let t = Tokens::of(ui);
    let sentence = "This decides who can open a file when they have its address.";
    frame::heading_ui(ui, WizardStep::Visibility, WizardStep::Visibility.title(), sentence);
    ui.add_space(20.0);
    let problems = cx.model.setup.problems(WizardStep::Visibility, adopting);
    let problem = problems.iter().find(|problem| problem.field == Field::Visibility);
    let anyone = matches!(draft.wanted.visibility, Visibility::Anyone { .. });
    let card = OptionCard::new(
        anyone,
        "Anyone on the internet",
        "For images on a website. Whoever has the address can open the file, without signing in.",
    );
    let card = card.icon_colored(icons::GLOBE_SIMPLE, t.public_icon()).badge(Badge::new(Tone::Public, "Public"));
    if card.show(ui, |ui| prefix_ui(ui, draft, problem)).clicked() && !anyone {
        draft.wanted.visibility = Visibility::Anyone { prefix: String::new() };
        draft.by_prefix = false;
    }
    ui.add_space(8.0);
    let mut choice = |ui: &mut Ui, visibility: Visibility, title: &str, body: &str, icon: Icon| {
        let chosen = draft.wanted.visibility == visibility;
        if OptionCard::new(chosen, title, body).icon(icon).show(ui, |_| {}).clicked() && !chosen {
            draft.wanted.visibility = visibility;
            draft.by_prefix = false;
        }
        ui.add_space(8.0);
    };
    choice(
        ui,
        Visibility::Nobody,
        "Only people who sign in",
        "Nobody outside your account. You can still hand out links that end within 7 days.",
        icons::LOCK_SIMPLE,
    );
    choice(
        ui,
        Visibility::OwnPolicy,
        "I will write the policy myself",
        "Starts closed. You write the policy when the bucket is ready.",
        icons::BRACKETS_CURLY,
    );
    if !anyone && let Some(problem) = problem {
        note_ui(ui, icons::WARNING_CIRCLE, t.danger_text, &problem.sentence);
    }
    if let Some((words, below)) = acknowledgement(&draft.wanted) {
        ui.add_space(8.0);
        acknowledgement_ui(ui, draft, &words, below);
    }
    account_ui(ui, cx, draft);
}

/// Every file, or only names that begin with something.
fn prefix_ui(ui: &mut Ui, draft: &mut Draft, problem: Option<&setup::Problem>) {
    ui.add_space(10.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(8.0, 8.0);
        let before = draft.by_prefix;
        let choices = [Segment::new(false, "Every file"), Segment::new(true, "Only names that begin with")];
        segmented(ui, &choices, &mut draft.by_prefix, ControlSize::Regular);
        let Visibility::Anyone { prefix } = &mut draft.wanted.visibility else { return };
        if before != draft.by_prefix {
            *prefix = if draft.by_prefix { "photos/".to_owned() } else { String::new() };
        }
        if draft.by_prefix {
            let field = TextField::new("Names begin with", prefix).label_hidden().mono().placeholder("photos/");
            field.width(150.0).id_salt("public prefix").show(ui);
        }
    });
    if let Some(problem) = problem {
        let t = Tokens::of(ui);
        ui.add_space(6.0);
        note_ui(ui, icons::WARNING_CIRCLE, t.danger_text, &problem.sentence);
        if problem.mend.is_some() && link(ui, Type::SmallMedium, "Use photos/").clicked() {
            draft.wanted.visibility = Visibility::Anyone { prefix: "photos/".to_owned() };
        }
    }
}

/// The tick without which nothing becomes public.
fn acknowledgement_ui(ui: &mut Ui, draft: &mut Draft, words: &str, below: &str) {
    let t = Tokens::of(ui);
    let bed = ui.scope_builder(UiBuilder::new().id_salt("acknowledge").sense(Sense::click()), |ui| {
        Frame::new()
            .fill(t.public_soft)
            .corner_radius(CornerRadius::same(measure::radius::BOX))
            .inner_margin(Margin::symmetric(16, 12))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = 12.0;
                    let ticked = ui.vertical(|ui| {
                        ui.add_space(2.0);
                        check_box(ui, Some(draft.wanted.acknowledged), words).clicked()
                    });
                    ui.vertical(|ui| {
                        ui.add(Label::new(Type::BodyMedium.rich(words).color(t.text)).wrap().selectable(false));
                        ui.add(Label::new(Type::Small.rich(below).color(t.text_2)).wrap().selectable(false));
                    });
                    ticked.inner
                })
                .inner
            })
            .inner
    });
    // The whole box takes the click, so that nobody has to aim.
    if bed.inner || bed.response.clicked() {
        draft.wanted.acknowledged = !draft.wanted.acknowledged;
    }
    bed.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Group, true, "Acknowledgement"));
}

/// What the account says to public buckets, where it could be read.
fn account_ui(ui: &mut Ui, cx: &UiCtx<'_>, draft: &Draft) {
    let t = Tokens::of(ui);
    let Some(finding) = cx.model.setup.finding.known() else { return };
    if draft.wanted.public_prefix().is_none() {
        return;
    }
    let (icon, color, words) = match &finding.found.account_block {
        Setting::Is(block) if !block.permits_public_policy() => (
            icons::WARNING,
            t.warn,
            "The account’s own Block Public Access is on and wins: nobody outside will see the files until it is lifted there",
        ),
        Setting::Is(_) | Setting::NotSet => {
            (icons::CHECK_CIRCLE, t.ok, "The account allows it: its Block Public Access is off")
        }
        Setting::Unreadable => (
            icons::QUESTION,
            t.text_3,
            "Whether the account allows it may not be read: needs s3:GetAccountPublicAccessBlock",
        ),
        Setting::NotOffered => return,
    };
    ui.add_space(14.0);
    let sentence = Spans::new().push(Type::Small, t.text_2, words).push(
        Type::Small,
        t.text_3,
        format!(" · checked {}", minutes(&format::clock(finding.at, cx.zone))),
    );
    fact(ui, icon, color, sentence.job());
}

/// `09:38` of `09:38:12`.
fn minutes(clock: &str) -> &str {
    clock.rsplit_once(':').map_or(clock, |(minutes, _)| minutes)
}

fn note_ui(ui: &mut Ui, icon: Icon, color: egui::Color32, words: &str) {
    fact(ui, icon, color, Type::Small.job(words, color));
}

/// What the choice means for people, and what Brimful will change for it.
pub(super) fn visibility_side_ui(ui: &mut Ui, model: &SetupModel, draft: &Draft, address: &str) {
    let Some(store) = &model.store else { return };
    let t = Tokens::of(ui);
    let wanted = &draft.wanted;
    let means = consequence(wanted, store);
    frame::side_head(ui, "What this means");
    ui.add_space(10.0);
    ui.label(Type::LeadMedium.rich("Anyone on the internet").color(t.text));
    for line in &means.anyone {
        ui.add_space(6.0);
        let (icon, color) = if line.can { (icons::CHECK_CIRCLE, t.ok) } else { (icons::X_CIRCLE, t.text_3) };
        fact(ui, icon, color, with_prefix(t, &line.words, wanted.public_prefix()));
    }
    if let Some(engines) = means.search_engines {
        ui.add_space(18.0);
        ui.label(Type::LeadMedium.rich("Search engines").color(t.text));
        ui.add_space(2.0);
        ui.add(Label::new(Type::Body.rich(engines).color(t.text_2)).wrap());
    }
    ui.add_space(18.0);
    ui.label(Type::LeadMedium.rich("You and your account").color(t.text));
    ui.add_space(2.0);
    ui.add(Label::new(Type::Body.rich(means.account).color(t.text_2)).wrap());
    frame::side_rule(ui);
    frame::side_head(ui, "What Brimful will change");
    ui.add_space(2.0);
    for change in &means.changes {
        ui.add_space(6.0);
        ui.add(Label::new(Type::Small.rich(change).color(t.text)).wrap());
    }
    if let Some(prefix) = wanted.public_prefix() {
        ui.add_space(10.0);
        if disclosure(ui, "policy", "Show the policy") {
            ui.add_space(6.0);
            let statement = public_read_statement(&wanted.name, &wanted.region, prefix);
            CodeBlock::new(ui, &Policy::new(vec![statement]).to_json_pretty()).show(ui);
        }
    }
    frame::side_rule(ui);
    frame::side_head(ui, "An address will look like this");
    ui.add_space(6.0);
    let mut job = Type::Mono.job(address, t.text_2);
    job.wrap.break_anywhere = true;
    ui.add(Label::new(job).wrap());
}

/// The sentence with the prefix in mono.
fn with_prefix(t: &Tokens, words: &str, prefix: Option<&str>) -> egui::text::LayoutJob {
    match prefix.filter(|prefix| !prefix.is_empty()).and_then(|prefix| words.split_once(prefix).map(|w| (w, prefix))) {
        Some(((before, after), prefix)) => Spans::new()
            .push(Type::Body, t.text, before)
            .push(Type::Mono, t.text, prefix)
            .push(Type::Body, t.text, after)
            .job(),
        None => Type::Body.job(words, t.text),
    }
}

/// A note for a field from the first problem with it.
pub(super) fn note_of<'a>(problems: &'a [setup::Problem], field: Field, otherwise: FieldNote<'a>) -> FieldNote<'a> {
    match problems.iter().find(|problem| problem.field == field) {
        Some(problem) => FieldNote::Error {
            sentence: problem.sentence.as_str().into(),
            mend: problem.mend.as_ref().map(|mend| format!("Use {mend}").into()),
        },
        None => otherwise,
    }
}
