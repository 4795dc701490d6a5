//! What is said about a finding, at its place, with what cures it.

use std::time::Duration;

use egui::{Align2, Area, Id, Margin, Order, Rect, Ui, vec2};

use crate::domain::policy::{Finding, Severity};
use crate::model::permissions::PermissionsCommand;
use crate::model::permissions::reading::Told;
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, paint, popup_frame};

use super::Editor;
use super::marks::{Page, face};

/// Width in points.
const WIDTH: f32 = 404.0;
/// The pointer rests so long before it opens.
const REST: Duration = Duration::from_millis(350);

/// Which finding is told of, and why.
#[derive(Debug, Default)]
pub(super) struct Popover {
    shown: Option<Shown>,
    /// The finding the pointer rests on, and since when.
    resting: Option<(usize, f64)>,
}

#[derive(Debug)]
struct Shown {
    finding: usize,
    /// It was asked for, so it stays when the pointer goes.
    pinned: bool,
    /// Where it was painted.
    rect: Option<Rect>,
}

impl Popover {
    /// Tells of a finding until something else is done.
    pub(super) fn open(&mut self, finding: usize) {
        self.shown = Some(Shown { finding, pinned: true, rect: None });
    }

    pub(super) fn close(&mut self) {
        self.shown = None;
        self.resting = None;
    }

    pub(super) fn is_open(&self) -> bool {
        self.shown.is_some()
    }

    fn finding(&self) -> Option<usize> {
        self.shown.as_ref().map(|shown| shown.finding)
    }
}

impl Editor {
    /// Goes to the next finding after the cursor, or the one before it, and tells of it.
    pub(super) fn step_finding(&mut self, told: &[Told], back: bool) {
        let mut order: Vec<usize> = (0..told.len()).collect();
        order.sort_by_key(|index| told[*index].finding.span.start);
        let at = |index: &usize| told[*index].finding.span.start;
        let here = self.popover.finding().and_then(|open| order.iter().position(|index| *index == open));
        let next = match (here, back) {
            (Some(here), false) => order.get(here + 1).or(order.first()),
            (Some(here), true) => here.checked_sub(1).and_then(|before| order.get(before)).or(order.last()),
            (None, false) => order.iter().find(|index| at(index) > self.caret.end).or(order.first()),
            (None, true) => order.iter().rev().find(|index| at(index) < self.caret.start).or(order.last()),
        };
        if let Some(index) = next {
            self.show_finding(told, *index);
        }
    }

    /// Follows the pointer, and paints it.
    pub(super) fn popover_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, page: &Page<'_>, told: &[Told]) {
        if cx.model.has_dialog() {
            return self.popover.close();
        }
        self.follow_pointer(ui, page, told);
        let Some(shown) = &self.popover.shown else { return };
        let Some(Told { finding, .. }) = told.get(shown.finding) else { return self.popover.close() };
        let Some(place) = self.place(page, finding.span.start, finding.span.end) else { return self.popover.close() };
        if !place.y_range().intersects(page.text.y_range()) {
            return;
        }
        let t = Tokens::of(ui);
        let left = place.left().clamp(page.text.left(), (page.text.right() - WIDTH - 8.0).max(page.text.left()));
        let width = WIDTH.min(page.whole.width() - 16.0);
        let area = Area::new(Id::unique("policy_finding"))
            .order(Order::Foreground)
            .fixed_pos(egui::pos2(left, place.bottom() + 2.0))
            .constrain_to(ui.ctx().content_rect())
            .pivot(Align2::LEFT_TOP);
        let inner = area.show(ui.ctx(), |ui| {
            popup_frame(t).inner_margin(Margin::same(11)).show(ui, |ui| {
                ui.set_width(width - 24.0);
                contents_ui(ui, cx, finding)
            })
        });
        let done = inner.inner.inner;
        if let Some(shown) = &mut self.popover.shown {
            shown.rect = Some(inner.response.rect);
        }
        if done {
            self.popover.close();
            self.take_focus = true;
        }
    }

    fn follow_pointer(&mut self, ui: &Ui, page: &Page<'_>, told: &[Told]) {
        let (pos, pressed, now) =
            ui.input(|input| (input.pointer.latest_pos(), input.pointer.any_pressed(), input.time));
        let on_popover =
            |rect: Option<Rect>| pos.is_some_and(|pos| rect.is_some_and(|rect| rect.expand(6.0).contains(pos)));
        if let Some(shown) = &self.popover.shown {
            if on_popover(shown.rect) {
                return;
            }
            let still = pos.and_then(|pos| self.finding_at(page, told, pos)) == Some(shown.finding);
            if (pressed && shown.rect.is_some()) || (!shown.pinned && !still) {
                self.popover.close();
            }
            return;
        }
        let over_others = pos.is_some_and(|pos| ui.ctx().layer_id_at(pos).is_some_and(|layer| layer != ui.layer_id()));
        let under = pos.filter(|_| !over_others).and_then(|pos| self.finding_at(page, told, pos));
        match (under, self.popover.resting) {
            (None, _) => self.popover.resting = None,
            (Some(under), Some((of, since))) if of == under => {
                let rested = Duration::from_secs_f64((now - since).max(0.0));
                match REST.checked_sub(rested).filter(|left| !left.is_zero()) {
                    None => self.popover.shown = Some(Shown { finding: under, pinned: false, rect: None }),
                    Some(left) => ui.ctx().request_repaint_after(left),
                }
            }
            (Some(under), _) => {
                self.popover.resting = Some((under, now));
                ui.ctx().request_repaint_after(REST);
            }
        }
    }
}

/// Says whether something was done about it.
fn contents_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, finding: &Finding) -> bool {
    let t = Tokens::of(ui);
    let mut done = false;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (icon, color) = face(finding, t);
        let (rect, _) = ui.allocate_exact_size(vec2(18.0, 20.0), egui::Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 18.0, color);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            paint::label(ui, Type::BodyMedium.rich(&finding.message), t.text);
            if let Some(server) = &finding.server {
                let sentence = match finding.severity {
                    Severity::Error => "S3 would refuse the policy as it is, and say:",
                    Severity::Security | Severity::Warning | Severity::Suggestion => "S3 would say:",
                };
                paint::label(ui, Type::Small.rich(sentence), t.text_2);
                let said = format!("{}: {}", server.code, server.message);
                paint::label(ui, Type::Mono.rich(said), t.text_2);
            }
            if let Some(fix) = &finding.fix {
                ui.add_space(6.0);
                if Button::primary(fix.label.as_str()).small().show(ui).clicked() {
                    cx.push(PermissionsCommand::Fix(fix.clone()));
                    done = true;
                }
            }
        });
    });
    done
}
