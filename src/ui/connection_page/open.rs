//! Who can get into the buckets of the connection, the worst first.

use egui::{Align2, Color32, Rect, ScrollArea, Sense, Ui, pos2, vec2};

use crate::domain::exposure::Standing;
use crate::domain::format;
use crate::model::browse::{Audited, Place, Session};
use crate::model::command::{BrowseCommand, FrameCommand, Screen, Tab};
use crate::model::connection_page::ConnectionPageCommand;
use crate::model::trouble::WayOut;
use crate::theme::{Icon, Tokens, Type, icons, measure};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, Button, EmptyState, Level, Tone, level_icon, paint, row};
use crate::worker::Status;

const HEAD: f32 = 36.0;
const LINE: f32 = 18.0;
const FOOT: f32 = 8.0;
/// From the left edge to the name.
const NAME: f32 = 28.0;
/// So many sentences of a bucket are shown; the rest stands in the tooltip.
const MOST: usize = 5;

pub(super) fn open_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let model = cx.model;
    let Some(session) = &model.session else { return };
    let none = session.bucket_names().next().is_none();
    match session.buckets.status() {
        Status::Failed(trouble, None) if none => match trouble.way_out {
            WayOut::AskForPermission | WayOut::NotOffered => no_list_ui(ui, cx),
            WayOut::Retry | WayOut::EditConnection | WayOut::ChooseAnother | WayOut::Report => framed(ui, |ui| {
                super::trouble_ui(
                    ui,
                    cx,
                    "The list of buckets could not be read",
                    trouble,
                    BrowseCommand::RefreshBuckets,
                );
            }),
        },
        Status::Ready(_) if none => {
            let sentence = "Once there are buckets, this page says who gets into them";
            EmptyState::new("No bucket yet", sentence).bucket().show(ui, |_| {}, |_| {});
        }
        Status::Idle | Status::Pending(_) if none => framed(ui, |ui| coming_ui(ui, "Reading the list of buckets")),
        _ => found_ui(ui, cx, session),
    }
}

/// In the margins of the page.
fn framed(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    egui::Frame::NONE.inner_margin(egui::Margin::symmetric(super::PADDING, 18)).show(ui, contents);
}

fn coming_ui(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        level_icon(ui, Level::Unknown, 16.0, words);
        paint::label(ui, Type::Body.rich(words), t.text_2);
    });
}

fn no_list_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let sentence =
        "This sign-in may not list the buckets of the account.\nThose that are opened by name are looked at here";
    let mut go = false;
    EmptyState::new("No bucket is known", sentence).icon(icons::LOCK_SIMPLE).show(
        ui,
        |ui| go = Button::primary("Open a bucket by its name").show(ui).clicked(),
        |_| {},
    );
    if go {
        cx.push(FrameCommand::Show(Screen::Browse));
    }
}

fn found_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session) {
    let t = Tokens::of(ui);
    let audited = session.audited();
    framed(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        row(ui, 28.0, |ui| {
            let title = if audited.is_empty() { "Reading the settings".to_owned() } else { counts(&audited) };
            paint::label(ui, Type::Title.rich(title), t.text);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let nothing = audited.is_empty().then_some("Nothing is known yet");
                let save = Button::quiet_accent("Save as CSV…").icon(icons::EXPORT).disabled_because(nothing);
                if save.show(ui).clicked() {
                    cx.push(ConnectionPageCommand::SaveAudit);
                }
                let copy = Button::quiet_accent("Copy as text").icon(icons::COPY).disabled_because(nothing);
                if copy.show(ui).clicked() {
                    cx.push(ConnectionPageCommand::CopyAudit);
                }
            });
        });
        if session.to_audit > 0 {
            let all = session.bucket_names().count();
            let words =
                format!("{} of {all} buckets are still being asked about", format::count(session.to_audit as u64));
            coming_ui(ui, &words);
        } else {
            let words =
                "Predicted from the settings of each bucket: no file was asked for. A click leads to its permissions";
            paint::label(ui, Type::Small.rich(words), t.text_3);
        }
        ui.add_space(12.0);
        rows_ui(ui, cx, &audited);
    });
}

/// `1 open, 2 unclear, 14 closed`.
fn counts(audited: &[(&str, &Audited)]) -> String {
    let of = |standing: Standing| audited.iter().filter(|(_, it)| it.audit.standing == standing).count();
    let told = Standing::ALL.into_iter().map(|standing| (of(standing), standing)).filter(|(count, _)| *count > 0);
    let told = told.map(|(count, standing)| format!("{} {}", format::count(count as u64), standing.words()));
    told.collect::<Vec<_>>().join(", ")
}

