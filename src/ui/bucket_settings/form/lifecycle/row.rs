//! The fields of one lifecycle rule.

use egui::{Ui, vec2};

use crate::domain::lifecycle::{
    CLASSES, Expiration, Filter, LifecycleRule, NoncurrentExpiration, Transition, When, class_name,
};
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{Button, IconButton, MenuRow, TextField, checkbox, paint, select};

/// One rule as it is typed. `rule` holds what is not typed, and what the form has no field for.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) rule: LifecycleRule,
    id: String,
    prefix: String,
    tags: Vec<(String, String)>,
    larger: String,
    smaller: String,
    moves: Vec<(String, String)>,
    expires: bool,
    expires_after: String,
    markers: bool,
    old: bool,
    old_days: String,
    old_kept: String,
    abort: bool,
    abort_days: String,
}

impl Row {
    pub(super) fn of(rule: &LifecycleRule) -> Self {
        let when = |when: &When| match when {
            When::Days(days) => days.to_string(),
            When::Date(date) => date.split('T').next().unwrap_or(date).to_owned(),
        };
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let old = rule.noncurrent_expiration.as_ref();
        Self {
            id: rule.id.clone().unwrap_or_default(),
            prefix: rule.filter.prefix.clone().unwrap_or_default(),
            tags: rule.filter.tags.clone(),
            larger: number(rule.filter.larger_than),
            smaller: number(rule.filter.smaller_than),
            moves: rule.transitions.iter().map(|it| (it.class.clone(), when(&it.when))).collect(),
            expires: matches!(rule.expiration, Some(Expiration::At(_))),
            expires_after: match &rule.expiration {
                Some(Expiration::At(at)) => when(at),
                Some(Expiration::LoneDeleteMarkers) | None => "90".to_owned(),
            },
            markers: rule.expiration == Some(Expiration::LoneDeleteMarkers),
            old: old.is_some(),
            old_days: old
                .map_or("30".to_owned(), |old| if old.days == 0 { String::new() } else { old.days.to_string() }),
            old_kept: old.and_then(|old| old.keep_newest).map(|kept| kept.to_string()).unwrap_or_default(),
            abort: rule.abort_unfinished_days.is_some(),
            abort_days: rule.abort_unfinished_days.unwrap_or(7).to_string(),
            rule: rule.clone(),
        }
    }

    pub(super) fn name(&self, number: usize) -> String {
        if self.id.trim().is_empty() { format!("Rule {number}") } else { self.id.clone() }
    }

    /// What is typed as a rule; the error is what is no number.
    pub(super) fn rule(&self) -> Result<LifecycleRule, String> {
        let expiration = match (self.expires, self.markers) {
            (true, _) => Some(Expiration::At(read_when(&self.expires_after)?)),
            (false, true) => Some(Expiration::LoneDeleteMarkers),
            (false, false) => None,
        };
        let moves =
            self.moves.iter().map(|(class, when)| Ok(Transition { class: class.clone(), when: read_when(when)? }));
        let old = self.old.then(|| -> Result<_, String> {
            let days = self.old_days.trim();
            let days = if days.is_empty() { 0 } else { read_number(days)? };
            Ok(NoncurrentExpiration { days, keep_newest: read_optional(&self.old_kept)? })
        });
        let prefix = self.prefix.trim_start();
        let had_prefix = self.rule.filter.prefix.is_some();
        Ok(LifecycleRule {
            id: Some(self.id.trim().to_owned()).filter(|id| !id.is_empty()),
            filter: Filter {
                prefix: (!prefix.is_empty() || had_prefix).then(|| prefix.to_owned()),
                tags: self.tags.iter().filter(|(key, _)| !key.is_empty()).cloned().collect(),
                larger_than: read_optional(&self.larger)?,
                smaller_than: read_optional(&self.smaller)?,
                legacy: self.rule.filter.legacy,
            },
            expiration,
            transitions: moves.collect::<Result<_, String>>()?,
            noncurrent_expiration: old.transpose()?,
            abort_unfinished_days: if self.abort { Some(read_number(&self.abort_days)?) } else { None },
            ..self.rule.clone()
        })
    }

