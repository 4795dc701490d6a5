//! The policy as cards: one for each statement. What is changed in a card is changed in the text.

mod parts;

use std::collections::BTreeMap;

use egui::{Frame, Margin, ScrollArea, Ui};

use crate::domain::policy::form::{Card, CardContent, Fields, Form, FormEdit, StatementChange};
use crate::domain::policy::{
    ActionMatch, Effect, Finding, Principal, PrincipalMatch, ResourceMatch, Source, Statement, template,
};
use crate::model::permissions::PermissionsCommand;
use crate::model::permissions::draft::Draft;
use crate::model::permissions::meaning::Around;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, Card as CardBox, CodeBlock, ControlSize, EmptyState, IconButton, Segment, paint,
    segmented,
};

/// What is being edited in the cards.
#[derive(Debug, Default)]
pub(super) struct FormView {
    /// The cards of one state of the text.
    read: Option<(String, Around, Result<Form, Box<Finding>>)>,
    /// Texts of fields that are being written in.
    fields: BTreeMap<String, String>,
    /// Something that is being added.
    adding: Option<parts::Adding>,
    /// Why the last change could not be made, and on which card.
    problem: Option<(usize, String)>,
}

/// Something to do with the cards, carried out after they are shown.
pub(super) type Wishes = Vec<(usize, FormEdit)>;

