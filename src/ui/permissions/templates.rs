//! Statements to insert: chosen from a menu, filled in in a dialog, put at the end of the policy.

use egui::{ScrollArea, Ui};

use crate::domain::policy::form::FormError;
use crate::domain::policy::template::{self, Template};
use crate::domain::policy::{Policy, Statement, explain_in};
use crate::model::permissions::PermissionsCommand;
use crate::model::permissions::draft::Draft;
use crate::model::permissions::meaning::Around;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, CodeBlock, Dialog, DialogWidth, FieldNote, MenuRow, TextField, menu, menu_rule,
};

use crate::ui::words;

/// A template that is being filled in.
#[derive(Debug, Default)]
pub(super) struct Templates {
    open: Option<Filling>,
}

#[derive(Debug)]
struct Filling {
    template: Template,
    values: Vec<String>,
    /// Blanks that were left, so that what is missing may be said.
    seen: Vec<bool>,
    /// The statements as they were when all blanks fitted, so that nothing jumps while one types.
    made: Vec<Statement>,
}

impl Templates {
    /// The button with its menu.
    pub(super) fn button_ui(&mut self, ui: &mut Ui, around: &Around) {
        let button = Button::quiet("Insert…").icon(icons::PLUS).tooltip("Statements to fill in").show(ui);
        menu(&button, 320.0, |ui| {
            for template in Template::ALL {
                // What keeps people out stands apart from what lets them in.
                if template == Template::HttpsOnly {
                    menu_rule(ui);
                }
                let icon = match template {
                    Template::PublicRead | Template::PublicReadAndList => icons::GLOBE_SIMPLE,
                    _ if template.denies() => icons::PROHIBIT,
                    _ => icons::CHECK_CIRCLE,
                };
                if MenuRow::new(template.title()).icon(icon).show(ui).clicked() {
                    self.open = Some(Filling::new(template, around));
                }
            }
        });
    }

    /// The dialog, where one is open.
    pub(super) fn dialog_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, around: &Around, draft: &Draft) {
        let Some(filling) = &mut self.open else { return };
        if filling.ui(ui, cx, around, draft) {
            self.open = None;
        }
    }
}

impl Filling {
    fn new(template: Template, around: &Around) -> Self {
        let scene = around.scene();
        let values: Vec<String> = template.blanks().iter().map(|blank| template.first_value(*blank, &scene)).collect();
        // Until the blanks are filled in, the examples show what it comes to.
        let examples: Vec<String> = template.blanks().iter().map(|blank| blank.example().to_owned()).collect();
        let made = template.statements(&examples, &scene).unwrap_or_default();
        Self { template, seen: vec![false; values.len()], values, made }
    }

    /// Shows the dialog; says whether it is done.
    fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, around: &Around, draft: &Draft) -> bool {
        let t = Tokens::of(ui);
        let template = self.template;
        let made = template.statements(&self.values, &around.scene());
        let after = made.as_ref().ok().map(|made| template::insert(draft.text(), made, &around.scene()));
        let why = match (&made, &after) {
            (Err(error), _) => Some(error.message.clone()),
            (_, Some(Err(FormError::AlreadyThere))) => Some("The policy says this already".to_owned()),
            (_, Some(Err(error))) => Some(error.to_string()),
            _ => None,
        };
        let fits = made.is_ok();
        if let Ok(made) = made {
            self.made = made;
        }
        let (mut insert, mut close) = (false, false);
        let answer = Dialog::new("policy_template", template.title())
            .sentence(Type::Body.job(template.summary(), t.text_2))
            .width(DialogWidth::Form)
            .close_button()
            .show(
                ui.ctx(),
                |ui| {
                    ui.spacing_mut().item_spacing.y = 12.0;
                    for (index, blank) in template.blanks().iter().enumerate() {
                        self.blank_ui(ui, index, *blank);
                    }
                    if let Some(warning) = template.warning() {
                        let public = matches!(template, Template::PublicRead | Template::PublicReadAndList);
                        let tone = if public { BannerTone::Public } else { BannerTone::Warn };
                        let (first, rest) = warning.split_once(". ").unwrap_or((warning, ""));
                        let first = if rest.is_empty() { first.to_owned() } else { format!("{first}.") };
                        Banner::new(tone, first, rest).show(ui);
                    }
                    let policy = Policy::new(self.made.clone());
                    let color = if fits { t.text } else { t.text_3 };
                    for sentence in explain_in(&policy, &around.scene()).iter().filter(|s| s.statement.is_some()) {
                        words::label(ui, &sentence.words, Type::Body, color);
                    }
                    let code: Vec<String> = self.made.iter().map(|one| format!("{:#}", one.to_json())).collect();
                    ScrollArea::vertical().id_salt("template_code").max_height(220.0).show(ui, |ui| {
                        CodeBlock::new(ui, &code.join(",\n")).show(ui);
                    });
                },
                |ui| {
                    let button = Button::primary("Insert").large().disabled_because(why.clone());
                    insert = button.show(ui).clicked();
                    close = Button::secondary("Cancel").large().show(ui).clicked();
                },
            );
        if (insert || (answer.enter && why.is_none()))
            && let Some(Ok(text)) = after
        {
            cx.push(PermissionsCommand::Replace { text, caret: None });
            return true;
        }
        close || answer.close
    }

    fn blank_ui(&mut self, ui: &mut Ui, index: usize, blank: template::Blank) {
        let (Some(value), Some(seen)) = (self.values.get_mut(index), self.seen.get_mut(index)) else { return };
        let wrong = blank.check(value).err().filter(|_| *seen || !value.trim().is_empty());
        let note = match wrong {
            Some(sentence) => FieldNote::Error { sentence: sentence.into(), mend: None },
            None => FieldNote::Help(format!("Such as {}", blank.example()).into()),
        };
        let field = TextField::new(blank.label(), value).placeholder(blank.example()).mono().note(note);
        let shown = field.id_salt(("template_blank", index)).show(ui);
        *seen |= shown.response.lost_focus();
    }
}
