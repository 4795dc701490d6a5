//! The page that says why a file can or cannot be seen, and mends it.

mod fixes;
mod many;
mod preview;
mod refused;
mod verdict;
mod way;

use egui::{Align, Frame, Key, Layout, Margin, Panel, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

use crate::domain::cors::origin_of;
use crate::model::check::many::{ManyCommand, Side};
use crate::model::check::{CheckCommand, Found};
use crate::model::command::Tab;
use crate::model::{Model, Trouble};
use crate::theme::{Tokens, Type, icons, measure};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, ButtonKind, EmptyState, FieldNote, IconButton, Level, TextField, level_icon, paint,
};
use crate::worker::Status;

pub use preview::fix_dialog_ui;
pub use refused::refused_dialog_ui;

/// Width of the ways to mend it, with the space around them.
const FIXES: f32 = 348.0;
/// The same in a narrow window.
const FIXES_NARROW: f32 = 300.0;
const PADDING: i8 = 24;
/// What naming a site is for.
const FOR_SITE: &str = "Check as well whether pages of another site may use the file (CORS)";
/// Room for the button that leads to many files.
const MANY: f32 = 132.0;

/// The page and what is being typed on it.
#[derive(Default)]
pub struct CheckPanel {
    text: String,
    /// The site whose pages use the file; none where its field is folded away.
    site: Option<String>,
    /// Which text of the model was taken over last.
    number: u64,
    many: many::ManyPanel,
}

impl CheckPanel {
    /// Fills the main area.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let check = &cx.model.check;
        if check.many.open {
            self.many.ui(ui, cx);
            return;
        }
        if self.number != check.number {
            self.number = check.number;
            self.text.clone_from(&check.text);
            self.site = Some(check.site.clone()).filter(|site| !site.is_empty());
        }
        let status = check.found.status();
        let problem = match status {
            Status::Failed(trouble, _) => Some(trouble),
            Status::Idle | Status::Pending(_) | Status::Ready(_) => None,
        };
        let margin = Margin { left: PADDING, right: PADDING, top: 14, bottom: 3 };
        Panel::top("check_field")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::NONE.inner_margin(margin))
            .show(ui, |ui| self.field_ui(ui, cx, problem));
        match status {
            Status::Idle => idle_ui(ui),
            Status::Pending(None) => coming_ui(ui),
            Status::Pending(Some(found)) => found_ui(ui, cx, found, true),
            Status::Ready(found) => found_ui(ui, cx, found, false),
            Status::Failed(_, Some(found)) => found_ui(ui, cx, found, true),
            Status::Failed(_, None) => {}
        }
    }

    /// What is to be checked.
    fn field_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, problem: Option<&Trouble>) {
        let check = &cx.model.check;
        let busy = matches!(check.found.status(), Status::Pending(_));
        let typed = self.site.as_deref().unwrap_or_default();
        let site = if typed.trim().is_empty() { Ok(String::new()) } else { origin_of(typed) };
        let same = !check.text.is_empty() && self.text == check.text && site.as_ref() == Ok(&check.site);
        let label = if same { "Check again" } else { "Check" };
        let empty = self.text.trim().is_empty();
        let mut go = false;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let note = match problem.filter(|_| same) {
                Some(trouble) => FieldNote::Error { sentence: trouble.sentence.as_str().into(), mend: None },
                None => FieldNote::None,
            };
            let field = TextField::new("What to check", &mut self.text)
                .label_hidden()
                .placeholder("A key, an s3:// address, any URL, or the line of a browser’s console")
                .icon(icons::LINK_SIMPLE)
                .mono()
                .large()
                .note(note)
                .width(ui.available_width() - 168.0 - MANY);
            let response = field.show(ui).response;
            go = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let for_site = IconButton::new(icons::BROWSER, "A page of another site uses it").large().edge();
            if for_site.on(self.site.is_some()).tooltip(FOR_SITE).show(ui).clicked() {
                self.site = if self.site.is_some() { None } else { Some(String::new()) };
            }
            let why = match (empty, &site) {
                (true, _) => Some("Type or paste what to check first"),
                (false, Err(_)) => Some("Write the site in full first"),
                (false, Ok(_)) => None,
            };
            let kind = if same { ButtonKind::Secondary } else { ButtonKind::Primary };
            let button = Button::new(kind, label)
                .large()
                .min_width(116.0)
                .name(if same { "Check again" } else { "Check what was typed" })
                .busy(busy.then_some(Level::Unknown))
                .disabled_because(why);
            go |= button.show(ui).clicked();
            if Button::secondary("Check many…").large().min_width(MANY - 8.0).show(ui).clicked() {
                cx.push(ManyCommand::Open);
            }
        });
        if let Some(typed) = &mut self.site {
            go |= site_ui(ui, typed, site.as_ref().err());
        }
        if let (true, false, Ok(site)) = (go, empty, site) {
            cx.push(CheckCommand::Run { text: self.text.clone(), site });
        }
    }
}

