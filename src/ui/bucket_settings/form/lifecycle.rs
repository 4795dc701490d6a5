//! Lifecycle rules: each in words, with a form for the usual elements; what the form does not know stays as it is.

mod row;

use egui::Ui;

use crate::domain::bucket_settings::SettingValue;
use crate::domain::lifecycle::{self, LifecycleRule, Preset};
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{Button, Card, IconButton, MenuRow, checkbox, menu, paint};

use row::Row;

/// The form.
#[derive(Debug)]
pub(in super::super) struct Lifecycle {
    rules: Vec<Row>,
    /// The rule whose fields are open.
    open: Option<usize>,
}

impl Lifecycle {
    pub(super) fn of(start: Option<&SettingValue>) -> Self {
        let rules: Vec<Row> = match start {
            Some(SettingValue::Lifecycle(rules)) => rules.iter().map(Row::of).collect(),
            _ => Vec::new(),
        };
        Self { rules, open: None }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let mut gone = None;
        for (at, row) in self.rules.iter_mut().enumerate() {
            let open = self.open == Some(at);
            Card::new().padding(12).show(ui, |ui| {
                let number = at + 1;
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 8.0;
                    ui.set_min_height(24.0);
                    let name = row.name(number);
                    checkbox(ui, &mut row.rule.enabled, &name);
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        let name = format!("Remove rule {number}");
                        if IconButton::new(icons::TRASH, name).small().show(ui).clicked() {
                            gone = Some(at);
                        }
                        let label = if open { "Done" } else { "Change" };
                        let button = Button::quiet_accent(label).small().name(format!("{label} rule {number}"));
                        if button.show(ui).clicked() {
                            self.open = (!open).then_some(at);
                        }
                    });
                });
                if open {
                    row.ui(ui, number);
                } else if let Ok(rule) = row.rule() {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    for deed in lifecycle::deeds(&rule) {
                        paint::label(ui, Type::Body.rich(deed), t.text);
                    }
                    paint::label(ui, Type::Small.rich(lifecycle::scope(&rule)), t.text_3);
                }
            });
        }
        if let Some(at) = gone {
            self.rules.remove(at);
            self.open = None;
        }
        if self.rules.is_empty() {
            paint::label(ui, Type::Body.rich("No rule: nothing is moved or deleted by itself"), t.text_2);
        }
        self.add_ui(ui);
        if let Err(why) = self.value() {
            paint::label(ui, Type::Small.rich(why), t.danger_text);
        }
    }

    fn add_ui(&mut self, ui: &mut Ui) {
        let full = (self.rules.len() >= lifecycle::MAX_RULES).then_some("A bucket takes 1,000 rules");
        let button = Button::secondary("Add a rule").icon(icons::PLUS).trailing_icon(icons::CARET_DOWN);
        let response = button.disabled_because(full).show(ui);
        menu(&response, 260.0, |ui| {
            for preset in Preset::ALL {
                if MenuRow::new(preset.label()).show(ui).clicked() {
                    self.add(preset.rules());
                    ui.close();
                }
            }
            if MenuRow::new("Something else").show(ui).clicked() {
                self.add(vec![LifecycleRule { enabled: true, ..LifecycleRule::default() }]);
                ui.close();
            }
        });
    }

    /// Adds rules under names that are free, in the form that the others have.
    fn add(&mut self, rules: Vec<LifecycleRule>) {
        let legacy = !self.rules.is_empty() && self.rules.iter().all(|row| row.rule.filter.legacy);
        for mut rule in rules {
            rule.filter.legacy = legacy;
            let taken = |name: &str, rows: &[Row]| rows.iter().any(|row| row.rule.id.as_deref() == Some(name));
            if let Some(name) = rule.id.clone().filter(|name| taken(name, &self.rules)) {
                rule.id = (2..).map(|n| format!("{name}-{n}")).find(|name| !taken(name, &self.rules));
            }
            self.rules.push(Row::of(&rule));
        }
        self.open = self.rules.len().checked_sub(1);
    }

    pub(super) fn value(&self) -> Result<Option<SettingValue>, String> {
        let rules: Vec<LifecycleRule> = self.rules.iter().map(Row::rule).collect::<Result<_, _>>()?;
        if rules.is_empty() {
            return Ok(None);
        }
        match lifecycle::check(&rules).into_iter().next() {
            Some(problem) => Err(problem.to_string()),
            None => Ok(Some(SettingValue::Lifecycle(rules))),
        }
    }
}
