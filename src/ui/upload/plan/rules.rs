//! What files get by their names: the list of rules of the bucket, and the form of one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use egui::Ui;

use crate::domain::format;
use crate::domain::upload_rules::{Field, Glob, Rule};
use crate::model::upload::PlanCommand;
use crate::model::upload::plan::PlanModel;
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{Button, Dialog, DialogWidth, FieldNote, IconButton, TextField, dialog_foot_left, paint, row};

/// So many files are looked through for what a pattern fits, on every change of it.
const FILES_TRIED: usize = 5_000;
/// So many of them are named.
const NAMES_SHOWN: usize = 3;
/// The body keeps this height, so that nothing moves when the form takes the place of the list.
const BODY: f32 = 470.0;

/// The dialog over the plan, while it is open.
#[derive(Default)]
pub(super) struct RulesDialog {
    open: bool,
    form: Option<Form>,
}

/// A rule as it is typed.
struct Form {
    /// Which one it takes the place of; a new one goes to the end.
    at: Option<usize>,
    pattern: String,
    texts: BTreeMap<Field, String>,
    /// Somebody tried to go on: what is missing may be said.
    tried: bool,
    /// What the pattern fits here, and the pattern that was tried.
    fits: (String, String),
}

impl RulesDialog {
    /// The way in, with the number of rules.
    pub(super) fn button_ui(&mut self, ui: &mut Ui, plan: &PlanModel) {
        let label = match plan.rules.len() {
            0 => "Rules for files…".to_owned(),
            n => format!("Rules for files: {}…", format::count(n as u64)),
        };
        if Button::quiet(label).small().icon(icons::LIST_DASHES).show(ui).clicked() {
            self.open = true;
        }
    }

    /// Shows the dialog, if it is open.
    pub(super) fn ui(&mut self, ui: &Ui, plan: &PlanModel, wishes: &mut Vec<PlanCommand>) {
        if !self.open {
            return;
        }
        match self.form.take() {
            Some(form) => self.form = form.ui(ui, plan, wishes),
            None => self.list_ui(ui, plan, wishes),
        }
    }

    fn list_ui(&mut self, ui: &Ui, plan: &PlanModel, wishes: &mut Vec<PlanCommand>) {
        let t = Tokens::of(ui);
        let sentence = "By their names, before what is set for all. The first rule that fits a file and sets a field \
                        counts; rules are kept for this bucket.";
        let dialog = Dialog::new("upload_rules", format!("Rules for files in {}", plan.bucket))
            .width(DialogWidth::Form)
            .steady(BODY)
            .sentence(Type::Body.job(sentence, t.text_2));
        let (mut add, mut done) = (false, false);
        let answer = dialog.show(
            ui.ctx(),
            |ui| {
                if plan.rules.is_empty() {
                    ui.add_space(24.0);
                    let words = "No rules yet. For example *.html with Cache-Control no-cache, or raw/** with a \
                                 storage class that costs less.";
                    paint::label(ui, Type::Body.rich(words), t.text_3);
                }
                for (at, rule) in plan.rules.iter().enumerate() {
                    if at > 0 {
                        paint::hairline(ui);
                    }
                    self.rule_ui(ui, plan, at, rule, wishes);
                }
            },
            |ui| {
                done = Button::primary("Done").large().show(ui).clicked();
                dialog_foot_left(ui, |ui| {
                    add = Button::secondary("Add a rule").large().icon(icons::PLUS).show(ui).clicked();
                });
            },
        );
        if add {
            self.form = Some(Form::new(None, &Rule::default()));
        }
        if done || answer.close || answer.enter {
            self.open = false;
        }
    }

    fn rule_ui(&mut self, ui: &mut Ui, plan: &PlanModel, at: usize, rule: &Rule, wishes: &mut Vec<PlanCommand>) {
        let t = Tokens::of(ui);
        row(ui, 44.0, |ui| {
            let words = ui.available_width() - 116.0;
            ui.allocate_ui_with_layout(egui::vec2(words, 40.0), egui::Layout::top_down(egui::Align::LEFT), |ui| {
                ui.set_width(words);
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.add(egui::Label::new(Type::Mono.rich(&rule.pattern).color(t.text)).truncate());
                ui.add(egui::Label::new(Type::Small.rich(rule.summary()).color(t.text_2)).truncate());
            });
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                let name = |verb: &str| format!("{verb} the rule {}", rule.pattern);
                if IconButton::new(icons::TRASH, name("Remove")).small().show(ui).clicked() {
                    let mut rules = plan.rules.clone();
                    rules.remove(at);
                    wishes.push(PlanCommand::SetRules(rules));
                }
                if IconButton::new(icons::SLIDERS_HORIZONTAL, name("Change")).small().show(ui).clicked() {
                    self.form = Some(Form::new(Some(at), rule));
                }
                let first = (at == 0).then_some("It is the first");
                let up = IconButton::new(icons::ARROW_UP, name("Move up")).small().disabled_because(first);
                if up.show(ui).clicked() {
                    let mut rules = plan.rules.clone();
                    rules.swap(at - 1, at);
                    wishes.push(PlanCommand::SetRules(rules));
                }
            });
        });
    }
}

