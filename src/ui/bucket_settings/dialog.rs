//! The dialog in which a setting is changed: the form, what it changes, what has to be acknowledged, and how it went.

use egui::{Align2, Sense, Ui, vec2};

use super::body;
use super::form::Form;
use crate::domain::bucket_settings::{
    self, Consequence, Difference, Gravity, SettingKind, SettingValue, consequence, differences, same,
};
use crate::model::bucket_settings::{BucketSettingsCommand, EditMode, EditState, Editing, Wish};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, CodeBlock, Dialog, DialogWidth, Level, TextField, checkbox, dialog_foot_left,
    disclosure, paint,
};

/// What is being filled in.
#[derive(Debug)]
pub(super) struct Draft {
    number: u64,
    form: Form,
    note: String,
    /// The sentence that was ticked; another sentence has to be ticked anew.
    acknowledged: Option<String>,
}

impl Draft {
    fn of(editing: &Editing, cx: &UiCtx<'_>) -> Self {
        let form = if editing.mode != EditMode::Form {
            Form::Whole(editing.start.clone())
        } else {
            Form::of(editing.kind, editing.start.as_ref(), cx)
        };
        Self { number: editing.number, form, note: String::new(), acknowledged: None }
    }
}

/// Shows it.
pub(super) fn dialog_ui(slot: &mut Option<Draft>, ui: &Ui, cx: &mut UiCtx<'_>) {
    let model = cx.model;
    let Some(editing) = &model.bucket_settings.editing else { return };
    if slot.as_ref().is_none_or(|draft| draft.number != editing.number) {
        *slot = Some(Draft::of(editing, cx));
    }
    let Some(draft) = slot else { return };
    let t = Tokens::of(ui);
    let bucket = model.bucket_settings.bucket.clone().unwrap_or_default();
    let heading = match (editing.mode, editing.kind) {
        (EditMode::PutBack, kind) => format!("Put back {} of {bucket}?", kind.title()),
        (EditMode::Adopt, kind) => format!("Take over {} for {bucket}?", kind.title()),
        (EditMode::Form, SettingKind::AccountBlockPublicAccess) => {
            SettingKind::AccountBlockPublicAccess.title().to_owned()
        }
        (EditMode::Form, kind) => format!("{} of {bucket}", kind.title()),
    };
    let mut wish = None;
    let mut begin_again = false;
    let mut cancelled = false;
    let mut foretold = None;
    let known: &UiCtx<'_> = cx;
    let saving = editing.state == EditState::Saving;
    // What the foot needs is known only after the form was shown: it shows what this frame's form says.
    let state = std::cell::RefCell::new(Foot::default());
    let answer = Dialog::new(&format!("bucket setting {}", editing.number), heading)
        .width(DialogWidth::Form)
        .steady(height(editing))
        .sentence(Type::Body.job(bucket_settings::meaning(editing.kind, editing.base.as_ref()), t.text_2))
        .show(
            ui.ctx(),
            |ui| {
                ui.add_enabled_ui(!saving, |ui| {
                    begin_again = trouble_ui(ui, &editing.state, editing.mode == EditMode::Form);
                    draft.form.ui(ui, known);
                    let value = draft.form.value(editing.base.as_ref());
                    let mut foot = state.borrow_mut();
                    match &value {
                        Err(why) => foot.why_not = Some(why.clone()),
                        Ok(value) => {
                            let changes = differences(editing.base.as_ref(), value.as_ref());
                            let is_same = same(editing.base.as_ref(), value.as_ref());
                            changes_ui(ui, editing, &changes, is_same);
                            let around = known.model.bucket_settings.surroundings();
                            let grave = consequence(editing.kind, editing.base.as_ref(), value.as_ref(), around);
                            if is_same {
                                foot.why_not = Some("Nothing has changed".to_owned());
                            } else if let Some(grave) = &grave {
                                acknowledge_ui(ui, &mut draft.acknowledged, grave);
                                if draft.acknowledged.as_ref() != Some(&grave.sentence) {
                                    foot.why_not = Some("Tick the sentence above first".to_owned());
                                }
                            }
                            foot.grave = grave.is_some() && !is_same;
                        }
                    }
                    ui.add_space(8.0);
                    TextField::new("Why (optional, kept in the history)", &mut draft.note).show(ui);
                    foot.wish =
                        value.ok().map(|value| Wish { value, note: draft.note.clone(), first: draft.form.first() });
                });
            },
            |ui| {
                let foot = state.borrow();
                let label = match editing.mode {
                    EditMode::Form => "Save",
                    EditMode::PutBack => "Put it back",
                    EditMode::Adopt => "Take it over",
                };
                let busy = saving.then_some(Level::Unknown);
                let button = if foot.grave { Button::danger(label) } else { Button::primary(label) };
                let why = foot.why_not.as_deref().filter(|_| !saving);
                if button.large().disabled_because(why).busy(busy).show(ui).clicked() {
                    wish.clone_from(&foot.wish);
                }
                let cancel = if saving { "Close" } else { "Cancel" };
                cancelled = Button::secondary(cancel).large().show(ui).clicked();
                if editing.kind == SettingKind::Lifecycle {
                    dialog_foot_left(ui, |ui| {
                        let rules = match foot.wish.as_ref().and_then(|wish| wish.value.as_ref()) {
                            Some(SettingValue::Lifecycle(rules)) => Some(rules),
                            _ => None,
                        };
                        let why = rules.is_none().then_some("There is no rule that can be tried");
                        let button = Button::quiet_accent("Dry run…").icon(icons::PLAY_CIRCLE).flush_left();
                        if button.name("Dry run of these rules").disabled_because(why).show(ui).clicked() {
                            foretold = rules.cloned();
                        }
                    });
                }
            },
        );
    if answer.close || cancelled {
        cx.push(BucketSettingsCommand::CloseEditor);
    }
    if begin_again {
        let kind = editing.kind;
        cx.push(BucketSettingsCommand::Edit { kind, start: None });
    }
    if let Some(rules) = foretold {
        cx.push(BucketSettingsCommand::DryRun(rules));
    }
    if let Some(wish) = wish {
        cx.push(BucketSettingsCommand::Save(wish));
    }
}