/// The field of the site; whether it was left with Enter.
fn site_ui(ui: &mut Ui, site: &mut String, wrong: Option<&String>) -> bool {
    let note = match wrong {
        Some(sentence) => FieldNote::Error { sentence: sentence.as_str().into(), mend: None },
        None => FieldNote::None,
    };
    ui.add_space(8.0);
    let field = TextField::new("The site whose pages use it", site).label_hidden().icon(icons::BROWSER).mono();
    let field = field.placeholder("https://www.example.com, the site whose pages use it").note(note).width(440.0);
    field.show(ui).response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// How high the buttons at the foot of the page are: notices lie above them.
#[must_use]
pub fn foot(model: &Model) -> f32 {
    let is_shown = model.session.as_ref().is_some_and(|session| session.tab == Tab::Check) && model.check.many.open;
    let fills_in = model.check.many().is_some_and(|many| many.side == Side::SetUp);
    if is_shown && fills_in { many::FOOT } else { 0.0 }
}

/// Nothing was asked yet.
fn idle_ui(ui: &mut Ui) {
    let sentence = "Paste the address that does not work, or the line of the browser’s console.\nEvery file of the gallery has Check in its menu, too.";
    EmptyState::new("Why can this not be seen?", sentence).icon(icons::STETHOSCOPE).show(ui, |_| {}, |_| {});
}

fn coming_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    Frame::NONE.inner_margin(Margin::symmetric(PADDING, 20)).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            level_icon(ui, Level::Unknown, 16.0, "Being checked");
            paint::label(
                ui,
                Type::Body.rich("The settings are read, and the file is asked for without sign-in"),
                t.text_2,
            );
        });
    });
}

/// The answer: the verdict above, the way and the ways to mend it below.
fn found_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, found: &Found, stale: bool) {
    if stale {
        ui.multiply_opacity(0.6);
    }
    let diagnosis = &found.diagnosis;
    let margin = Margin { left: PADDING, right: PADDING, top: 11, bottom: 10 };
    Panel::top("check_verdict")
        .resizable(false)
        .show_separator_line(false)
        .frame(Frame::NONE.inner_margin(margin))
        .show(ui, |ui| verdict::verdict_ui(ui, cx, found));
    let t = Tokens::of(ui);
    let rect = ui.available_rect_before_wrap();
    let narrow = ui.ctx().content_rect().width() < measure::width::NARROW_BELOW;
    let split = rect.right() - if narrow { FIXES_NARROW } else { FIXES };
    ui.painter().vline(split + 0.5, rect.y_range(), egui::Stroke::new(1.0, t.stroke));
    let left = Rect::from_min_max(rect.min + vec2(f32::from(PADDING), 0.0), pos2(split - 16.0, rect.bottom()));
    let right = Rect::from_min_max(pos2(split + 20.0, rect.top()), rect.max - vec2(16.0, 0.0));
    let column = |ui: &mut Ui, salt: &str, rect: Rect, contents: &mut dyn FnMut(&mut Ui)| {
        let builder = UiBuilder::new().id_salt(salt).max_rect(rect).layout(Layout::top_down(Align::Min));
        ui.scope_builder(builder, |ui| {
            ScrollArea::vertical().id_salt(salt).auto_shrink(false).show(ui, |ui| {
                ui.set_width(rect.width() - 10.0);
                contents(ui);
                ui.add_space(16.0);
            });
        });
    };
    column(ui, "check_way", left, &mut |ui| way::way_ui(ui, cx, diagnosis, narrow));
    column(ui, "check_fixes", right, &mut |ui| fixes::fixes_ui(ui, cx, found, stale));
}

/// The head of a column: what it is, and a remark at its right.
fn head_ui(ui: &mut Ui, title: &str, remark: &str) {
    let t = Tokens::of(ui);
    let size = vec2(ui.available_width(), 24.0);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        paint::label(ui, Type::SmallStrong.rich(title), t.text);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            paint::label(ui, Type::Small.rich(remark), t.text_3);
        });
    });
}

/// What does not go with the settings, said above everything that rests on them.
fn warning_ui(ui: &mut Ui, first: &str, rest: &str) {
    ui.add_space(8.0);
    Banner::new(BannerTone::Warn, first, rest).show(ui);
}

/// A small button for the clipboard.
fn copy_button(name: &str) -> IconButton<'_> {
    IconButton::new(icons::COPY, name).small()
}