impl Form {
    fn new(at: Option<usize>, rule: &Rule) -> Self {
        let texts = Field::ALL.into_iter().map(|field| (field, rule.set.get(&field).cloned().unwrap_or_default()));
        Self { at, pattern: rule.pattern.clone(), texts: texts.collect(), tried: false, fits: Default::default() }
    }

    /// Shows it and gives it back, unless it is left.
    fn ui(mut self, ui: &Ui, plan: &PlanModel, wishes: &mut Vec<PlanCommand>) -> Option<Self> {
        let heading = if self.at.is_some() { "Change the rule" } else { "Add a rule" };
        let t = Tokens::of(ui);
        let sentence = "Fields that stay empty set nothing.";
        let dialog = Dialog::new("upload_rules", heading)
            .width(DialogWidth::Form)
            .steady(BODY)
            .sentence(Type::Body.job(sentence, t.text_2));
        let rule = self.rule();
        let (mut save, mut leave) = (false, false);
        let answer = dialog.show(
            ui.ctx(),
            |ui| self.fields_ui(ui, plan),
            |ui| {
                save = Button::primary("Save rule").large().show(ui).clicked();
                leave = Button::secondary("Back to the rules").large().show(ui).clicked();
            },
        );
        if leave || answer.close {
            return None;
        }
        self.tried |= save;
        if !save || !rule.is_right() || rule.set.is_empty() {
            return Some(self);
        }
        let mut rules = plan.rules.clone();
        match self.at.and_then(|at| rules.get_mut(at)) {
            Some(place) => *place = rule,
            None => rules.push(rule),
        }
        wishes.push(PlanCommand::SetRules(rules));
        None
    }

    fn fields_ui(&mut self, ui: &mut Ui, plan: &PlanModel) {
        self.try_pattern(plan);
        let error = |sentence: String| FieldNote::Error { sentence: sentence.into(), mend: None };
        let note = match Glob::parse(&self.pattern) {
            Err(problem) if self.tried || !self.pattern.is_empty() => error(problem.to_string()),
            Err(_) => FieldNote::Help("* for any characters, ** across folders, {jpg,png} for either".into()),
            Ok(_) => FieldNote::Help(self.fits.1.as_str().into()),
        };
        TextField::new("Files", &mut self.pattern).mono().placeholder("*.html").note(note).show(ui);
        let nothing = self.texts.values().all(|text| text.trim().is_empty());
        for (field, text) in &mut self.texts {
            if *field == Field::StorageClass && !plan.offers_classes {
                continue;
            }
            let problem = Some(text.trim()).filter(|text| !text.is_empty()).and_then(|text| field.problem(text));
            let note = match problem {
                Some(sentence) => error(sentence),
                None if self.tried && nothing && *field == Field::ALL[0] => error("Set at least one of these".into()),
                None => FieldNote::None,
            };
            let example = format!("For example {}", field.example());
            let input = TextField::new(field.label(), text).mono().placeholder(Cow::from(example)).note(note);
            // The plan has fields of the same names beneath.
            input.id_salt(("upload_rule", field.label())).name(format!("{} by this rule", field.label())).show(ui);
        }
    }

    /// What is typed, without what is empty.
    fn rule(&self) -> Rule {
        let texts = self.texts.iter().map(|(field, text)| (*field, text.trim().to_owned()));
        Rule { pattern: self.pattern.trim().to_owned(), set: texts.filter(|(_, text)| !text.is_empty()).collect() }
    }

    /// Says which of the files here the pattern fits, when it was changed.
    fn try_pattern(&mut self, plan: &PlanModel) {
        if self.fits.0 == self.pattern {
            return;
        }
        let Ok(glob) = Glob::parse(&self.pattern) else { return };
        let sources = plan.found.sources.iter().take(FILES_TRIED);
        let fitting: Vec<String> = sources.map(|source| source.path()).filter(|path| glob.fits(path)).collect();
        let of = format::counted(plan.found.sources.len().min(FILES_TRIED) as u64, "file", "files");
        let mut words = format!("Fits {} of {of} here", format::count(fitting.len() as u64));
        let names: Vec<&str> = fitting.iter().take(NAMES_SHOWN).map(String::as_str).collect();
        if !names.is_empty() {
            words.push_str(&format!(": {}", names.join(", ")));
        }
        self.fits = (self.pattern.clone(), words);
    }
}