/// Rows of different heights, of which only those on screen are painted.
fn rows_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, audited: &[(&str, &Audited)]) {
    let heights: Vec<f32> = audited.iter().map(|(_, it)| height(it)).collect();
    let whole = heights.iter().sum::<f32>() + 16.0;
    ScrollArea::vertical().id_salt("audit").auto_shrink(false).show_viewport(ui, |ui, viewport| {
        ui.set_height(whole);
        let (left, width) = (ui.max_rect().left(), ui.max_rect().width() - 12.0);
        let mut y = ui.max_rect().top();
        let top = y;
        for ((name, it), height) in audited.iter().zip(heights) {
            let from = y - top;
            if from + height >= viewport.min.y && from <= viewport.max.y {
                let rect = Rect::from_min_size(pos2(left, y), vec2(width, height));
                if row_ui(ui, cx, rect, name, it) {
                    cx.push(BrowseCommand::GoToTab(Place::bucket(*name), Tab::Permissions));
                }
            }
            y += height;
        }
    });
}

fn height(audited: &Audited) -> f32 {
    let lines = audited.audit.sentence_count().min(MOST + 1);
    HEAD + LINE * lines as f32 + if lines > 0 { FOOT } else { 0.0 }
}

fn row_ui(ui: &mut Ui, cx: &UiCtx<'_>, rect: Rect, name: &str, audited: &Audited) -> bool {
    let t = Tokens::of(ui);
    let Audited { audit, since } = audited;
    let response = paint::interact(ui, rect, ui.scope_id().with(("audit", name)), Sense::click(), true);
    let sentences: Vec<String> = audit.sentences().collect();
    let said = format!("{name}: {}. {}", audit.standing.words(), sentences.join(". "));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &said));
    let fill = paint::mix(Color32::TRANSPARENT, t.hover, paint::hover_part(ui, &response));
    ui.painter().rect_filled(rect, measure::radius::SMALL, fill);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, egui::Stroke::new(1.0, t.stroke));
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, measure::radius::SMALL, t);
    }
    let y = rect.top() + HEAD / 2.0;
    let (icon, color, badge) = sign(t, audit.standing);
    paint::icon_at(ui.painter(), pos2(rect.left() + 11.0, y), icon, 18.0, color);
    let width = badge.width(ui);
    let badge = badge.paint_left_center(ui, pos2(rect.right() - width, y), width);
    let mut right = badge.left() - 12.0;
    if let Some(at) = since {
        let words = paint::line(ui, Type::Small, t.text_3, format!("since {}", format::day(*at, cx.zone)));
        right = paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, pos2(right, y), words).left() - 12.0;
    }
    let title = paint::line_within(ui, Type::BodyMedium, t.text, name, right - rect.left() - NAME);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + NAME, y), title);
    let more = sentences.len().saturating_sub(MOST);
    let rest = (more > 0).then(|| format!("and {}", format::counted(more as u64, "more sentence", "more sentences")));
    let mut at = pos2(rect.left() + NAME, rect.top() + HEAD - 4.0);
    let ways = audit.ways.len();
    for (index, sentence) in sentences.iter().take(MOST).chain(&rest).enumerate() {
        let color = if index < ways.min(MOST) { t.text } else { t.text_3 };
        let line = paint::line_within(ui, Type::Small, color, sentence, rect.right() - at.x - 8.0);
        paint::galley_at(ui.painter(), Align2::LEFT_TOP, at, line);
        at.y += LINE;
    }
    let clicked = response.clicked();
    if !sentences.is_empty() {
        paint::tooltip(response, &sentences.join("\n"));
    }
    clicked
}

fn sign(t: &Tokens, standing: Standing) -> (Icon, Color32, Badge<'static>) {
    match standing {
        Standing::Open => (icons::GLOBE_SIMPLE, t.public_icon(), Badge::new(Tone::Public, "Open")),
        Standing::Unclear => (icons::QUESTION, t.text_3, Badge::new(Tone::Warn, "Unclear")),
        Standing::FileByFile => (icons::FILE, t.text_3, Badge::new(Tone::Neutral, "By file")),
        Standing::Closed => (icons::LOCK_SIMPLE, t.text_3, Badge::new(Tone::Neutral, "Closed")),
    }
}
