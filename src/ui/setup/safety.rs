//! The safety net: old versions, encryption, unfinished uploads, scripts of other pages, website, tags.

use egui::{Label, Ui};

use super::choices::note_of;
use super::frame;
use crate::domain::cors;
use crate::domain::preset::Support;
use crate::domain::setup::{Encryption, Field, Problem, StoreAbilities, Wanted, Website};
use crate::model::setup::{Draft, WizardStep};
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Badge, Button, Card, ControlSize, FieldNote, IconButton, Segment, TextField, Tone, card_header, checkbox, fact,
    link, row, segmented,
};

/// Most tags that a bucket takes.
const TAGS: usize = 50;

/// What is typed before it is a number or a list.
#[derive(Debug, Default)]
pub(super) struct SafetyView {
    days: String,
    origins: String,
}

impl SafetyView {
    /// Begins with what is wanted.
    pub(super) fn of(wanted: &Wanted) -> Self {
        let origins: Vec<&str> =
            wanted.cors.iter().flat_map(|rule| &rule.allowed_origins).map(String::as_str).collect();
        Self { days: wanted.abort_unfinished_days.unwrap_or(7).to_string(), origins: origins.join(" ") }
    }

    /// The step, over the width left.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &UiCtx<'_>, draft: &mut Draft, adopting: bool) {
        let sentence = "What protects the files, and what keeps the bucket tidy. The defaults are sane.";
        frame::heading_ui(ui, WizardStep::SafetyNet, WizardStep::SafetyNet.title(), sentence);
        ui.add_space(20.0);
        let setup = &cx.model.setup;
        let Some(store) = &setup.store else { return };
        let problems = setup.problems(WizardStep::SafetyNet, adopting);
        let wanted = &mut draft.wanted;
        part_ui(ui, store, icons::CLOCK_COUNTER_CLOCKWISE, "Old versions", store.abilities.versioning, |ui| {
            checkbox(ui, &mut wanted.versioning, "Keep old versions of files");
            explain_ui(
                ui,
                "What is overwritten or deleted can be brought back. Old versions cost space until they are cleared.",
            );
        });
        part_ui(ui, store, icons::LOCK_KEY, "Encryption", store.abilities.encryption, |ui| {
            encryption_ui(ui, store, wanted, &problems);
        });
        part_ui(ui, store, icons::CLOCK_COUNTDOWN, "Unfinished uploads", store.abilities.lifecycle, |ui| {
            self.days_ui(ui, wanted, &problems);
        });
        part_ui(ui, store, icons::SHARE_NETWORK, "Scripts of other pages (CORS)", store.abilities.cors, |ui| {
            self.cors_ui(ui, wanted, &problems);
        });
        part_ui(ui, store, icons::BROWSER, "Website", store.abilities.website, |ui| {
            website_ui(ui, wanted, &problems);
        });
        part_ui(ui, store, icons::TAG, "Tags", store.abilities.tagging, |ui| tags_ui(ui, wanted, &problems));
    }

    fn days_ui(&mut self, ui: &mut Ui, wanted: &mut Wanted, problems: &[Problem]) {
        let mut on = wanted.abort_unfinished_days.is_some();
        if checkbox(ui, &mut on, "Clear uploads that were never finished").changed() {
            wanted.abort_unfinished_days = on.then(|| self.days.trim().parse().unwrap_or(0));
        }
        explain_ui(ui, "Parts of a large upload that broke off cost space without being seen.");
        if wanted.abort_unfinished_days.is_some() {
            ui.add_space(8.0);
            let note = note_of(problems, Field::Lifecycle, FieldNote::None);
            let field = TextField::new("After how many days", &mut self.days).width(120.0).id_salt("days");
            if field.note(note).show(ui).response.changed() {
                wanted.abort_unfinished_days = Some(self.days.trim().parse().unwrap_or(0));
            }
        }
    }

    fn cors_ui(&mut self, ui: &mut Ui, wanted: &mut Wanted, problems: &[Problem]) {
        let mut on = !wanted.cors.is_empty();
        let changed = checkbox(ui, &mut on, "Let scripts of certain pages load the files").changed();
        explain_ui(
            ui,
            "Showing an image in a page does not need this; reading its pixels or fetching it by script does.",
        );
        let mut typed = false;
        if on {
            ui.add_space(8.0);
            let help = FieldNote::Help("Addresses of pages without a path, with a space between them".into());
            let note = note_of(problems, Field::Cors, help);
            let field = TextField::new("Pages", &mut self.origins).mono().placeholder("https://www.example.com");
            typed = field.note(note).id_salt("origins").show(ui).response.changed();
        }
        if changed || typed {
            let separators = |c: char| c.is_whitespace() || c == ',';
            let origins: Vec<String> =
                self.origins.split(separators).filter(|origin| !origin.is_empty()).map(str::to_owned).collect();
            wanted.cors = if on { vec![cors::viewing_rule(&origins)] } else { Vec::new() };
        }
    }
}