    /// The fields.
    pub(super) fn ui(&mut self, ui: &mut Ui, number: usize) {
        let t = Tokens::of(ui);
        ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
        let named = |what: &str| format!("{what}, rule {number}");
        let salt = |what: &'static str| ("lifecycle", what, number);
        let half = ((ui.available_width() - 8.0) / 2.0).floor();
        ui.horizontal_top(|ui| {
            TextField::new("Name", &mut self.id).name(named("Name")).width(half).id_salt(salt("id")).show(ui);
            let field = TextField::new("Only keys that begin with", &mut self.prefix)
                .name(named("Only keys that begin with"))
                .mono()
                .width(half);
            field.placeholder("whole bucket").id_salt(salt("prefix")).show(ui);
        });
        if !self.rule.filter.legacy {
            self.filter_ui(ui, number, half);
        }
        let abort = named("Drop unfinished uploads after days");
        days_ui(ui, &mut self.abort, "Drop unfinished uploads", &mut self.abort_days, &abort);
        self.moves_ui(ui, number);
        let delete = named("Delete after days, or on a date");
        days_ui(
            ui,
            &mut self.expires,
            "Delete files after days, or on a date like 2030-01-31",
            &mut self.expires_after,
            &delete,
        );
        if self.expires {
            self.markers = false;
        } else {
            checkbox(ui, &mut self.markers, "Drop delete markers with nothing below them");
        }
        let old = named("Delete old versions after days");
        days_ui(ui, &mut self.old, "Delete old versions after days", &mut self.old_days, &old);
        if self.old {
            let field = TextField::new("but always keep so many", &mut self.old_kept)
                .name(named("but always keep so many"))
                .width(half);
            field.placeholder("none").id_salt(salt("kept")).show(ui);
        }
        if !self.rule.noncurrent_transitions.is_empty() {
            let words = "The moves of old versions in this rule were written elsewhere and stay as they are";
            paint::label(ui, Type::Small.rich(words), t.text_3);
        }
    }

    fn filter_ui(&mut self, ui: &mut Ui, number: usize, half: f32) {
        let named = |what: &str| format!("{what}, rule {number}");
        let salt = |what: &'static str| ("lifecycle", what, number);
        ui.horizontal_top(|ui| {
            let field = TextField::new("Only above, in bytes", &mut self.larger)
                .name(named("Only above, in bytes"))
                .width(half);
            field.id_salt(salt("larger")).show(ui);
            let field = TextField::new("Only below, in bytes", &mut self.smaller)
                .name(named("Only below, in bytes"))
                .width(half);
            field.id_salt(salt("smaller")).show(ui);
        });
        let mut gone = None;
        for (at, (key, value)) in self.tags.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                let width = ((ui.available_width() - 46.0) / 2.0).floor();
                let field = TextField::new(format!("Tag {}, rule {number}", at + 1), key).label_hidden();
                field.placeholder("Only with this tag").width(width).id_salt((salt("key"), at)).show(ui);
                let field = TextField::new(format!("Value of tag {}, rule {number}", at + 1), value).label_hidden();
                field.placeholder("and this value").width(width).id_salt((salt("value"), at)).show(ui);
                if IconButton::new(icons::X, format!("Remove tag {} of rule {number}", at + 1)).show(ui).clicked() {
                    gone = Some(at);
                }
            });
        }
        if let Some(at) = gone {
            self.tags.remove(at);
        }
        let name = format!("Add a tag to rule {number}");
        if Button::quiet("Only with a tag").icon(icons::PLUS).small().name(name).flush_left().show(ui).clicked() {
            self.tags.push(Default::default());
        }
    }

    fn moves_ui(&mut self, ui: &mut Ui, number: usize) {
        let mut gone = None;
        for (at, (class, when)) in self.moves.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                let name = format!("Class of move {}, rule {number}", at + 1);
                let shown = format!("Move to {}", class_name(class));
                select(ui, &name, &shown, 280.0, |ui| {
                    for other in CLASSES {
                        if MenuRow::new(class_name(other)).show(ui).clicked() {
                            *class = other.to_owned();
                            ui.close();
                        }
                    }
                });
                let field = TextField::new(format!("Days until move {}, rule {number}", at + 1), when).label_hidden();
                field.placeholder("days").width(110.0).id_salt(("move", number, at)).show(ui);
                if IconButton::new(icons::X, format!("Remove move {} of rule {number}", at + 1)).show(ui).clicked() {
                    gone = Some(at);
                }
            });
        }
        if let Some(at) = gone {
            self.moves.remove(at);
        }
        let name = format!("Add a move to rule {number}");
        let full = (self.moves.len() >= CLASSES.len()).then_some("Each class can be moved to once");
        let button = Button::quiet("Move to a colder class").icon(icons::PLUS).small().name(name).flush_left();
        if button.disabled_because(full).show(ui).clicked() {
            let free = CLASSES.into_iter().find(|class| self.moves.iter().all(|(other, _)| other != class));
            self.moves.push((free.unwrap_or("GLACIER_IR").to_owned(), "30".to_owned()));
        }
    }
}