/// How high the form is, in points: enough for what it mostly holds.
fn height(editing: &Editing) -> f32 {
    if editing.mode != EditMode::Form {
        return 300.0;
    }
    match editing.kind {
        SettingKind::Cors | SettingKind::Lifecycle | SettingKind::Logging | SettingKind::Website => 520.0,
        SettingKind::Tags => 340.0,
        SettingKind::RequestPayment | SettingKind::Acceleration | SettingKind::Versioning => 380.0,
        SettingKind::ObjectLock | SettingKind::Encryption | SettingKind::Ownership | SettingKind::Acl => 560.0,
        _ => 480.0,
    }
}

/// What the foot of the dialog goes by.
#[derive(Default)]
struct Foot {
    wish: Option<Wish>,
    why_not: Option<String>,
    grave: bool,
}

/// How the last try went; says whether the form, if there is one, shall begin again with what is there now.
pub(in crate::ui) fn trouble_ui(ui: &mut Ui, state: &EditState, has_form: bool) -> bool {
    match state {
        EditState::Open | EditState::Saving => false,
        EditState::ChangedMeanwhile => {
            let rest = "Nothing was overwritten. Below, “before” is what is there now.";
            let banner = Banner::new(BannerTone::Warn, "Changed by someone else meanwhile.", rest);
            let banner = if has_form { banner.link("Begin with it") } else { banner };
            let again = banner.show(ui).is_some_and(|link| link.clicked());
            ui.add_space(8.0);
            again
        }
        EditState::Failed(trouble) => {
            Banner::new(BannerTone::Danger, "Nothing was changed.", trouble.sentence.as_str()).show(ui);
            if !trouble.details.is_empty() && disclosure(ui, "trouble", "Details") {
                CodeBlock::new(ui, &trouble.details.join("\n")).show(ui);
            }
            ui.add_space(8.0);
            false
        }
    }
}

/// Before → after, part by part.
fn changes_ui(ui: &mut Ui, editing: &Editing, changes: &[Difference], is_same: bool) {
    if is_same {
        if editing.mode != EditMode::Form {
            body::note_ui(ui, icons::EQUALS, "It is so already");
        }
        return;
    }
    differences_ui(ui, changes);
}

/// What changes, under a head.
pub(in crate::ui) fn differences_ui(ui: &mut Ui, changes: &[Difference]) {
    let t = Tokens::of(ui);
    ui.add_space(8.0);
    paint::label(ui, Type::SmallMedium.rich("What changes"), t.text_2);
    if changes.is_empty() {
        paint::label(ui, Type::Small.rich("It is written anew, with the same meaning"), t.text_2);
    }
    for change in changes {
        change_ui(ui, change);
    }
}

/// One part, as in the timeline.
pub(super) fn change_ui(ui: &mut Ui, change: &Difference) {
    let t = Tokens::of(ui);
    let none = || "not set".to_owned();
    let before = change.before.clone().unwrap_or_else(none);
    let after = change.after.clone().unwrap_or_else(none);
    // Added is green, taken away is red; what only changes is neither. What the public gets is red.
    let (was_color, is_color) = match (&change.before, &change.after) {
        _ if change.exposes => (t.text_3, t.danger_text),
        (Some(_), Some(_)) => (t.text_2, t.text),
        (None, _) => (t.text_3, t.ok_text),
        (Some(_), None) => (t.danger_text, t.text_3),
    };
    let width = ui.available_width();
    let name_width = (width * 0.3).floor();
    let arrow = 28.0;
    let part = ((width - name_width - arrow) / 2.0).floor();
    let name = paint::wrapped(ui, Type::Small, t.text_2, change.name.as_str(), name_width - 8.0);
    let was = paint::wrapped(ui, Type::Small, was_color, before.as_str(), part);
    let rest = width - name_width - was.size().x.ceil() - arrow;
    let is = paint::wrapped(ui, Type::SmallMedium, is_color, after.as_str(), rest);
    let height = name.size().y.max(was.size().y).max(is.size().y).max(18.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let top = rect.min;
    let between = name_width + was.size().x.ceil();
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, top, name);
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, top + vec2(name_width, 0.0), was);
    let middle = top + vec2(between + arrow / 2.0, 9.0);
    paint::icon_at(ui.painter(), middle, icons::ARROW_RIGHT, 14.0, t.text_3);
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, top + vec2(between + arrow, 0.0), is);
    let said = format!("{}: {before} → {after}", change.name);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
}

/// What strangers may then do, or what is then lost, is ticked; `acknowledged` is the sentence that was.
pub(in crate::ui) fn acknowledge_ui(ui: &mut Ui, acknowledged: &mut Option<String>, grave: &Consequence) {
    let t = Tokens::of(ui);
    let fill = match grave.gravity {
        Gravity::Exposes => t.public_soft,
        Gravity::Final => t.warn_soft,
    };
    ui.add_space(8.0);
    egui::Frame::new().fill(fill).corner_radius(8).inner_margin(12).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let mut ticked = acknowledged.as_ref() == Some(&grave.sentence);
        if checkbox(ui, &mut ticked, &grave.sentence).changed() {
            *acknowledged = ticked.then(|| grave.sentence.clone());
        }
    });
}
