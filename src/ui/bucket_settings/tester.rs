//! Trying CORS out: what the rules say by themselves, and what the store answers to the browser's first question.

use egui::{Sense, Ui, vec2};

use crate::domain::bucket_settings::{SettingKind, SettingValue};
use crate::domain::cors::{self, CorsRule, Miss};
use crate::model::bucket_settings::{BucketSettingsCommand, CorsAnswer, CorsQuestion};
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, Level, MenuRow, TextField, link, paint, select};
use crate::worker::Status;

/// What a page's script may ask for.
const METHODS: [&str; 5] = ["GET", "HEAD", "PUT", "POST", "DELETE"];

/// What is typed.
#[derive(Debug)]
pub(super) struct Tester {
    origin: String,
    method: &'static str,
    headers: String,
}

impl Default for Tester {
    fn default() -> Self {
        Self { origin: String::new(), method: "GET", headers: String::new() }
    }
}

impl Tester {
    fn question(&self) -> CorsQuestion {
        let headers = self.headers.split([',', ' ']).map(str::trim).filter(|header| !header.is_empty());
        CorsQuestion {
            origin: self.origin.trim().to_owned(),
            method: self.method.to_owned(),
            headers: headers.map(str::to_owned).collect(),
        }
    }

    /// The fields and the answer.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, rules: &[CorsRule]) {
        ui.add_space(8.0);
        let pending = cx.model.bucket_settings.cors_answer.is_pending();
        let question = self.question();
        let problem = cors::origin_problem(&question.origin);
        let mut go = false;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let width = (ui.available_width() - 92.0 - 51.0 - 16.0).max(120.0);
            let field = TextField::new("Origin of the page", &mut self.origin).label_hidden().mono();
            let response = field.placeholder("https://www.example.com").width(width).show(ui).response;
            go |= response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            select(ui, "Method to test", self.method, 92.0, |ui| {
                for method in METHODS {
                    if MenuRow::new(method).show(ui).clicked() {
                        self.method = method;
                        ui.close();
                    }
                }
            });
            let why =
                if question.origin.is_empty() { Some("Type where the page is".to_owned()) } else { problem.clone() };
            let busy = pending.then_some(Level::Unknown);
            let can = why.is_none();
            let button = Button::secondary("Test").name("Test CORS").disabled_because(why).busy(busy);
            go = (button.show(ui).clicked() || go) && can && !pending;
        });
        if !question.origin.is_empty() {
            ui.add_space(6.0);
            let field = TextField::new("Headers that the script sends", &mut self.headers).label_hidden().mono();
            field.placeholder("Headers that the script sends, if any").small().show(ui);
        }
        if go {
            cx.push(BucketSettingsCommand::TestCors(question.clone()));
        }
        if let Some(problem) = problem.filter(|_| !question.origin.is_empty()) {
            line_ui(ui, icons::WARNING_CIRCLE, Tokens::of(ui).danger_text, &problem, Tokens::of(ui).danger_text);
        } else {
            answer_ui(ui, cx, rules, &question);
        }
    }
}

fn line_ui(ui: &mut Ui, icon: Icon, color: egui::Color32, words: &str, text: egui::Color32) {
    ui.add_space(6.0);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 14.0, color);
        paint::label(ui, Type::Small.rich(words), text);
    });
}

/// What the store said to the very question, else what the rules say.
fn answer_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, rules: &[CorsRule], question: &CorsQuestion) {
    let t = Tokens::of(ui);
    let model = cx.model;
    match model.bucket_settings.cors_answer.status() {
        Status::Ready(answer) if answer.asked == *question => observed_ui(ui, cx, rules, answer),
        Status::Failed(trouble, _) if !question.origin.is_empty() => {
            line_ui(ui, icons::X_CIRCLE, t.danger_icon(), &trouble.sentence, t.danger_text);
        }
        _ if question.origin.is_empty() => {}
        _ => match cors::judge(rules, question_ref(question)) {
            Ok(rule) => {
                let words = format!("Predicted: allowed by {}", rule_name(rules, rule));
                line_ui(ui, icons::CHECK_CIRCLE, t.text_3, &words, t.text_2);
            }
            Err(miss) => {
                line_ui(
                    ui,
                    icons::MINUS_CIRCLE,
                    t.text_3,
                    &format!("Predicted: refused, {}", miss_words(&miss)),
                    t.text_2,
                );
            }
        },
    }
}

fn observed_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, rules: &[CorsRule], answer: &CorsAnswer) {
    let t = Tokens::of(ui);
    let question = &answer.asked;
    let judged = cors::judge(rules, question_ref(question));
    if answer.allowed {
        let by = judged.map_or_else(|_| "by the store".to_owned(), |rule| format!("by {}", rule_name(rules, rule)));
        line_ui(ui, icons::CHECK_CIRCLE, t.ok, &format!("Allowed {by}, {} to the preflight", answer.status), t.ok_text);
        return;
    }
    let why = match &judged {
        Err(miss) => miss_words(miss),
        Ok(_) => format!("though a rule allows it: the store answered {}", answer.status),
    };
    let code = answer.code.as_deref().map_or_else(String::new, |code| format!(" ({code})"));
    ui.add_space(6.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icons::X_CIRCLE, 14.0, t.danger_icon());
        ui.label(Type::Small.rich(format!("Refused: {why}{code}")).color(t.danger_text));
        if judged.is_err() && link(ui, Type::SmallMedium, "Add a rule for it…").clicked() {
            let with = cors::with_rule_for(rules, question_ref(question));
            let start = Some(SettingValue::Cors(with));
            cx.push(BucketSettingsCommand::Edit { kind: SettingKind::Cors, start });
        }
    });
}

fn question_ref(question: &CorsQuestion) -> cors::Question<'_> {
    cors::Question { origin: &question.origin, method: &question.method, headers: &question.headers }
}

fn rule_name(rules: &[CorsRule], rule: &CorsRule) -> String {
    match &rule.id {
        Some(id) => format!("rule {id}"),
        None => {
            let at = rules.iter().position(|other| std::ptr::eq(other, rule)).unwrap_or_default();
            format!("rule {}", at + 1)
        }
    }
}

fn miss_words(miss: &Miss) -> String {
    match miss {
        Miss::NoRules => "there are no rules".to_owned(),
        Miss::Origin => "no rule names this origin".to_owned(),
        Miss::Method(rule) => format!("rule {rule} names the origin, but not this method"),
        Miss::Header(rule, header) => format!("rule {rule} fits, but does not allow the header {header}"),
    }
}