/// A checkbox with a number beside it.
fn days_ui(ui: &mut Ui, on: &mut bool, words: &str, days: &mut String, name: &str) {
    ui.horizontal(|ui| {
        ui.set_min_height(30.0);
        checkbox(ui, on, words);
        if *on {
            TextField::new(name, days).label_hidden().width(110.0).id_salt(("days", name)).show(ui);
        }
    });
}

fn read_number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    let text = text.trim();
    text.parse().map_err(|_| {
        if text.is_empty() { "A number is missing".to_owned() } else { format!("“{text}” is no whole number") }
    })
}

fn read_optional<T: std::str::FromStr>(text: &str) -> Result<Option<T>, String> {
    if text.trim().is_empty() { Ok(None) } else { read_number(text).map(Some) }
}

/// Days, or a day as `2030-01-31`.
fn read_when(text: &str) -> Result<When, String> {
    let text = text.trim();
    if text.contains('-') && !text.starts_with('-') {
        let day: jiff::civil::Date = text.parse().map_err(|_| format!("“{text}” is no day like 2030-01-31"))?;
        return Ok(When::Date(format!("{day}T00:00:00Z")));
    }
    read_number(text).map(When::Days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lifecycle::{NoncurrentTransition, Preset};

    #[test]
    fn what_the_form_does_not_know_stays_as_it_is() {
        let mut rules: Vec<LifecycleRule> = Preset::ALL.iter().flat_map(|preset| preset.rules()).collect();
        rules.push(LifecycleRule {
            id: None,
            enabled: false,
            filter: Filter {
                prefix: Some(String::new()),
                tags: vec![("a".into(), "b".into())],
                larger_than: Some(5),
                smaller_than: Some(9),
                legacy: false,
            },
            expiration: Some(Expiration::At(When::Date("2030-01-31T00:00:00Z".into()))),
            transitions: vec![Transition { when: When::Days(0), class: "A_NEW_CLASS".into() }],
            noncurrent_expiration: Some(NoncurrentExpiration { days: 0, keep_newest: Some(4) }),
            noncurrent_transitions: vec![NoncurrentTransition { days: 3, keep_newest: None, class: "GLACIER".into() }],
            abort_unfinished_days: Some(3),
        });
        rules.push(LifecycleRule {
            filter: Filter { prefix: Some("logs/".into()), legacy: true, ..Filter::default() },
            ..LifecycleRule::default()
        });
        for rule in rules {
            assert_eq!(Row::of(&rule).rule(), Ok(rule));
        }
    }

    #[test]
    fn what_is_no_number_is_told() {
        let mut row = Row::of(&Preset::UnfinishedUploads.rules()[0]);
        row.abort_days = "soon".into();
        assert_eq!(row.rule(), Err("“soon” is no whole number".to_owned()));
    }
}
