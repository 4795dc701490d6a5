//! The rows: each capability with its state, and what was tried for it to unfold.

use egui::{Align, Align2, Color32, Layout, Sense, Ui, pos2, vec2};

use crate::domain::checkup::{Counts, Finding, Group, Outcome};
use crate::domain::format;
use crate::theme::{Icon, Tokens, Type, icons, measure};
use crate::ui::widgets::{Level, paint, quiet_box};

const ROW: f32 = 30.0;
/// From the left edge to the words.
const WORDS: f32 = 26.0;

/// Which rows are unfolded.
#[derive(Debug, Default)]
pub(super) struct Rows {
    open: std::collections::BTreeSet<&'static str>,
}

impl Rows {
    /// A group of capabilities under its head; nothing where there are none of it.
    pub(super) fn group_ui<'a>(&mut self, ui: &mut Ui, group: Group, all: impl Iterator<Item = &'a Finding> + Clone) {
        let of_group = all.filter(|finding| finding.capability.group == group);
        if of_group.clone().next().is_none() {
            return;
        }
        let t = Tokens::of(ui);
        ui.add_space(8.0);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
        let title = paint::line(ui, Type::SmallStrong, t.text, group.title());
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, rect.left_center(), title);
        let counts = paint::line(ui, Type::Small, t.text_3, Counts::of(of_group.clone()).words());
        paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, rect.right_center(), counts);
        for finding in of_group {
            self.row_ui(ui, finding);
            if self.open.contains(finding.capability.id) {
                evidence_ui(ui, finding);
            }
        }
    }

    fn row_ui(&mut self, ui: &mut Ui, finding: &Finding) {
        let t = Tokens::of(ui);
        let (id, words) = (finding.capability.id, finding.capability.words);
        let is_open = self.open.contains(id);
        let response = paint::allocate(ui, vec2(ui.available_width(), ROW), Sense::click(), true);
        let rect = response.rect;
        let said = format!("{words}: {}", finding.outcome.words());
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::DisclosureTriangle, true, is_open, &said));
        if response.clicked() && !self.open.remove(id) {
            self.open.insert(id);
        }
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, egui::Stroke::new(1.0, t.stroke));
        let fill = paint::mix(Color32::TRANSPARENT, t.hover, paint::hover_part(ui, &response));
        ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), measure::radius::SMALL, fill);
        if response.has_focus() {
            paint::focus_ring(ui.painter(), rect, measure::radius::SMALL, t);
        }
        let y = rect.center().y;
        sign_at(ui, pos2(rect.left() + 9.0, y), &finding.outcome);
        let caret = if is_open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
        paint::icon_at(ui.painter(), pos2(rect.right() - 7.0, y), caret, 14.0, t.text_3);
        let state = state_line(ui, t, &finding.outcome);
        let state = paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, pos2(rect.right() - 20.0, y), state);
        let room = state.left() - rect.left() - WORDS - 12.0;
        let color = match finding.outcome {
            Outcome::NotOffered => t.text_3,
            _ => t.text,
        };
        let words = paint::line_within(ui, Type::Body, color, words, room);
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + WORDS, y), words);
    }
}

fn state_line(ui: &Ui, t: &Tokens, outcome: &Outcome) -> std::sync::Arc<egui::Galley> {
    match outcome {
        Outcome::Can => paint::line(ui, Type::Small, t.text_2, "Can"),
        Outcome::Cannot { needs: Some(action) } => {
            paint::line(ui, Type::Mono, t.danger_text, format!("needs {action}"))
        }
        Outcome::Cannot { needs: None } => paint::line(ui, Type::Small, t.danger_text, "Refused"),
        Outcome::NotTried(prediction) if prediction.is_refused() => {
            paint::line(ui, Type::Small, t.danger_text, "Not tried: would be refused")
        }
        Outcome::NotTried(prediction) if prediction.is_allowed() => {
            paint::line(ui, Type::Small, t.text_3, "Not tried: predicted to be allowed")
        }
        Outcome::NotTried(_) => paint::line(ui, Type::Small, t.text_3, "Not tried: it would write"),
        Outcome::NotOffered | Outcome::Unclear(_) => paint::line(ui, Type::Small, t.text_3, outcome.words()),
    }
}

fn sign_at(ui: &Ui, at: egui::Pos2, outcome: &Outcome) {
    let t = Tokens::of(ui);
    let icon = |icon: Icon, color: Color32| paint::icon_at(ui.painter(), at, icon, 16.0, color);
    match outcome {
        Outcome::Can => Level::Done.paint(ui, at, 16.0),
        Outcome::Cannot { .. } => icon(icons::PROHIBIT, t.danger_icon()),
        Outcome::NotOffered => icon(icons::MINUS_CIRCLE, t.text_3),
        Outcome::Unclear(_) => icon(icons::QUESTION, t.text_2),
        Outcome::NotTried(prediction) if prediction.is_refused() => icon(icons::PROHIBIT, t.danger_icon()),
        Outcome::NotTried(_) => Level::Waiting.paint(ui, at, 16.0),
    }
}

/// Why, which permissions it takes, and what was tried with its answer.
fn evidence_ui(ui: &mut Ui, finding: &Finding) {
    let t = Tokens::of(ui);
    let line = |ui: &mut Ui, kind: Type, color: Color32, words: &str| {
        ui.add(egui::Label::new(kind.rich(words).color(color)).wrap().selectable(true));
    };
    let width = ui.available_width() - WORDS;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(WORDS);
        ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(width);
            quiet_box(ui, 10, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 4.0;
                if let Some(why) = finding.outcome.why() {
                    line(ui, Type::Small, t.text, why);
                }
                line(ui, Type::Mono, t.text_2, &format!("Takes {}", finding.permissions().join(", ")));
                for tried in &finding.tried {
                    let words = format!("{}, in {}", tried.words(), format::duration(tried.asked.took));
                    line(ui, Type::Mono, t.text_3, &words);
                }
            });
        });
    });
    ui.add_space(8.0);
}