impl FormView {
    /// The cards over the room left.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, around: &Around, draft: &Draft) {
        if self.read.as_ref().is_none_or(|(text, of, _)| text != draft.text() || of != around) {
            let form = Form::read(draft.text(), &around.scene());
            self.read = Some((draft.text().to_owned(), around.clone(), form));
        }
        let Some((text, around, form)) = self.read.take() else { return };
        let mut wishes: Wishes = Vec::new();
        match &form {
            Ok(form) => self.cards_ui(ui, form, &around, &mut wishes),
            Err(finding) => {
                Frame::NONE.inner_margin(Margin::same(16)).show(ui, |ui| {
                    let rest = format!("Line {}: {}. Mend the text first.", finding.line, finding.message);
                    Banner::new(BannerTone::Warn, "The text cannot be shown as a form.", rest).show(ui);
                });
            }
        }
        let mut changed = text.clone();
        for (card, edit) in wishes {
            match edit.apply(&changed, &around.scene()) {
                Ok(after) => {
                    changed = after;
                    self.problem = None;
                }
                Err(error) => self.problem = Some((card, error.to_string())),
            }
        }
        if changed != text {
            cx.push(PermissionsCommand::Replace { text: changed, caret: None });
        }
        self.read = Some((text, around, form));
    }

    fn cards_ui(&mut self, ui: &mut Ui, form: &Form, around: &Around, wishes: &mut Wishes) {
        if form.cards.is_empty() {
            let sentence = "Each statement says who may do what with which files, or who may not.";
            let mut add = false;
            EmptyState::new("No statement yet", sentence).icon(icons::SHIELD_CHECK).show(
                ui,
                |ui| add = Button::primary("Add a statement").icon(icons::PLUS).large().show(ui).clicked(),
                |_| {},
            );
            if add {
                wishes.push((0, FormEdit::Add(Box::new(new_statement(around)))));
            }
            return;
        }
        ScrollArea::vertical().id_salt("policy_form").auto_shrink([false, false]).show(ui, |ui| {
            Frame::NONE.inner_margin(Margin::same(16)).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 12.0;
                let last = form.cards.len().saturating_sub(1);
                for (index, card) in form.cards.iter().enumerate() {
                    ui.push_id(("policy_card", index), |ui| {
                        CardBox::new().show(ui, |ui| {
                            ui.set_width(ui.available_width());
                            self.card_ui(ui, index, last, card, around, wishes);
                        });
                    });
                }
                if Button::secondary("Add a statement").icon(icons::PLUS).show(ui).clicked() {
                    wishes.push((last + 1, FormEdit::Add(Box::new(new_statement(around)))));
                }
            });
        });
    }

    fn card_ui(&mut self, ui: &mut Ui, index: usize, last: usize, card: &Card, around: &Around, wishes: &mut Wishes) {
        let t = Tokens::of(ui);
        ui.spacing_mut().item_spacing.y = 8.0;
        match &card.content {
            CardContent::Fields(fields) => {
                self.head_ui(ui, index, last, Some(fields), wishes);
                self.parts_ui(ui, index, fields, around, wishes);
            }
            CardContent::AsWritten { text, findings } => {
                self.head_ui(ui, index, last, None, wishes);
                let why = findings.first().map(|finding| format!(": line {}, {}", finding.line, finding.message));
                let words = format!("Kept as written{}", why.unwrap_or_default());
                paint::label(ui, Type::Small.rich(words), t.text_2);
                CodeBlock::new(ui, text).show(ui);
            }
        }
        if let Some((_, why)) = self.problem.as_ref().filter(|(at, _)| *at == index) {
            paint::label(ui, Type::Small.rich(why.as_str()), t.danger_text);
        }
    }

    /// Effect, name, and what can be done with the statement as a whole.
    fn head_ui(&mut self, ui: &mut Ui, index: usize, last: usize, fields: Option<&Fields>, wishes: &mut Wishes) {
        let number = index + 1;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            if let Some(fields) = fields {
                let mut effect = fields.effect;
                let segments = [Segment::new(Effect::Allow, "Allow"), Segment::new(Effect::Deny, "Deny")];
                if segmented(ui, &segments, &mut effect, ControlSize::Regular).changed() {
                    wishes.push((index, change(index, StatementChange::Effect(effect))));
                }
                let name = fields.sid.clone().unwrap_or_default();
                let label = format!("Name of statement {number}");
                if let Some(new) =
                    self.field_ui(ui, &format!("{index} sid"), &label, &name, "No name", Some(200.0), false)
                {
                    let sid = Some(new.trim().to_owned()).filter(|name| !name.is_empty());
                    wishes.push((index, change(index, StatementChange::Sid(sid))));
                }
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                let remove = IconButton::new(icons::TRASH, format!("Remove statement {number}")).small();
                if remove.show(ui).clicked() {
                    wishes.push((index, FormEdit::Remove { statement: index }));
                }
                let down = IconButton::new(icons::CARET_DOWN, format!("Move statement {number} down")).small();
                if down.disabled_because((index == last).then_some("It is the last one")).show(ui).clicked() {
                    wishes.push((index, FormEdit::Move { from: index, to: index + 1 }));
                }
                let up = IconButton::new(icons::CARET_UP, format!("Move statement {number} up")).small();
                if up.disabled_because((index == 0).then_some("It is the first one")).show(ui).clicked() {
                    wishes.push((index, FormEdit::Move { from: index, to: index.saturating_sub(1) }));
                }
            });
        });
    }
}

fn change(statement: usize, change: StatementChange) -> FormEdit {
    FormEdit::Change { statement, change }
}

/// What a new card says: harmless, and something to change. The account itself may view every file; where
/// the account is not known, nobody may use plain HTTP.
fn new_statement(around: &Around) -> Statement {
    let scene = around.scene();
    let Some(account) = &around.owner else {
        return template::deny_insecure_transport(&around.bucket, around.partition);
    };
    Statement {
        sid: Some("NewStatement".to_owned()),
        effect: Effect::Allow,
        principal: PrincipalMatch::Only(vec![Principal::Aws(format!("arn:{}:iam::{account}:root", scene.partition))]),
        action: ActionMatch::Only(vec!["s3:GetObject".to_owned()]),
        resource: ResourceMatch::Only(vec![scene.object_arn("*")]),
        conditions: Vec::new(),
        source: Source::default(),
    }
}
