use egui::{Sense, Ui, Vec2, vec2};

use crate::model::Trouble;
use crate::model::command::FrameCommand;
use crate::model::connect::{TestOutcome, TestReport, TestStep};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::paint::{self, icon_at};
use crate::ui::widgets::{Button, Card, CodeBlock, Level, card_header, disclosure, level_icon};
use crate::worker::{Request, Status};

/// Trying the connection out, step by step. Says whether a test was asked for.
pub(super) fn report_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, test: &Request<TestReport, Trouble>) -> bool {
    let t = Tokens::of(ui);
    Card::new()
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            card_header(ui, icons::STETHOSCOPE, "Test the connection", |_| {}, |_| {});
            ui.add_space(8.0);
            match test.status() {
                Status::Idle => {
                    let words =
                        "Asks the store for its list of buckets and tells what works. Nothing is changed there.";
                    paint::label(ui, Type::Body.rich(words), t.text_2);
                }
                Status::Pending(_) => {
                    ui.horizontal(|ui| {
                        level_icon(ui, Level::Unknown, 16.0, "Test of the connection");
                        ui.label(Type::Body.rich("Trying it out").color(t.text_2));
                    });
                }
                Status::Ready(report) => {
                    for (index, step) in report.steps.iter().enumerate() {
                        if index > 0 {
                            ui.add_space(8.0);
                        }
                        step_ui(ui, cx, step);
                    }
                    ui.add_space(12.0);
                    let (words, color) = if report.usable {
                        ("This connection can be worked with", t.ok_text)
                    } else {
                        ("It cannot be worked with like this", t.danger_text)
                    };
                    paint::label(ui, Type::BodyMedium.rich(words), color);
                }
                Status::Failed(trouble, _) => paint_trouble(ui, cx, trouble),
            }
            ui.add_space(12.0);
            let (label, busy) = match test.status() {
                Status::Idle => ("Test connection", None),
                Status::Pending(_) => ("Test connection", Some(Level::Unknown)),
                Status::Ready(_) | Status::Failed(..) => ("Test again", None),
            };
            Button::secondary(label).busy(busy).show(ui).clicked()
        })
        .inner
}

fn step_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, step: &TestStep) {
    let t = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(8.0, 0.0);
        let (rect, icon) = ui.allocate_exact_size(vec2(16.0, 20.0), Sense::hover());
        let said = match step.outcome {
            TestOutcome::Good => {
                Level::Done.paint(ui, rect.center(), 16.0);
                "done"
            }
            TestOutcome::Warning => {
                icon_at(ui.painter(), rect.center(), icons::WARNING, 16.0, t.warn);
                "look at this"
            }
            TestOutcome::Failed => {
                Level::Failed.paint(ui, rect.center(), 16.0);
                "failed"
            }
        };
        icon.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, format!("{}: {said}", step.title)));
        ui.vertical(|ui| {
            ui.set_width(ui.available_width());
            paint::label(ui, Type::BodyMedium.rich(step.title), t.text);
            let color = if step.outcome == TestOutcome::Failed { t.danger_text } else { t.text_2 };
            paint::label(ui, Type::Body.rich(&step.sentence), color);
            details_ui(ui, cx, step.title, &step.details);
        });
    });
}

fn paint_trouble(ui: &mut Ui, cx: &mut UiCtx<'_>, trouble: &Trouble) {
    let t = Tokens::of(ui);
    paint::label(ui, Type::Body.rich(&trouble.sentence), t.danger_text);
    details_ui(ui, cx, "trouble", &trouble.details);
}

fn details_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, salt: &str, details: &[String]) {
    if details.is_empty() {
        return;
    }
    ui.add_space(4.0);
    if disclosure(ui, ("details", salt), "Details") {
        ui.add_space(4.0);
        let text = details.join("\n");
        if CodeBlock::new(ui, &text).copy("Copy the details").show(ui) {
            cx.push(FrameCommand::CopyText { text, said: "Details copied".to_owned() });
        }
    }
}