/// A card for one part; where the store has no such thing it says so instead.
fn part_ui(
    ui: &mut Ui,
    store: &StoreAbilities,
    icon: Icon,
    title: &str,
    support: Support,
    contents: impl FnOnce(&mut Ui),
) {
    let t = Tokens::of(ui);
    Card::new().show(ui, |ui| {
        let badge = |ui: &mut Ui| {
            if support == Support::Unknown {
                Badge::new(Tone::Line, "May be missing").show(ui);
            }
        };
        card_header(ui, icon, title, badge, |_| {});
        ui.add_space(8.0);
        if support == Support::No {
            let words = format!("Not offered by {}", store.label);
            ui.label(Type::Body.rich(words).color(t.text_3));
        } else {
            contents(ui);
        }
    });
    ui.add_space(12.0);
}

fn explain_ui(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    ui.add_space(2.0);
    row_indent(ui, |ui| {
        ui.add(Label::new(Type::Small.rich(words).color(t.text_2)).wrap());
    });
}

/// Under the label of a checkbox.
fn row_indent(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.add_space(24.0);
        ui.vertical(|ui| contents(ui));
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    Store,
    Kms,
}

fn encryption_ui(ui: &mut Ui, store: &StoreAbilities, wanted: &mut Wanted, problems: &[Problem]) {
    let t = Tokens::of(ui);
    let before = match wanted.encryption {
        Encryption::SseS3 => Keys::Store,
        Encryption::SseKms { .. } => Keys::Kms,
    };
    let mut keys = before;
    row(ui, 30.0, |ui| {
        let choices = [Segment::new(Keys::Store, "SSE-S3"), Segment::new(Keys::Kms, "SSE-KMS")];
        if store.abilities.kms == Support::No {
            ui.label(Type::Body.rich("SSE-S3: with keys of the store").color(t.text));
        } else {
            segmented(ui, &choices, &mut keys, ControlSize::Regular);
        }
    });
    if keys != before {
        wanted.encryption = match keys {
            Keys::Store => Encryption::SseS3,
            Keys::Kms => Encryption::SseKms { key: None, bucket_key: true },
        };
    }
    ui.add_space(6.0);
    let words = match keys {
        Keys::Store => "With keys that the store keeps. Nothing to look after, nothing to pay.",
        Keys::Kms => "With a key of AWS KMS: who may use the key decides who may read the files. Strangers never can.",
    };
    ui.add(Label::new(Type::Small.rich(words).color(t.text_2)).wrap());
    let mut to_store = false;
    if let Encryption::SseKms { key, bucket_key } = &mut wanted.encryption {
        ui.add_space(8.0);
        let mut text = key.clone().unwrap_or_default();
        let field = TextField::new("KMS key", &mut text).mono().placeholder("alias/photos, a key ID or an ARN");
        let help = FieldNote::Help("Empty: the account’s own key, aws/s3".into());
        let public = problems.iter().find(|p| p.field == Field::Encryption && p.sentence.contains("without sign-in"));
        let others: Vec<Problem> = problems.iter().filter(|p| Some(*p) != public).cloned().collect();
        if field.note(note_of(&others, Field::Encryption, help)).id_salt("kms").show(ui).response.changed() {
            let trimmed = text.trim();
            *key = (!trimmed.is_empty()).then(|| trimmed.to_owned());
        }
        ui.add_space(8.0);
        checkbox(ui, bucket_key, "Use a bucket key: fewer calls to KMS, so less cost");
        if let Some(problem) = public {
            ui.add_space(8.0);
            fact(ui, icons::WARNING_CIRCLE, t.danger_text, Type::Small.job(&problem.sentence, t.danger_text));
            to_store = link(ui, Type::SmallMedium, "Use SSE-S3").clicked();
        }
    }
    if to_store {
        wanted.encryption = Encryption::SseS3;
    }
}

