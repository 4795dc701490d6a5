//! Who may see a file by its access list, and the dialog that changes the list.

use std::cell::RefCell;

use egui::Ui;

use super::GalleryPanel;
use crate::domain::bucket_settings::{Acl, acl};
use crate::domain::public_access::AclOf;
use crate::model::Trouble;
use crate::model::bucket_settings::EditState;
use crate::model::gallery::{AccessCommand, AccessEdit, ObjectAccess};
use crate::theme::{Tokens, Type, icons};
use crate::ui::bucket_settings::{AccessForm, acknowledge_ui, differences_ui, grants_ui, note_ui, trouble_ui};
use crate::ui::widgets::{Badge, Button, ControlSize, Dialog, DialogWidth, Level, Tone, level_icon, paint};
use crate::ui::{UiCtx, refusal};
use crate::worker::Status;

/// So high the form is, in points: enough for what it mostly holds.
const HEIGHT: f32 = 500.0;

/// The list as it is being filled in.
#[derive(Debug)]
pub(super) struct Draft {
    number: u64,
    form: AccessForm,
    /// The sentence that was ticked; another sentence has to be ticked anew.
    acknowledged: Option<String>,
}

impl Draft {
    fn of(edit: &AccessEdit) -> Self {
        let form = AccessForm::of(AclOf::Object, &edit.start, edit.base.bucket_owner.as_deref());
        Self { number: edit.number, form, acknowledged: None }
    }
}

/// Whether strangers are on the list, beside the head of its section.
pub(super) fn badge(cx: &UiCtx<'_>, key: &str) -> Option<Badge<'static>> {
    let access = &cx.model.gallery.access;
    match access.found.known().filter(|_| access.of.as_deref() == Some(key))? {
        ObjectAccess::List(list) if list.acl.is_public() => {
            Some(Badge::new(Tone::Public, "Public").icon(icons::GLOBE_SIMPLE))
        }
        ObjectAccess::List(_) | ObjectAccess::Disabled | ObjectAccess::NotOffered => None,
    }
}

/// Who is on the list; it is asked for when somebody looks.
pub(super) fn access_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, key: &str, name: &str) {
    let access = &cx.model.gallery.access;
    if access.of.as_deref() != Some(key) {
        cx.push(AccessCommand::Read(key.to_owned()));
    }
    let t = Tokens::of(ui);
    let quiet = |ui: &mut Ui, words: &str| {
        paint::label(ui, Type::Small.rich(words), t.text_3);
    };
    match access.found.status() {
        Status::Ready(found) | Status::Pending(Some(found)) | Status::Failed(_, Some(found)) => match found {
            ObjectAccess::Disabled => quiet(
                ui,
                "ACLs are disabled in this bucket (BucketOwnerEnforced): the policy alone decides who gets in",
            ),
            ObjectAccess::NotOffered => quiet(ui, "Not offered by this store: only the policy decides who gets in"),
            ObjectAccess::List(list) => {
                grants_ui(ui, AclOf::Object, &list.acl);
                if let Some(words) = acl::ignored(&list.block).filter(|_| list.acl.is_public()) {
                    note_ui(ui, icons::SHIELD_CHECK, &words);
                }
                ui.add_space(8.0);
                let button = Button::secondary("Change…").small().name(format!("Change the access list of {name}"));
                if button.show(ui).clicked() {
                    cx.push(AccessCommand::Edit(key.to_owned()));
                }
            }
        },
        Status::Failed(trouble, None) => {
            quiet(ui, &unreadable(trouble));
            refusal::why_ui(ui, cx, trouble, ControlSize::Small);
        }
        Status::Idle | Status::Pending(None) => {
            level_icon(ui, Level::Unknown, 14.0, "Reading the access list");
        }
    }
}

fn unreadable(trouble: &Trouble) -> String {
    match &trouble.permission {
        Some(permission) => format!("Cannot be read: needs {permission}"),
        None => trouble.sentence.clone(),
    }
}

/// What the foot of the dialog goes by.
#[derive(Default)]
struct Foot {
    list: Option<Acl>,
    why_not: Option<String>,
    is_grave: bool,
}

impl GalleryPanel {
    /// The dialog in which a file's access list is changed.
    pub fn access_dialog_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        let Some(edit) = &cx.model.gallery.access.edit else { return };
        if self.access.as_ref().is_none_or(|draft| draft.number != edit.number) {
            self.access = Some(Draft::of(edit));
        }
        let Some(draft) = &mut self.access else { return };
        let t = Tokens::of(ui);
        let name = edit.key.rsplit('/').next().unwrap_or(&edit.key);
        let saving = edit.state == EditState::Saving;
        let versions = cx.model.gallery.details.known().is_some_and(|known| known.version_id.is_some());
        let foot = RefCell::new(Foot::default());
        let (mut begin_again, mut cancelled, mut wanted) = (false, false, None);
        let answer = Dialog::new(&format!("access list {}", edit.number), format!("Access control list of {name}"))
            .width(DialogWidth::Form)
            .steady(HEIGHT)
            .sentence(Type::Body.job(acl::summary(AclOf::Object, &edit.base.acl), t.text_2))
            .show(
                ui.ctx(),
                |ui| {
                    ui.add_enabled_ui(!saving, |ui| {
                        begin_again = trouble_ui(ui, &edit.state, true);
                        *foot.borrow_mut() = draft_ui(ui, draft, edit);
                        if versions {
                            let words = "This is the list of the current version; older versions keep their own";
                            note_ui(ui, icons::CLOCK_COUNTER_CLOCKWISE, words);
                        }
                    });
                },
                |ui| {
                    let foot = foot.borrow();
                    let button = if foot.is_grave { Button::danger("Save") } else { Button::primary("Save") };
                    let why = foot.why_not.as_deref().filter(|_| !saving);
                    let busy = saving.then_some(Level::Unknown);
                    if button.large().disabled_because(why).busy(busy).show(ui).clicked() {
                        wanted.clone_from(&foot.list);
                    }
                    let cancel = if saving { "Close" } else { "Cancel" };
                    cancelled = Button::secondary(cancel).large().show(ui).clicked();
                },
            );
        if begin_again {
            cx.push(AccessCommand::Edit(edit.key.clone()));
        }
        if let Some(list) = wanted {
            cx.push(AccessCommand::Save(list));
        }
        if answer.close || cancelled {
            cx.push(AccessCommand::Close);
        }
    }
}

/// The form, what it changes, and what has to be ticked first.
fn draft_ui(ui: &mut Ui, draft: &mut Draft, edit: &AccessEdit) -> Foot {
    let base = &edit.base;
    draft.form.ui(ui, &base.block);
    let list = match draft.form.value() {
        Ok(list) => list,
        Err(why) => return Foot { why_not: Some(why), ..Foot::default() },
    };
    if list.same_as(&base.acl) {
        return Foot { why_not: Some("Nothing has changed".to_owned()), ..Foot::default() };
    }
    differences_ui(ui, &acl::differences(AclOf::Object, &base.acl, &list));
    let is_ignored = acl::ignored(&base.block).is_some();
    let grave = acl::consequence(AclOf::Object, Some(&base.acl), &list, is_ignored);
    let mut foot = Foot { list: Some(list), why_not: None, is_grave: grave.is_some() };
    if let Some(grave) = grave {
        acknowledge_ui(ui, &mut draft.acknowledged, &grave);
        if draft.acknowledged.as_ref() != Some(&grave.sentence) {
            foot.why_not = Some("Tick the sentence above first".to_owned());
        }
    }
    foot
}
