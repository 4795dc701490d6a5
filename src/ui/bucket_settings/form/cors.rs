//! CORS rules: as a form, or as text in any of the three notations.

use egui::{Ui, vec2};

use super::super::body::warn_ui;
use crate::domain::bucket_settings::SettingValue;
use crate::domain::cors::{self, CorsRule};
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{
    Button, Card, ControlSize, IconButton, Segment, TextField, checkbox, paint, segmented, text_area,
};

/// What a page's script may ask for.
const METHODS: [&str; 5] = ["GET", "HEAD", "PUT", "POST", "DELETE"];

/// One rule as it is typed.
#[derive(Debug, Default)]
struct Row {
    id: Option<String>,
    origins: String,
    methods: Vec<String>,
    headers: String,
    exposed: String,
    age: String,
}

impl Row {
    fn of(rule: &CorsRule) -> Self {
        Self {
            id: rule.id.clone(),
            origins: rule.allowed_origins.join(" "),
            methods: rule.allowed_methods.clone(),
            headers: rule.allowed_headers.join(" "),
            exposed: rule.expose_headers.join(" "),
            age: rule.max_age_secs.map(|secs| secs.to_string()).unwrap_or_default(),
        }
    }

    fn rule(&self) -> Result<CorsRule, String> {
        let list = |text: &str| -> Vec<String> {
            let separators = |c: char| c.is_whitespace() || c == ',';
            text.split(separators).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let age = self.age.trim();
        let max_age_secs = match age {
            "" => None,
            age => Some(age.parse().map_err(|_| format!("“{age}” is no number of seconds"))?),
        };
        Ok(CorsRule {
            id: self.id.clone(),
            allowed_headers: list(&self.headers),
            allowed_methods: self.methods.clone(),
            allowed_origins: list(&self.origins),
            expose_headers: list(&self.exposed),
            max_age_secs,
        })
    }

    fn ui(&mut self, ui: &mut Ui, number: usize) {
        let named = |what: &str| format!("{what}, rule {number}");
        let salt = |what: &'static str| (what, number);
        ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
        let field = TextField::new("Origins of the pages", &mut self.origins)
            .name(named("Origins of the pages"))
            .mono()
            .id_salt(salt("origins"));
        field.placeholder("https://www.example.com https://*.example.org").show(ui);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            for method in METHODS {
                let mut on = self.methods.iter().any(|it| it == method);
                let response = checkbox(ui, &mut on, method);
                response.widget_info(|| egui::WidgetInfo {
                    selected: Some(on),
                    ..egui::WidgetInfo::labeled(egui::Role::CheckBox, true, format!("{method}, rule {number}"))
                });
                if response.changed() {
                    self.methods.retain(|it| it != method);
                    if on {
                        self.methods.push(method.to_owned());
                    }
                }
            }
        });
        let field = TextField::new("Headers that a script may send", &mut self.headers)
            .name(named("Headers that a script may send"))
            .mono();
        field.id_salt(salt("headers")).placeholder("* or content-type x-amz-*").show(ui);
        let field = TextField::new("Headers of the answer that it may read", &mut self.exposed)
            .name(named("Headers of the answer that it may read"))
            .mono();
        field.id_salt(salt("exposed")).placeholder("ETag").show(ui);
        let field = TextField::new("Remembered by browsers for, in seconds", &mut self.age)
            .name(named("Remembered by browsers for, in seconds"))
            .width(280.0);
        field.id_salt(salt("age")).show(ui);
    }
}

/// The form.
#[derive(Debug)]
pub(in super::super) struct Cors {
    rows: Vec<Row>,
    as_text: bool,
    text: String,
}

impl Cors {
    pub(super) fn of(start: Option<&SettingValue>) -> Self {
        let rows = match start {
            Some(SettingValue::Cors(rules)) => rules.iter().map(Row::of).collect(),
            _ => Vec::new(),
        };
        Self { rows, as_text: false, text: String::new() }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui) {
        let words = [Segment::new(false, "Form"), Segment::new(true, "Text")];
        let mut as_text = self.as_text;
        if segmented(ui, &words, &mut as_text, ControlSize::Regular).changed() {
            self.turn(as_text);
        }
        ui.add_space(4.0);
        if self.as_text {
            self.text_ui(ui);
        } else {
            self.form_ui(ui);
        }
        if let Ok(rules) = self.rules() {
            for problem in rules.iter().flat_map(cors::odd_origins) {
                warn_ui(ui, &problem);
            }
        }
        if let Err(why) = self.value() {
            let t = Tokens::of(ui);
            paint::label(ui, Type::Small.rich(why), t.danger_text);
        }
    }

    /// Between form and text. Text that is no list of rules stays text.
    fn turn(&mut self, as_text: bool) {
        if as_text {
            if let Ok(rules) = self.rules() {
                self.text = serde_json::to_string_pretty(&rules).unwrap_or_default();
                self.as_text = true;
            }
        } else if let Ok(rules) = self.rules() {
            self.rows = rules.iter().map(Row::of).collect();
            self.as_text = false;
        }
    }

    fn form_ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let mut gone = None;
        for (at, row) in self.rows.iter_mut().enumerate() {
            Card::new().padding(12).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.set_min_height(24.0);
                    let name = row.id.clone().unwrap_or_else(|| format!("Rule {}", at + 1));
                    ui.label(Type::BodyMedium.rich(name).color(t.text));
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        if IconButton::new(icons::TRASH, format!("Remove rule {}", at + 1)).small().show(ui).clicked() {
                            gone = Some(at);
                        }
                    });
                });
                row.ui(ui, at + 1);
            });
        }
        if let Some(at) = gone {
            self.rows.remove(at);
        }
        if self.rows.is_empty() {
            paint::label(ui, Type::Body.rich("No rule: scripts of other sites cannot read these files"), t.text_2);
        }
        if Button::quiet("Add a rule").icon(icons::PLUS).flush_left().show(ui).clicked() {
            self.rows.push(Row::of(&CorsRule { id: None, ..cors::viewing_rule(&[]) }));
        }
    }

    fn text_ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let words = "JSON as the console or the CLI writes it, or XML. Paste any of the three.";
        paint::label(ui, Type::Small.rich(words), t.text_3);
        text_area(ui, "CORS rules as text", &mut self.text, 14);
    }

    fn rules(&self) -> Result<Vec<CorsRule>, String> {
        if self.as_text {
            let text = self.text.trim();
            return if text.is_empty() { Ok(Vec::new()) } else { cors::parse(text).map_err(|why| why.to_string()) };
        }
        self.rows.iter().map(Row::rule).collect()
    }

    pub(super) fn value(&self) -> Result<Option<SettingValue>, String> {
        let rules = self.rules()?;
        if rules.is_empty() {
            return Ok(None);
        }
        match cors::check(&rules).into_iter().next() {
            Some(problem) => Err(match problem.rule {
                Some(at) if rules.len() > 1 => format!("Rule {}: {}", at + 1, problem.kind),
                _ => problem.kind.to_string(),
            }),
            None => Ok(Some(SettingValue::Cors(rules))),
        }
    }
}