fn website_ui(ui: &mut Ui, wanted: &mut Wanted, problems: &[Problem]) {
    let mut on = wanted.website.is_some();
    if checkbox(ui, &mut on, "Serve the bucket as a website").changed() {
        let website = Website { index: "index.html".to_owned(), error: Some("404.html".to_owned()) };
        wanted.website = on.then_some(website);
    }
    explain_ui(
        ui,
        "Start pages for folders and a page for what is missing. Plain http only; images on pages do not need it.",
    );
    if let Some(website) = &mut wanted.website {
        ui.add_space(8.0);
        let note = note_of(problems, Field::Website, FieldNote::None);
        TextField::new("Start page", &mut website.index).mono().width(240.0).note(note).id_salt("index").show(ui);
        ui.add_space(8.0);
        let mut error = website.error.clone().unwrap_or_default();
        let field = TextField::new("Page for what is missing", &mut error).mono().width(240.0).placeholder("404.html");
        if field.id_salt("error page").show(ui).response.changed() {
            website.error = (!error.trim().is_empty()).then(|| error.trim().to_owned());
        }
    }
}

fn tags_ui(ui: &mut Ui, wanted: &mut Wanted, problems: &[Problem]) {
    let t = Tokens::of(ui);
    if wanted.tags.is_empty() {
        ui.label(Type::Small.rich("Words to find the bucket by, and to bill it").color(t.text_2));
        ui.add_space(6.0);
    }
    let mut gone = None;
    for (index, (key, value)) in wanted.tags.iter_mut().enumerate() {
        row(ui, 30.0, |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let label = format!("Name of tag {}", index + 1);
            TextField::new(label, key)
                .label_hidden()
                .placeholder("project")
                .width(180.0)
                .id_salt(("tag", index))
                .show(ui);
            let label = format!("Value of tag {}", index + 1);
            let field = TextField::new(label, value).label_hidden().placeholder("website").width(220.0);
            field.id_salt(("tag value", index)).show(ui);
            if IconButton::new(icons::X, format!("Remove tag {}", index + 1)).small().show(ui).clicked() {
                gone = Some(index);
            }
        });
        ui.add_space(6.0);
    }
    if let Some(index) = gone {
        wanted.tags.remove(index);
    }
    if let Some(problem) = problems.iter().find(|problem| problem.field == Field::Tags) {
        fact(ui, icons::WARNING_CIRCLE, t.danger_text, Type::Small.job(&problem.sentence, t.danger_text));
        ui.add_space(6.0);
    }
    let full = (wanted.tags.len() >= TAGS).then_some("A bucket takes at most 50 tags");
    if Button::secondary("Add a tag").small().icon(icons::PLUS).disabled_because(full).show(ui).clicked() {
        wanted.tags.push((String::new(), String::new()));
    }
}

/// What the choices mean.
pub(super) fn side_ui(ui: &mut Ui, draft: &Draft) {
    let t = Tokens::of(ui);
    let wanted = &draft.wanted;
    frame::side_head(ui, "What this means");
    ui.add_space(2.0);
    let on = |on: bool, yes: &str, no: &str| (on, if on { yes.to_owned() } else { no.to_owned() });
    let public = wanted.public_prefix().is_some();
    let encryption = match (&wanted.encryption, public) {
        (Encryption::SseS3, _) => {
            (true, "Files are encrypted where they lie, and decrypted for whoever may read them".to_owned())
        }
        (Encryption::SseKms { .. }, false) => (true, "Only who may use the KMS key can read the files".to_owned()),
        (Encryption::SseKms { .. }, true) => (false, "Strangers cannot open files under a KMS key".to_owned()),
    };
    let lines = [
        on(
            wanted.versioning,
            "A deleted or overwritten file can be brought back",
            "What is deleted or overwritten is gone",
        ),
        encryption,
        on(
            wanted.abort_unfinished_days.is_some(),
            "Uploads that broke off are cleared by themselves",
            "Uploads that broke off stay, unseen, and cost space",
        ),
        on(
            !wanted.cors.is_empty(),
            "Scripts of the pages named may load the files",
            "Pages may show images; scripts may not read them",
        ),
    ];
    for (good, words) in lines {
        ui.add_space(8.0);
        let (icon, color) = if good { (icons::CHECK_CIRCLE, t.ok) } else { (icons::MINUS_CIRCLE, t.text_3) };
        fact(ui, icon, color, Type::Body.job(words, t.text));
    }
    if let Some(website) = &wanted.website {
        ui.add_space(8.0);
        let words = format!("The website starts at {}", website.index);
        fact(ui, icons::CHECK_CIRCLE, t.ok, Type::Body.job(words, t.text));
    }
    frame::side_rule(ui);
    let later = "All of this can be changed later without touching a file.";
    ui.add(Label::new(Type::Body.rich(later).color(t.text_2)).wrap());
}
