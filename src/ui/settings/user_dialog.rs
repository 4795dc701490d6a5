//! What a user of practice storage is to be: name, account, and what it may.

use egui::{ScrollArea, TextEdit, Ui};

use crate::domain::arn::is_account_id;
use crate::domain::policy::Policy;
use crate::model::command::FrameCommand;
use crate::model::settings::{PRESETS, PracticeUser, SettingsCommand, UserDraft};
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, ControlSize, Dialog, DialogWidth, FieldNote, Segment, TextField, paint, segmented};

/// The dialog and what has been typed into it.
#[derive(Debug, Default)]
pub(super) struct UserDialog {
    /// Whom it was opened for; another one begins anew.
    of: Option<Option<PracticeUser>>,
    name: String,
    account: String,
    policy: String,
    /// Somebody tried to go on: what is missing may be said.
    tried: bool,
}

/// What is wrong with what was typed, a sentence for each field.
#[derive(Debug, Default)]
struct Problems {
    name: Option<String>,
    account: Option<String>,
    policy: Option<String>,
}

impl Problems {
    fn is_empty(&self) -> bool {
        self.name.is_none() && self.account.is_none() && self.policy.is_none()
    }
}

impl UserDialog {
    /// Shows it.
    pub(super) fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, user: Option<&PracticeUser>) {
        if self.of.as_ref().is_none_or(|of| of.as_ref() != user) {
            self.begin(user);
        }
        let t = Tokens::of(ui);
        let (heading, button) = match user {
            Some(user) => (format!("Change {}", user.name), "Save user"),
            None => ("Add a user of practice storage".to_owned(), "Add user"),
        };
        let sentence = "It gets a key of its own. What it may not is refused as Amazon S3 would refuse it";
        let dialog =
            Dialog::new("practice-user", heading).width(DialogWidth::Form).sentence(Type::Body.job(sentence, t.text_2));
        let problems = self.problems(cx, user);
        let (mut save, mut cancel) = (false, false);
        let answer = dialog.show(
            ui.ctx(),
            |ui| self.fields_ui(ui, &problems),
            |ui| {
                save |= Button::primary(button).large().show(ui).clicked();
                cancel |= Button::secondary("Cancel").large().show(ui).clicked();
            },
        );
        if save {
            self.tried = true;
            if problems.is_empty() {
                cx.push(SettingsCommand::SavePracticeUser(self.draft(user)));
            }
        }
        if answer.close || cancel {
            self.of = None;
            cx.push(FrameCommand::CloseModal);
        }
    }

    fn begin(&mut self, user: Option<&PracticeUser>) {
        let told = |text: Option<&String>| text.cloned().unwrap_or_default();
        *self = Self {
            of: Some(user.cloned()),
            name: told(user.map(|user| &user.name)),
            account: told(user.and_then(|user| user.account_id.as_ref())),
            policy: told(user.and_then(|user| user.policy.as_ref())),
            tried: false,
        };
    }

    fn fields_ui(&mut self, ui: &mut Ui, problems: &Problems) {
        let t = Tokens::of(ui);
        let tried = self.tried;
        let note = |problem: &Option<String>, typed: &str, help: &'static str| match problem {
            Some(sentence) if tried || !typed.is_empty() => {
                FieldNote::Error { sentence: sentence.clone().into(), mend: None }
            }
            _ => FieldNote::Help(help.into()),
        };
        let help = "As in its ARN; root is the root of its account";
        let name_note = note(&problems.name, &self.name, help);
        TextField::new("Name", &mut self.name).note(name_note).show(ui);
        let help = "Twelve digits for somebody of another account; empty for yours";
        let account_note = note(&problems.account, &self.account, help);
        TextField::new("Account", &mut self.account).mono().note(account_note).show(ui);
        ui.add_space(4.0);
        paint::label(ui, Type::SmallMedium.rich("What it may"), t.text_2);
        let mut chosen = PRESETS.iter().position(|preset| preset.policy == self.policy.trim());
        let segments = PRESETS.iter().enumerate().map(|(n, preset)| Segment::new(Some(n), preset.label));
        let mut segments: Vec<_> = segments.collect();
        segments.push(Segment::new(None, "As written"));
        if segmented(ui, &segments, &mut chosen, ControlSize::Regular).changed()
            && let Some(preset) = chosen.and_then(|n| PRESETS.get(n))
        {
            preset.policy.clone_into(&mut self.policy);
        }
        ScrollArea::vertical().max_height(190.0).auto_shrink([false, true]).show(ui, |ui| {
            let frame = egui::Frame::new()
                .fill(t.sunken)
                .stroke(egui::Stroke::new(1.0, t.stroke_control))
                .corner_radius(6)
                .inner_margin(8);
            let edit = TextEdit::multiline(&mut self.policy)
                .frame(frame)
                .font(Type::Mono.font())
                .hint_text(Type::Mono.rich("Without a policy it may do everything that the account may"))
                .desired_width(f32::INFINITY)
                .desired_rows(8);
            ui.add(edit).accessible_name("Identity policy");
        });
        match &problems.policy {
            Some(sentence) => paint::label(ui, Type::Small.rich(sentence), t.danger_text),
            None => paint::label(ui, Type::Small.rich("An identity policy names no principal"), t.text_3),
        };
    }

    fn problems(&self, cx: &UiCtx<'_>, user: Option<&PracticeUser>) -> Problems {
        let mut problems = Problems::default();
        let legal = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
        let account = (!self.account.is_empty()).then_some(self.account.as_str());
        let others = cx.model.about.practice.iter().flat_map(|access| &access.users);
        let mut others = others.filter(|other| user.is_none_or(|user| user.access_key_id != other.access_key_id));
        problems.name = match self.name.as_str() {
            "" => Some("A user needs a name".to_owned()),
            name if name.len() > 64 || !name.chars().all(legal) => {
                Some("Only letters, digits and +=,.@_-, at most 64 of them".to_owned())
            }
            name if others.any(|other| other.name == name && other.account_id.as_deref() == account) => {
                Some(format!("There is a user {name} in this account already"))
            }
            _ => None,
        };
        if account.is_some_and(|account| !is_account_id(account)) {
            problems.account = Some("The number of an account has twelve digits".to_owned());
        }
        problems.policy = self.policy_problem();
        problems
    }

    fn policy_problem(&self) -> Option<String> {
        if self.policy.trim().is_empty() {
            return None;
        }
        if self.name == "root" {
            return Some("The root of an account has no policy: it may do everything".to_owned());
        }
        let finding = Policy::parse_identity(&self.policy).err()?.into_iter().next()?;
        Some(format!("Line {}: {}", finding.line, finding.message))
    }

    fn draft(&self, user: Option<&PracticeUser>) -> UserDraft {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        UserDraft {
            access_key_id: user.map(|user| user.access_key_id.clone()),
            name: self.name.clone(),
            account_id: given(&self.account),
            policy: given(&self.policy),
        }
    }
}
